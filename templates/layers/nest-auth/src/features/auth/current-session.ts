import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Claims } from './access-token.ts';
import { currentSession } from './identification.ts';

/** The session in which the request is made: `@CurrentSession() session: Claims`. */
export const CurrentSession = createParamDecorator((_data: unknown, context: ExecutionContext): Claims =>
  currentSession(context.switchToHttp().getRequest<Request>()),
);
