import { Injectable, type Type } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import { routeNames } from '../metrics/route-names.ts';
import { Authenticator } from '../ports/identity.ts';
import type { ApiPart, Operation } from '../ports/openapi.ts';
import { describeController } from './described.ts';
import { describeApi } from './document.ts';
import type { Document } from './model.ts';
import { platform } from './platform.ts';

/** Knows every route that there is, by its controller. Those of features that are not built are none. */
@Injectable()
export class ApiDescription {
  #parts: readonly ApiPart[] | undefined;
  #nameOf: ((path: string) => string) | undefined;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
  ) {}

  document(): Document {
    return describeApi(this.parts(), this.authenticator.credential());
  }

  operations(): readonly Operation[] {
    return this.parts().flatMap(({ operations }) => operations);
  }

  /** The methods that an address takes, in capitals; none where there is no such address. */
  methodsOf(path: string): readonly string[] {
    this.#nameOf ??= routeNames(this.operations().map((operation) => operation.path));
    const name = this.#nameOf(path);
    return this.operations().filter((operation) => operation.path === name).map(({ method }) => method.toUpperCase());
  }

  parts(): readonly ApiPart[] {
    return (this.#parts ??= [platform, ...merged(this.#described())]);
  }

  #described(): readonly ApiPart[] {
    const controllers = this.discovery.getControllers().map(({ metatype }) => metatype as Type);
    return controllers.flatMap((controller) => describeController(controller, this.reflector) ?? []);
  }
}

// Several controllers may speak of one thing: what everyone may do with it, and what the staff may.
function merged(parts: readonly ApiPart[]): readonly ApiPart[] {
  const names = [...new Set(parts.map(({ name }) => name))];
  return names.map((name) => {
    const same = parts.filter((part) => part.name === name);
    return { name, description: same[0]?.description ?? '', operations: same.flatMap(({ operations }) => operations) };
  });
}
