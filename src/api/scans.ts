import { z } from 'zod';
import { starttlsChoices } from '../model/target.js';
import { Problem } from './problem.js';
import { problem, problems, type ApiParts } from './routes.js';
import type { ScanRun } from '../model/scan-run.js';
import type { Api } from './server.js';
import { instant, page, pageQuery } from './shapes.js';

const scan = z
  .object({
    id: z.string(),
    name: z.string(),
    startedAt: instant,
    finishedAt: instant.nullable(),
    targets: z.number().int(),
    outcomes: z.record(z.string(), z.number()).readonly().describe('Looks by outcome.'),
    resumable: z.boolean(),
    progress: z
      .object({
        done: z.number().int().describe('Endpoints looked at since the run was started or resumed.'),
        total: z.number().int().nullable().describe('Endpoints it then had before it; null: not known.'),
        rate: z.number().describe('Endpoints per second.'),
        secondsLeft: z.number().nullable().describe('At this rate; null: not known.'),
      })
      .nullable()
      .describe('While it is running; null otherwise.'),
  })
  .meta({ id: 'Scan' });

const asked = z
  .strictObject({
    targets: z
      .array(
        z
          .string()
          .regex(/^[^\s@-]\S{0,299}$/, 'must be a host, host:port, address, CIDR or range (no @file, no -)'),
      )
      .min(1)
      .max(1_000)
      .describe('Hosts, host:port, addresses, CIDRs or ranges. The configured scope binds here too.'),
    ports: z
      .array(z.number().int().min(1).max(65_535))
      .min(1)
      .max(1_000)
      .nullable()
      .default(null)
      .describe('Ports of targets that name none; null: the usual ones.'),
    depth: z.enum(['fast', 'full', 'survey']).nullable().default(null).describe('null: as configured.'),
    starttls: z
      .enum(starttlsChoices)
      .nullable()
      .default(null)
      .describe('Plain-text protocol to upgrade; auto or null: by port, none: TLS from the first byte.'),
  })
  .describe('A scan to start now.');
const tags = ['scans'];

/** Scans, and starting one. */
export function scanRoutes(app: Api, { reader, actions, scanProgress }: ApiParts): void {
  const shown = (run: ScanRun) => ({
    ...run,
    resumable: run.resume !== null,
    progress: run.finishedAt === null ? scanProgress(run.id) : null,
  });
  app.get(
    '/api/v1/scans',
    {
      config: { access: 'reader' },
      schema: {
        tags,
        summary: 'Scans, latest first',
        querystring: pageQuery,
        response: { 200: page(scan), ...problems },
      },
    },
    async ({ query }) => {
      const { items, nextCursor } = await reader.listScans(query);
      return { items: items.map(shown), nextCursor };
    },
  );
  app.post(
    '/api/v1/scans',
    {
      config: { access: 'operator', audit: 'scan.start' },
      schema: {
        tags,
        summary: 'Start a scan',
        body: asked,
        response: { 202: scan, 422: problem('The targets cannot be scanned.'), ...problems },
      },
    },
    async (request, reply) => {
      const { body, actor } = request;
      request.auditDetails = { targets: body.targets.length, first: body.targets.slice(0, 20) };
      const started = await actions.startScan(body, actor.name);
      if (typeof started === 'string') throw new Problem(422, started);
      return reply.code(202).send(shown(started));
    },
  );
}
