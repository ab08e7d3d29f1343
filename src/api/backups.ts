import { z } from 'zod';
import { Problem } from './problem.js';
import { problem, route, type ApiParts } from './routes.js';
import type { Api } from './server.js';

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/)
  .describe('Becomes a folder below the backup folder.');

/** Backups of the embedded database while it is in use. */
export function backupRoutes(app: Api, { backup }: ApiParts): void {
  app.post(
    '/api/v1/backups',
    route({
      id: 'createBackup',
      summary: 'Copy the embedded database into its backup folder; answers when that is done',
      access: 'admin',
      audit: 'store.backup',
      schema: {
        tags: ['operation'],
        body: z.strictObject({
          name,
          base: name.optional().describe('Copy only what changed since this backup, which must be kept.'),
        }),
        response: {
          201: z
            .object({ path: z.string().describe('Folder of the backup, on the machine of the service.') })
            .meta({ id: 'Backup' }),
          409: problem('There is such a backup already, or the database is not the embedded one.'),
        },
      },
    }),
    async (request, reply) => {
      const { name, base } = request.body;
      request.auditDetails = { name, base: base ?? null };
      const done = await backup(name, base);
      if ('refusal' in done) throw new Problem(409, done.refusal);
      return reply.code(201).send(done);
    },
  );
}
