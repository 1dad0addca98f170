import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Where the Dockerfile is. */
export const ROOT = path.join(import.meta.dirname, '..', '..');

/** The project's name, as far as CloudFormation takes it for the name of a stack. */
export function stackPrefix(): string {
  const { name } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { readonly name: string };
  const plain = name.replaceAll(/[^a-zA-Z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
  return /^[a-zA-Z]/.test(plain) ? plain : `p-${plain}`;
}

/** What stands apart from requests: it exists before the first release, and changes seldom. */
export const platformName = (): string => `${stackPrefix()}-platform`;

/** What answers requests and does jobs. */
export const serviceName = (): string => `${stackPrefix()}-service`;
