import type { Router } from 'express';
import type { Context } from '../ports/context.ts';
import type { Auth } from '../ports/identity.ts';
import type { Lifecycle } from '../ports/lifecycle.ts';
import type { ApiPart } from '../ports/openapi.ts';
import type { Validation } from '../ports/validation.ts';
import { api as authApi, createAuth } from './auth/index.ts';
import { createLifecycle } from './deployment/index.ts';
import { api as projectsApi, createProjects } from './projects/index.ts';
import { api as tasksApi, createTasks } from './tasks/index.ts';
import { createValidation } from './validation/index.ts';

export interface Features {
  readonly validation: Validation;
  readonly auth: Auth;
  readonly lifecycle: Lifecycle;
  readonly projects: Router;
  readonly tasks: Router;
}

/** What there is to describe of the features that are built. */
export const api: readonly ApiPart[] = Object.freeze([...projectsApi, ...tasksApi, ...authApi]);
export { credentialFor } from './auth/index.ts';

/** The one place that knows every feature. Features know each other by src/ports alone. */
export function createFeatures(platform: Omit<Context, 'validation'>, validation = createValidation()): Features {
  const context: Context = Object.freeze({ ...platform, validation });
  return Object.freeze({
    validation,
    auth: createAuth(context),
    lifecycle: createLifecycle(context),
    projects: createProjects(context),
    tasks: createTasks(context),
  });
}
