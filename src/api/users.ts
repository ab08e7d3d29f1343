import { z } from 'zod';
import { credentialName, digestOf, newSecret, scopeShape, type UserRecord } from './access/credentials.js';
import { endSessionsOf } from './access/sign-in.js';
import { roles } from './config.js';
import { Problem } from './problem.js';
import { problem, route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { instant, list } from './shapes.js';

const user = z
  .object({
    name: z.string(),
    role: z.enum(roles),
    scope: scopeShape.nullable(),
    createdAt: instant,
    createdBy: z.string(),
    hasPassword: z.boolean(),
    setupExpiresAt: instant.nullable().describe('Until when the setup link works; null: there is none.'),
  })
  .meta({ id: 'User' });

const wish = z
  .strictObject({
    name: credentialName,
    role: z.enum(roles).default('reader'),
    scope: scopeShape.nullable().default(null),
  })
  .meta({ id: 'UserRequest' });

const link = user
  .extend({
    setupSecret: z
      .string()
      .describe('For the link by which the user chooses a password: /setup#SECRET. Shown this once.'),
  })
  .meta({ id: 'NewUser' });

const params = z.strictObject({ name: credentialName });
const tags = ['access'];
const linkMs = 3 * 86_400_000;

/** People with a password. */
export function userRoutes(app: Api, parts: ApiParts): void {
  const { users } = parts.credentials;
  app.get(
    '/api/v1/users',
    route({
      id: 'listUsers',
      summary: 'Users with a password',
      access: 'admin',
      schema: { tags, response: { 200: z.object({ items: list(user) }).meta({ id: 'UserList' }) } },
    }),
    async () => ({
      items: [...users.all()]
        .filter(([, { removedAt }]) => removedAt === null)
        .map(([, record]) => shown(record)),
    }),
  );
  app.post(
    '/api/v1/users',
    route({
      id: 'createUser',
      summary: 'Add a user; the answer holds the secret of the link by which the user chooses a password',
      access: 'admin',
      audit: 'user.create',
      schema: { tags, body: wish, response: { 201: link, 409: problem('There is a user of this name.') } },
    }),
    async (request, reply) => {
      const { body, actor } = request;
      request.auditDetails = { ...body };
      if (present(users.all().get(body.name)) !== null)
        throw new Problem(409, `there is a user called ${body.name}`);
      const common = {
        createdAt: parts.now(),
        createdBy: actor.name,
        password: null,
        setup: null,
        removedAt: null,
      };
      return reply.code(201).send(withNewLink(parts, { ...body, ...common }));
    },
  );
  changeRoutes(app, parts);
}

function changeRoutes(app: Api, parts: ApiParts): void {
  const { credentials, now } = parts;
  const { users } = credentials;
  const find = (name: string): UserRecord => {
    const record = present(users.all().get(name));
    if (record === null) throw new Problem(404, 'there is no such user');
    return record;
  };
  app.post(
    '/api/v1/users/:name/setup-link',
    route({
      id: 'createSetupLink',
      summary: 'Make a new setup link, for a forgotten password; the old password works until it is used',
      access: 'admin',
      audit: 'user.setup-link',
      schema: { tags, params, response: { 201: link } },
    }),
    async ({ params: { name } }, reply) => reply.code(201).send(withNewLink(parts, find(name))),
  );
  app.delete(
    '/api/v1/users/:name',
    route({
      id: 'removeUser',
      summary: 'Remove a user; its sessions end at once',
      access: 'admin',
      audit: 'user.remove',
      schema: { tags, params, response: { 204: z.null().describe('Removed.') } },
    }),
    async ({ params: { name } }, reply) => {
      users.put(name, { ...find(name), password: null, setup: null, removedAt: now() });
      endSessionsOf(credentials, name);
      return reply.code(204).send(null);
    },
  );
}

function withNewLink({ credentials, now }: ApiParts, record: UserRecord) {
  const setupSecret = newSecret();
  const setup = { digest: digestOf(setupSecret), expiresAt: new Date(now().getTime() + linkMs) };
  const changed = { ...record, setup };
  credentials.users.put(record.name, changed);
  return { ...shown(changed), setupSecret };
}

function present(record: UserRecord | undefined): UserRecord | null {
  return record === undefined || record.removedAt !== null ? null : record;
}

function shown({ name, role, scope, createdAt, createdBy, password, setup }: UserRecord) {
  const setupExpiresAt = setup?.expiresAt ?? null;
  return { name, role, scope, createdAt, createdBy, hasPassword: password !== null, setupExpiresAt };
}
