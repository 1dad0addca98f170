import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import type { ZodType } from 'zod';
import { parse, type Source } from './parse.ts';

const SOURCES: Readonly<Record<ArgumentMetadata['type'], Source | undefined>> = Object.freeze({
  body: 'body',
  query: 'query',
  param: 'path',
  custom: undefined,
});

/** Hands a handler what the schema makes of a part of the request: `@Body({ schema: NewProduct })`. */
@Injectable()
export class SchemaPipe implements PipeTransform {
  transform(value: unknown, { schema, type }: ArgumentMetadata): unknown {
    const source = SOURCES[type];
    // A missing body is told from an empty one by the schema.
    return schema && source ? parse(schema as ZodType, value, source) : value;
  }
}
