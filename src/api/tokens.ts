import { z } from 'zod';
import { createToken, credentialName, scopeShape } from './access/credentials.js';
import { roles } from './config.js';
import { Problem } from './problem.js';
import { problem, route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { instant, list, moment } from './shapes.js';

const token = z
  .object({
    id: z.string().nullable().describe('null: it stands in the configuration and is changed there.'),
    name: z.string(),
    role: z.enum(roles),
    scope: scopeShape.nullable().describe('null: everything.'),
    createdAt: instant.nullable(),
    createdBy: z.string().nullable(),
    expiresAt: instant.nullable(),
    revokedAt: instant.nullable(),
    lastUsedAt: instant
      .nullable()
      .describe('To the nearest five minutes; null: never, or in the configuration.'),
  })
  .meta({ id: 'Token' });

const wish = z
  .strictObject({
    name: credentialName,
    role: z.enum(roles).default('reader'),
    scope: scopeShape.nullable().default(null),
    expiresAt: moment.nullable().default(null).describe('null: never.'),
  })
  .meta({ id: 'TokenRequest' });

const made = token.extend({ secret: z.string().describe('Shown this once.') }).meta({ id: 'NewToken' });
const tags = ['access'];

/** Tokens of programs. */
export function tokenRoutes(app: Api, parts: ApiParts): void {
  const { config, credentials } = parts;
  const { tokens, used } = credentials;
  app.get(
    '/api/v1/tokens',
    route({
      id: 'listTokens',
      summary: 'Tokens, without their secrets',
      access: 'admin',
      schema: { tags, response: { 200: z.object({ items: list(token) }).meta({ id: 'TokenList' }) } },
    }),
    async () => ({
      items: [
        ...config.tokens.map(({ name, role, expiresAt }) => ({
          ...{
            id: null,
            name,
            role,
            scope: null,
            createdAt: null,
            createdBy: null,
            revokedAt: null,
            lastUsedAt: null,
          },
          expiresAt: expiresAt === null ? null : new Date(expiresAt),
        })),
        ...[...tokens.all()].map(([id, record]) => ({
          ...record,
          id,
          lastUsedAt: used.all().get(id)?.at ?? null,
        })),
      ],
    }),
  );
  changeRoutes(app, parts);
}

function changeRoutes(app: Api, { config, credentials, now }: ApiParts): void {
  const { tokens } = credentials;
  app.post(
    '/api/v1/tokens',
    route({
      id: 'createToken',
      summary: 'Make a token; the secret is shown once',
      access: 'admin',
      audit: 'token.create',
      schema: { tags, body: wish, response: { 201: made, 409: problem('There is a token of this name.') } },
    }),
    async (request, reply) => {
      const { body, actor } = request;
      request.auditDetails = { ...body };
      const isTaken = [...tokens.all().values(), ...config.tokens].some(
        (one) => one.name === body.name && !('revokedAt' in one && one.revokedAt !== null),
      );
      if (isTaken)
        throw new Problem(
          409,
          `there is a token called ${body.name}; revoke it first, or choose another name`,
        );
      if (body.expiresAt !== null && body.expiresAt <= now()) throw new Problem(400, 'expiresAt has passed');
      const { id, secret, record } = createToken(credentials, { ...body, createdBy: actor.name }, now());
      return reply.code(201).send({ ...record, id, secret, lastUsedAt: null });
    },
  );
  app.delete(
    '/api/v1/tokens/:id',
    route({
      id: 'revokeToken',
      summary: 'Revoke a token; its sessions end at once',
      access: 'admin',
      audit: 'token.revoke',
      schema: {
        tags,
        params: z.strictObject({ id: z.string().regex(/^[0-9a-f]{16}$/) }),
        response: { 204: z.null().describe('Revoked.') },
      },
    }),
    async (request, reply) => {
      const { id } = request.params;
      const record = tokens.all().get(id);
      if (record === undefined || record.revokedAt !== null) throw new Problem(404, 'there is no such token');
      request.auditDetails = { name: record.name };
      tokens.put(id, { ...record, revokedAt: now() });
      return reply.code(204).send(null);
    },
  );
}
