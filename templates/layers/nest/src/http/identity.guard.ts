import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { Authenticator, identify } from '../ports/identity.ts';
import { Anonymous, Roles } from './decorators.ts';
import { Problem } from './problem.ts';

/** Lets in whoever is known, and has the role that a route asks for. A route that says nothing is closed. */
@Injectable()
export class IdentityGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const places = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride(Anonymous, places)) return true;
    const request = context.switchToHttp().getRequest<Request>();
    const identity = await this.authenticator.authenticate(request);
    identify(request, identity);
    const roles = this.reflector.getAllAndOverride(Roles, places);
    if (roles && !roles.includes(identity.role)) {
      throw new Problem(403, 'role.missing', `This takes the role ${roles.join(' or ')}.`);
    }
    return true;
  }
}
