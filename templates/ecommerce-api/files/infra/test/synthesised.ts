import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import type { Settings } from '../lib/settings.ts';
import { addStacks, newApp } from '../lib/stacks.ts';

export const CERTIFICATE = 'arn:aws:acm:eu-central-1:123456789012:certificate/00000000-0000-4000-8000-000000000000';
export const STRIPE = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:stripe-AbCdEf';

/** What stands in a template; `Properties` is read by paths, as in `at(resource, 'NetworkConfiguration', ...)`. */
export interface Resource {
  readonly Type: string;
  readonly Properties: unknown;
  readonly DeletionPolicy?: string;
}

export interface Synthesised {
  readonly platform: Template;
  readonly service: Template;
  readonly warnings: readonly string[];
}

const kept = new Map<string, Synthesised>();

/** The templates that such a context gives; made once, since it takes seconds. */
export function synthesised(context: Settings = {}): Synthesised {
  const key = JSON.stringify(context);
  const known = kept.get(key);
  if (known) return known;
  const { platform, service } = addStacks(newApp({ context: { ...context } }));
  const messages = Annotations.fromStack(service).findWarning('*', Match.anyValue());
  const made = {
    platform: Template.fromStack(platform),
    service: Template.fromStack(service),
    warnings: messages.map(({ entry }) => String(entry.data)),
  };
  kept.set(key, made);
  return made;
}

/** What one who takes payments, and has a certificate, deploys. */
export const complete = (): Synthesised => synthesised({ certificate: CERTIFICATE, stripe: STRIPE });

export const resourcesOf = (template: Template, type: string): readonly (readonly [id: string, resource: Resource])[] =>
  Object.entries(template.findResources(type) as Record<string, Resource>);

/** The one resource of a type. */
export function theOnly(template: Template, type: string): Resource {
  const [found, ...others] = resourcesOf(template, type);
  if (!found || others.length > 0) throw new Error(`there is not one ${type}`);
  return found[1];
}

/** The value at a path of keys, or undefined. */
export function at(value: unknown, ...keys: readonly (string | number)[]): unknown {
  return keys.reduce<unknown>((inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined), value);
}

export function listAt(value: unknown, ...keys: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...keys);
  return Array.isArray(found) ? found : [];
}

/** The logical id that a reference means, also where the other stack imports it. */
export function meant(reference: unknown, platform: Template): string {
  const imported = at(reference, 'Fn::ImportValue');
  if (imported !== undefined) {
    const outputs = Object.values(platform.findOutputs('*'));
    return meant(at(outputs.find((output) => at(output, 'Export', 'Name') === imported), 'Value'), platform);
  }
  return String(at(reference, 'Ref') ?? at(reference, 'Fn::GetAtt', 0));
}
