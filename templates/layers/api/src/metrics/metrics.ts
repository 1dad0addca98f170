import type { RequestHandler } from 'express';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import type { Operation } from '../ports/openapi.ts';
import { routeNames } from './route-names.ts';

export interface Metrics {
  readonly registry: Registry;
  /** Counts and times requests, by the described addresses and never by what was sent. */
  countRequests(operations: readonly Operation[]): RequestHandler;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const answered = new Counter({
    name: 'http_requests_total',
    help: 'Requests by status; aborted where the client went away first.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Seconds from the arrival of a request to the end of its answer.',
    labelNames: ['method', 'route'],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return Object.freeze({ registry, countRequests: (operations: readonly Operation[]) => observer(operations, answered, seconds) });
}

function observer(
  operations: readonly Operation[],
  answered: Counter<'method' | 'route' | 'status'>,
  seconds: Histogram<'method' | 'route'>,
): RequestHandler {
  const nameOf = routeNames(operations.map(({ path }) => path));
  return (request, response, next) => {
    const labels = { method: request.method, route: nameOf(request.path) };
    const stop = seconds.startTimer(labels);
    response.once('close', () => {
      stop();
      answered.inc({ ...labels, status: response.writableFinished ? response.statusCode : 'aborted' });
    });
    next();
  };
}
