import { createHash } from 'node:crypto';
import { html, Html, prose } from './html.ts';
import type { Document, JsonSchema, OperationObject, Parameter } from './model.ts';
import { typeText } from './type-text.ts';

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 0 auto; padding: 1rem; color: #1f2328; background: #fff }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #d1d9e0 }
h3 { margin-top: 2rem } h3 code { font-size: 1rem } h4 { margin: 1rem 0 0 }
table { border-collapse: collapse; width: 100% }
td { border-top: 1px solid #d1d9e0; padding: .25rem .75rem .25rem 0; vertical-align: top } td:first-child { width: 12rem }
code, pre { font: 14px ui-monospace, monospace; overflow-wrap: anywhere } pre { background: #f6f8fa; padding: .75rem; white-space: pre-wrap }
a { color: #0969da }
@media (prefers-color-scheme: dark) {
  body { color: #f0f6fc; background: #0d1117 } pre { background: #151b23 } a { color: #4493f8 } td, h2 { border-color: #3d444d }
}
`;

/** Allows this one style, and nothing else: no script, no other host. */
export const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

interface Entry {
  readonly method: string;
  readonly path: string;
  readonly operation: OperationObject;
}

/** The description as one page that needs nothing else. */
export function renderPage(document: Document): string {
  const { info, tags, paths, components } = document;
  const entries = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Entry => ({ method, path, operation })),
  );
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${info.title}</title><style>${new Html(STYLE)}</style></head>
<body>
<h1>${info.title} ${info.version}</h1>
${info.description.split('\n\n').map((words) => html`<p>${prose(words)}</p>\n`)}
<p>${prose(components.securitySchemes['bearer']?.['description'] ?? '')} For programs: <a href="/openapi.json">openapi.json</a>.</p>
${tags.map(({ name, description }) => html`<h2>${name}</h2>\n<p>${description}</p>\n${entries.filter(({ operation }) => operation.tags.includes(name)).map(renderOperation)}`)}
<h2>Schemas</h2>
${Object.entries(components.schemas).map(([name, schema]) => html`<h3 id="${name}">${name}</h3>\n${renderProperties(schema)}`)}
</body>
</html>
`.text;
}

function renderOperation({ method, path, operation }: Entry): Html {
  const { operationId, summary, description, parameters, requestBody, responses } = operation;
  const [body] = Object.values(requestBody?.content ?? {});
  return html`<h3 id="${operationId}"><code>${method.toUpperCase()} ${path}</code> ${summary}</h3>
${description && html`<p>${prose(description)}</p>\n`}
${parameters.length > 0 && html`<table>${parameters.map(renderParameter)}</table>\n`}
${body && html`<h4>Body: ${typeText(body.schema)}</h4>\n${renderProperties(body.schema)}<pre>${JSON.stringify(body.example, undefined, 2)}</pre>\n`}
<h4>Answers</h4>
<table>${Object.entries(responses).map(([status, response]) => {
    const [content] = Object.values(response.content ?? {});
    return html`<tr><td>${status}</td><td>${prose(response.description)} ${content && typeText(content.schema)}</td></tr>\n`;
  })}</table>
`;
}

function renderParameter({ name, in: where, required, description, schema }: Parameter): Html {
  return html`<tr><td><code>${name}</code> (${where}${required && ', required'})</td><td>${typeText(schema)}. ${description && prose(description)}</td></tr>\n`;
}

function renderProperties({ properties = {}, required = [] }: JsonSchema): Html | false {
  const rows = Object.entries(properties).map(
    ([name, schema]) => html`<tr><td><code>${name}</code>${!required.includes(name) && ' (optional)'}</td><td>${typeText(schema)}${schema.description && html`. ${prose(schema.description)}`}</td></tr>\n`,
  );
  return rows.length > 0 && html`<table>${rows}</table>\n`;
}
