import { z } from 'zod';
import { Problem } from './problem.js';
import { problem, route, type ApiParts } from './routes.js';
import { scanPreview, scanTarget, scanPorts } from './scans.js';
import type { Api } from './server.js';
import { list } from './shapes.js';

const asked = z
  .strictObject({
    domains: z
      .array(z.string().trim().min(1).max(253))
      .max(1_000)
      .default([])
      .describe('Domains that are yours, names below included.'),
    targets: z
      .array(scanTarget)
      .max(1_000)
      .default([])
      .describe('What to scan. Empty: the domains, and names found below them.'),
    ports: scanPorts.nullable().default(null).describe('Ports of targets that name none; null: 443.'),
    mail: z
      .strictObject({
        to: z.email().max(254).describe('Who gets the alerts.'),
        host: z.string().min(1).max(253).describe('Mail server that takes them.'),
        from: z.email().max(254).nullable().default(null).describe('null: certglass@ the domain of `to`.'),
      })
      .nullable()
      .default(null)
      .describe('Where alerts go; null: nowhere yet.'),
  })
  .refine(({ domains, targets }) => domains.length + targets.length > 0, {
    message: 'nothing to watch: give at least one domain or target',
  })
  .meta({ id: 'SetupRequest' });

const preview = scanPreview
  .extend({
    domains: list(
      z.object({
        domain: z.string(),
        refusal: z.string().nullable().describe('Why it cannot be owned; null: it can.'),
      }),
    ),
    configuration: z.string().describe('What these answers are in the configuration file.'),
  })
  .meta({ id: 'SetupPreview' });

const state = z
  .object({
    needed: z.boolean().describe('True while no domain, target or inventory source is configured.'),
    file: z.string().nullable().describe('The configuration file that is written.'),
    refusal: z.string().nullable().describe('Why it cannot be done here; null: it can.'),
  })
  .meta({ id: 'Setup' });

/** Answers of the first run. */
export type AskedSetup = z.infer<typeof asked>;

/** The first run, as the service does it. */
export interface Setup {
  /** True while there is nothing to watch. */
  needed(): boolean;
  readonly file: string | null;
  /** Why nothing can be saved now. */
  refusal(): string | null;
  /** What would be watched; writes nothing. */
  preview(answers: AskedSetup): z.infer<typeof preview>;
  /** Writes the configuration and puts it in force; answers one sentence when it cannot, and then nothing has changed. */
  save(answers: AskedSetup): Promise<string | null>;
}

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
      schema: { tags, body: asked, response: { 200: preview } },
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
        body: asked,
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
