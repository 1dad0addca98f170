import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { Reflector } from '@nestjs/core';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { ZodType } from 'zod';
import { Anonymous, Roles } from '../http/decorators.ts';
import type { ApiPart, Operation } from '../ports/openapi.ts';

/** What its decorators do not tell of a route already. */
export type Description = Pick<Operation, 'id' | 'summary' | 'description' | 'answers' | 'ifMatch' | 'idempotencyKey' | 'limited' | 'refusals'> & {
  /** A body that is good as an example. */
  readonly example?: unknown;
};

/** What the routes of a controller are about. */
export type Group = Pick<ApiPart, 'name' | 'description'>;

export const Described = Reflector.createDecorator<Description>();
export const Grouped = Reflector.createDecorator<Group>();

/** Describes the routes of a controller, by the decorators that make them what they are. */
export function describeController(controller: Type, reflector: Reflector): ApiPart | undefined {
  const group = reflector.get(Grouped, controller);
  if (!group) return undefined;
  const prototype = controller.prototype as Readonly<Record<string, unknown>>;
  const handlers = Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const handler = prototype[name];
    return typeof handler === 'function' && Reflect.hasMetadata(METHOD_METADATA, handler) ? [{ name, handler }] : [];
  });
  return { ...group, operations: handlers.map(({ name, handler }) => operationOf(controller, name, handler, reflector)) };
}

function operationOf(controller: Type, name: string, handler: Function, reflector: Reflector): Operation {
  const description = reflector.get(Described, handler);
  if (!description) throw new Error(`${controller.name}.${name} has no @Described`);
  const { example, refusals, ...rest } = description;
  const schemas = schemasOf(controller, name);
  const [pathParameters, query, body] = [schemas.get(RouteParamtypes.PARAM), schemas.get(RouteParamtypes.QUERY), schemas.get(RouteParamtypes.BODY)];
  const roles = reflector.getAllAndOverride(Roles, [handler, controller]);
  return {
    ...rest,
    method: methodOf(handler),
    path: pathOf(controller, handler),
    anonymous: reflector.getAllAndOverride(Anonymous, [handler, controller]) ?? false,
    ...(pathParameters && { pathParameters }),
    ...(query && { query }),
    ...(body && { body: { schema: body, example } }),
    refusals: { ...(roles && { 403: `It takes the role ${roles.join(' or ')}.` }), ...refusals },
  };
}

function methodOf(handler: Function): Operation['method'] {
  const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
  return String(method).toLowerCase() as Operation['method'];
}

function pathOf(controller: Type, handler: Function): string {
  const parts = [Reflect.getMetadata(PATH_METADATA, controller), Reflect.getMetadata(PATH_METADATA, handler)] as readonly string[];
  return `/${parts.flatMap((part) => String(part).split('/')).filter(Boolean).join('/')}`;
}

interface Argument {
  readonly schema?: ZodType;
}

/** The schemas by which a handler's arguments are parsed, by the part of the request that they come from. */
function schemasOf(controller: Type, name: string): ReadonlyMap<number, ZodType> {
  const metadata = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Readonly<Record<string, Argument>>;
  return new Map(Object.entries(metadata).flatMap(([key, { schema }]) => (schema ? [[Number(key.split(':', 1)[0]), schema] as const] : [])));
}
