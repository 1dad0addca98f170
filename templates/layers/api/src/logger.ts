import pino from 'pino';
import type { Config } from './config.ts';
import { currentRequestId } from './http/request-id.ts';

export type Logger = pino.Logger;

const SECRETS = ['password', 'newPassword', 'token', 'accessToken', 'refreshToken', 'authorization', 'cookie'];

export function createLogger(config: Pick<Config, 'logLevel'>): Logger {
  return pino({
    level: config.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
    mixin: () => ({ requestId: currentRequestId() }),
  });
}
