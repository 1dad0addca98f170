import type { App } from 'aws-cdk-lib';

/** What nobody but the owner of the account can know; it stands in cdk.json, under `context`. */
export interface Settings {
  /** A certificate of ACM. Without one, the load balancer speaks plain HTTP. */
  readonly certificate?: string;
  /** A secret with the keys `secretKey` and `webhookSecret`. Without one, built payments do not start. */
  readonly stripe?: string;
}

const KNOWN = { certificate: /^arn:[\w-]+:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/, stripe: /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]+$/ };

export function readSettings({ node }: App): Settings {
  const values = Object.entries(KNOWN).flatMap(([name, shape]) => {
    const value: unknown = node.tryGetContext(name);
    if (value === undefined || value === '') return [];
    if (typeof value !== 'string' || !shape.test(value)) throw new Error(`${name}: is no ARN of such a thing`);
    return [[name, value]];
  });
  return Object.freeze(Object.fromEntries(values) as Settings);
}
