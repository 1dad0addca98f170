import { readFileSync } from 'node:fs';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly config: { readonly port: number };
}

/** What package.json says about the service. Read, not imported, so that it stays the one beside `src`, built or not. */
export const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Manifest;
