import { z } from 'zod';
import { callbackPath } from './access/oidc.js';
import { escapeHtml } from '../lib/printable.js';
import { Problem } from './problem.js';
import { file, route, type ApiParts } from './routes.js';
import type { Api } from './server.js';

const tags = ['session'];

/** Signing in through an OpenID Connect provider. */
export function oidcRoutes(app: Api, { oidc, signIn }: ApiParts): void {
  const client = () => {
    if (oidc === null)
      throw new Problem(404, 'signing in through a provider is not configured; see api.oidc');
    return oidc;
  };
  app.get(
    '/api/v1/session/oidc',
    route({
      id: 'beginOidcSignIn',
      summary: 'Go to the provider to sign in',
      access: 'public',
      schema: {
        tags,
        querystring: z.strictObject({
          next: z.string().max(2_000).default('/').describe('Where to go afterwards.'),
        }),
        response: { 302: z.null().describe('To the provider.') },
      },
    }),
    async (request, reply) => reply.redirect(await client().begin(request, reply, request.query.next), 302),
  );
  app.get(
    callbackPath,
    route({
      id: 'finishOidcSignIn',
      summary: 'Come back from the provider',
      access: 'public',
      schema: {
        tags,
        querystring: z.looseObject({
          code: z.string().max(4_096).optional(),
          state: z.string().max(1_000).optional(),
        }),
        response: { 200: file('A page that leads on.', 'text/html') },
      },
    }),
    async (request, reply) => {
      const { name, role, next } = await client().finish(request, reply);
      signIn.begin(request, reply, { name, via: 'oidc', credential: null, role, scope: null }, null);
      // A page of ours goes on from here: a redirect would still count as coming from the provider, and bring no strict cookie along.
      const target = escapeHtml(next, 2_000);
      const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Signed in</title><meta http-equiv="refresh" content="0;url=${target}"><p>Signed in. <a href="${target}">Go on</a>.</p></html>`;
      return reply.type('text/html; charset=utf-8').send(page);
    },
  );
}
