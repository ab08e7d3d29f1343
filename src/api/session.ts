import { z } from 'zod';
import { roles } from './config.js';
import { scopeShape } from './access/credentials.js';
import { sessionCookie } from './access/cookies.js';
import { route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { instant } from './shapes.js';

const me = z
  .object({
    name: z.string(),
    role: z.enum(roles),
    scope: scopeShape.nullable().describe('null: everything.'),
    via: z
      .enum(['local', 'token', 'password', 'oidc'])
      .describe('local: no credential is needed on this machine.'),
    expiresAt: instant.nullable(),
    csrfToken: z
      .string()
      .nullable()
      .describe('A session sends this as the header x-csrf-token with every request that writes.'),
    version: z.string(),
    setupNeeded: z
      .boolean()
      .describe('Nothing is configured to be watched, and this credential may set it up.'),
  })
  .meta({ id: 'Me' });

const ways = z
  .object({
    signedIn: z.boolean(),
    open: z
      .boolean()
      .describe('No credential is configured: every client that reaches this address has full access.'),
    ways: z.array(z.enum(['token', 'password', 'oidc'])),
    oidcName: z.string().nullable().describe('What to write on the button.'),
  })
  .meta({ id: 'SignInWays' });

const password = z.string().min(12, 'must have 12 characters at least').max(1_000);
const credentials = z.union([
  z.strictObject({ token: z.string().regex(/^[\x21-\x7e]{1,512}$/) }),
  z.strictObject({ user: z.string().min(1).max(64), password: z.string().max(1_000) }),
]);
const tags = ['session'];
const done = z.null().describe('Done.');

/** Who asks, signing in and signing out. */
export function sessionRoutes(app: Api, parts: ApiParts): void {
  const { authenticator, oidc, version, config, setup } = parts;
  app.get(
    '/api/v1/me',
    route({
      id: 'getMe',
      summary: 'Who asks',
      access: 'reader',
      scoped: true,
      schema: { tags, response: { 200: me } },
    }),
    async ({ actor }) => ({
      ...actor,
      version,
      setupNeeded: setup.needed() && actor.role === 'admin' && actor.scope === null,
    }),
  );
  app.get(
    '/api/v1/session',
    route({
      id: 'getSignInWays',
      summary: 'Ways to sign in',
      access: 'public',
      schema: { tags, response: { 200: ways } },
    }),
    async (request) => ({
      signedIn: authenticator.sessionOf(sessionCookie(request)) !== null,
      open: authenticator.isOpen(),
      ways: ['token' as const, 'password' as const, ...(oidc === null ? [] : ['oidc' as const])],
      oidcName: config.oidc?.label ?? null,
    }),
  );
  signInRoutes(app, parts);
}

function signInRoutes(app: Api, { signIn, authenticator }: ApiParts): void {
  app.post(
    '/api/v1/session',
    route({
      id: 'signIn',
      summary: 'Sign in with a token or a password; the answer sets the cookie of the session',
      access: 'public',
      audit: 'session.create',
      schema: { tags, body: credentials, response: { 204: done } },
    }),
    async (request, reply) => {
      const { body } = request;
      if ('password' in body) await signIn.withPassword(request, reply, body.user, body.password);
      else {
        const { id, actor } = authenticator.tokenOf(body.token, request.ip);
        const { name, role, scope, expiresAt } = actor;
        signIn.begin(request, reply, { name, via: 'token', credential: id, role, scope }, expiresAt);
      }
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/api/v1/session/setup',
    route({
      id: 'choosePassword',
      summary: 'Choose a password with the secret of a setup link, and sign in',
      access: 'public',
      audit: 'session.setup',
      schema: {
        tags,
        body: z.strictObject({ secret: z.string().min(1).max(200), password }),
        response: { 204: done },
      },
    }),
    async (request, reply) => {
      await signIn.withSetupLink(request, reply, request.body.secret, request.body.password);
      return reply.code(204).send(null);
    },
  );
  app.delete(
    '/api/v1/session',
    route({
      id: 'signOut',
      summary: 'Sign out',
      access: 'reader',
      scoped: true,
      audit: 'session.end',
      schema: { tags, response: { 204: done } },
    }),
    async (request, reply) => {
      signIn.end(request, reply);
      return reply.code(204).send(null);
    },
  );
}
