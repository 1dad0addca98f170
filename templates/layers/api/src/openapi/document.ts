import { manifest } from '../manifest.ts';
import type { ApiPart, Content, Credential, Operation } from '../ports/openapi.ts';
import type { Document, Media, OperationObject } from './model.ts';
import { parametersOf } from './parameters.ts';
import { HEADERS, responsesOf } from './responses.ts';
import { Schemas } from './schemas.ts';

const DESCRIPTION = `${manifest.description}

Errors are problems of RFC 9457 with a stable \`code\`. Lists come in pages: send the \`nextCursor\` of one as the \`cursor\` of the next. \
A change names the version that it is based on, in \`If-Match\`. What is not yours is 404, as if it did not exist. \
An address that is not described here is 404, a method that is not is 405, and a feature that is not built yet answers 501.`;

/** Describes the API in OpenAPI 3.1, from the schemas that its routes parse with. */
export function describeApi(parts: readonly ApiPart[], credential: Credential): Document {
  const schemas = new Schemas();
  const paths: Record<string, Record<string, OperationObject>> = {};
  for (const part of parts) {
    for (const operation of part.operations) {
      (paths[templateOf(operation)] ??= {})[operation.method] = describe(operation, part.name, credential, schemas);
    }
  }
  return {
    openapi: '3.1.1',
    info: { title: manifest.name, version: manifest.version, description: DESCRIPTION },
    servers: [{ url: '/' }],
    tags: parts.map(({ name, description }) => ({ name, description })),
    paths,
    components: { schemas: schemas.named(), headers: HEADERS, securitySchemes: { bearer: schemeOf(credential) } },
  };
}

/** `/v1/things/:id` as OpenAPI writes it: `/v1/things/{id}`. */
export const templateOf = ({ path }: Pick<Operation, 'path'>): string => path.replaceAll(/:(\w+)/g, '{$1}');

function describe(operation: Operation, tag: string, credential: Credential, schemas: Schemas): OperationObject {
  const { id, summary, description, body, anonymous } = operation;
  const named = { bearer: [] };
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description && { description }),
    security: anonymous ? [] : credential.required ? [named] : [{}, named],
    parameters: parametersOf(operation, schemas),
    ...(body && { requestBody: { required: true, content: mediaOf(operation, body, schemas) } }),
    responses: responsesOf(operation, credential, schemas),
  };
}

function mediaOf({ method }: Operation, { schema, example }: Content, schemas: Schemas): Media {
  const entry = { schema: schemas.translate(schema, 'input'), example };
  return { ...(method === 'patch' && { 'application/merge-patch+json': entry }), 'application/json': entry };
}

function schemeOf({ description, format }: Credential): Readonly<Record<string, string>> {
  return { type: 'http', scheme: 'bearer', description, ...(format && { bearerFormat: format }) };
}
