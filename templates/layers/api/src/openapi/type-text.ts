import { html, type Html } from './html.ts';
import type { JsonSchema } from './model.ts';

/** Says in a few words what a schema takes. */
export function typeText(schema: JsonSchema): Html {
  if (schema.$ref) return reference(schema.$ref);
  if (schema.anyOf) return html`${schema.anyOf.map((choice, index) => [index > 0 && ' or ', typeText(choice)])}`;
  if (schema.enum) return html`${schema.enum.map((value, index) => [index > 0 && ', ', html`<code>${String(value)}</code>`])}`;
  if (schema.const !== undefined) return html`<code>${String(schema.const)}</code>`;
  if (schema.items) return html`list of ${typeText(schema.items)}`;
  return html`${[schema.type ?? 'any'].flat().join(' or ')}${details(schema)}`;
}

function reference(to: string): Html {
  const name = to.slice(to.lastIndexOf('/') + 1);
  return html`<a href="#${name}">${name}</a>`;
}

function details({ format, minimum, maximum, maxLength, pattern }: JsonSchema): Html | false {
  const words = [
    format,
    minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER && `${minimum} to ${maximum}`,
    maxLength !== undefined && `at most ${maxLength} characters`,
    !format && maxLength === undefined && pattern,
  ].filter((word) => typeof word === 'string');
  return words.length > 0 && html`, ${words.join(', ')}`;
}
