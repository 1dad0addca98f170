import type { ZodType } from 'zod';
import type { Operation } from '../ports/openapi.ts';
import type { JsonSchema, Parameter } from './model.ts';
import type { Schemas } from './schemas.ts';

const ETAG = String.raw`"\d{1,9}"`;

const IF_MATCH: JsonSchema = { type: 'string', pattern: String.raw`^(\*|${ETAG}(, ?${ETAG}){0,9})$` };
const IF_NONE_MATCH: JsonSchema = { type: 'string', pattern: `^${ETAG}$` };
const IDEMPOTENCY_KEY: JsonSchema = { type: 'string', pattern: String.raw`^[\x21-\x7e]{1,255}$` };

export function parametersOf(operation: Operation, schemas: Schemas): readonly Parameter[] {
  return [
    ...valuesIn('path', operation.pathParameters, schemas),
    ...valuesIn('query', operation.query, schemas),
    ...headersOf(operation),
  ];
}

function valuesIn(where: 'path' | 'query', schema: ZodType | undefined, schemas: Schemas): readonly Parameter[] {
  if (!schema) return [];
  // What comes out of a schema for text says more about it than what goes in: a number with its limits.
  const { properties = {}, required = [] } = schemas.translate(schema, 'output');
  return Object.entries(properties).map(([name, { description, ...rest }]) => parameter(name, where, rest, description, required.includes(name)));
}

function headersOf({ method, ifMatch, idempotencyKey, answers }: Operation): readonly Parameter[] {
  const versioned = method === 'get' && answers[0].headers?.includes('ETag');
  return [
    ...(ifMatch ? [header('If-Match', IF_MATCH, 'The ETag of the version that this is based on.', ifMatch === 'required')] : []),
    ...(versioned ? [header('If-None-Match', IF_NONE_MATCH, 'The ETag of the version that is known already.')] : []),
    ...(idempotencyKey ? [header('Idempotency-Key', IDEMPOTENCY_KEY, 'However often the request comes with this key, it happens once.')] : []),
  ];
}

const header = (name: string, schema: JsonSchema, description: string, required = false): Parameter =>
  parameter(name, 'header', schema, description, required);

function parameter(name: string, where: Parameter['in'], schema: JsonSchema, description: string | undefined, required: boolean): Parameter {
  return { name, in: where, required, ...(description && { description }), schema };
}
