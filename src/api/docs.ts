import { escapeHtml } from '../lib/printable.js';
import type { Api } from './server.js';

interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly description?: string;
  }[];
}

/** A page for people over the OpenAPI document: every route, what it does, what it takes. No script, nothing loaded from elsewhere. */
export function docsRoute(app: Api): void {
  app.get('/api/docs', { config: { access: 'reader' }, schema: { hide: true } }, async (_request, reply) => {
    const sections = Object.entries(app.swagger().paths ?? {}).flatMap(([path, operations]) =>
      Object.entries((operations ?? {}) as Record<string, Operation>).map(([method, operation]) =>
        section(method, path, operation),
      ),
    );
    return reply
      .type('text/html; charset=utf-8')
      .send(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Certglass API</title></head><body>' +
          '<h1>Certglass API</h1><p>The whole of it, for programs: <a href="/api/openapi.json">OpenAPI 3.1</a>. ' +
          `Errors are problem details (RFC 9457).</p>${sections.join('')}</body></html>`,
      );
  });
}

/** All of it is our own text, from the schemas; escaped all the same. */
function section(method: string, path: string, { summary, parameters = [] }: Operation): string {
  const rows = parameters.map(
    (parameter) =>
      `<dt><code>${escapeHtml(parameter.name)}</code> (${escapeHtml(parameter.in)})</dt><dd>${escapeHtml(parameter.description ?? '')}</dd>`,
  );
  const title = `<h2><code>${escapeHtml(method.toUpperCase())} ${escapeHtml(path)}</code></h2>`;
  return `${title}<p>${escapeHtml(summary ?? '')}</p><dl>${rows.join('')}</dl>`;
}
