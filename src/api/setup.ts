import { z } from 'zod';
import { Problem } from './problem.js';
import { problem, route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { askedSetup, setupPreview } from './setup-shapes.js';

const state = z
  .object({
    needed: z.boolean().describe('True while no domain, target or inventory source is configured.'),
    file: z.string().nullable().describe('The configuration file that is written.'),
    refusal: z.string().nullable().describe('Why it cannot be done here; null: it can.'),
  })
  .meta({ id: 'Setup' });

const tags = ['setup'];

/** The first run: what to watch, written to the configuration file. */
export function setupRoutes(app: Api, { setup }: ApiParts): void {
  app.get(
    '/api/v1/setup',
    route({
      id: 'getSetup',
      summary: 'Whether there is anything to watch yet, and whether that can be set up here',
      access: 'admin',
      schema: { tags, response: { 200: state } },
    }),
    async () => ({ needed: setup.needed(), file: setup.file, refusal: setup.refusal() }),
  );
  app.post(
    '/api/v1/setup/preview',
    route({
      id: 'previewSetup',
      summary: 'What a first configuration would watch; writes nothing and contacts nothing',
      access: 'admin',
      audit: null,
      schema: { tags, body: askedSetup, response: { 200: setupPreview } },
    }),
    async ({ body }) => setup.preview(body),
  );
  app.post(
    '/api/v1/setup',
    route({
      id: 'saveSetup',
      summary: 'Write the first configuration and put it in force',
      access: 'admin',
      audit: 'setup.save',
      schema: {
        tags,
        body: askedSetup,
        response: {
          204: z.null().describe('Written and in force; the first scan begins.'),
          409: problem('It is configured already, or the file cannot be written.'),
          422: problem('The configuration would not be valid.'),
        },
      },
    }),
    async (request, reply) => {
      const { body } = request;
      request.auditDetails = { domains: body.domains.slice(0, 20), targets: body.targets.slice(0, 20) };
      const refusal = setup.refusal();
      if (refusal !== null) throw new Problem(409, refusal);
      const fault = await setup.save(body);
      if (fault !== null) throw new Problem(422, fault);
      return reply.code(204).send(null);
    },
  );
}
