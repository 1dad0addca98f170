import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { identityOf, type Identity } from '../ports/identity.ts';
import type { Role } from '../ports/roles.ts';

/** Open to everyone: `@Anonymous()`. */
export const Anonymous = Reflector.createDecorator<void, true>({ transform: () => true });

/** Only for these: `@Roles(['staff', 'admin'])`. */
export const Roles = Reflector.createDecorator<readonly Role[]>();

/** Who makes the request: `@Caller() caller: Identity`. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): Identity =>
  identityOf(context.switchToHttp().getRequest<Request>()),
);
