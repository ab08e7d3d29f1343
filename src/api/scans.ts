import { z } from 'zod';
import { starttlsChoices } from '../model/target.js';
import type { ScanRun } from '../model/scan-run.js';
import { listQuery, listResponse, sendList } from './listing/list.js';
import { Problem } from './problem.js';
import { problem, route, type ApiParts } from './routes.js';
import { scanPorts, scanPreview, scanTarget } from './scan-shapes.js';
import type { Api } from './server.js';
import { instant } from './shapes.js';

const scan = z
  .object({
    id: z.string(),
    name: z.string(),
    trigger: z.enum(['request', 'schedule']),
    startedBy: z.string().nullable().describe('Who asked for it; null: a schedule did.'),
    startedAt: instant,
    finishedAt: instant.nullable(),
    seconds: z.number().nullable().describe('From start to end; null while it runs.'),
    targets: z.number().int(),
    outcomes: z.record(z.string(), z.number()).readonly().describe('Probes by outcome.'),
    resumable: z.boolean(),
    stoppable: z.boolean().describe('It runs, and `stop` ends it.'),
    progress: z
      .object({
        done: z.number().int().describe('Endpoints probed since the run was started or resumed.'),
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
      .array(scanTarget)
      .min(1)
      .max(1_000)
      .describe('Hosts, host:port, addresses, CIDRs or ranges. The configured scope binds here too.'),
    ports: scanPorts
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
  .describe('A scan to start now.')
  .meta({ id: 'ScanRequest' });

const params = z.strictObject({ id: z.string().min(1).max(128) });
const tags = ['scans'];

/** Scans, and starting and stopping one. */
export function scanRoutes(app: Api, parts: ApiParts): void {
  const { reader } = parts;
  app.get(
    '/api/v1/scans',
    route({
      id: 'listScans',
      summary: 'Scans, latest first',
      access: 'reader',
      schema: { tags, querystring: listQuery, response: { 200: listResponse(scan) } },
    }),
    (request, reply) =>
      sendList(request, reply, request.query, {
        item: scan,
        name: 'scans',
        async page(page) {
          const { items, nextCursor } = await reader.listScans(page);
          return { items: items.map((run) => shown(parts, run)), nextCursor };
        },
      }),
  );
  app.get(
    '/api/v1/scans/:id',
    route({
      id: 'getScan',
      summary: 'One scan, and how far it is',
      access: 'reader',
      schema: { tags, params, response: { 200: scan } },
    }),
    async ({ params: { id } }) => {
      const run = await reader.scanById(id);
      if (run === null) throw new Problem(404, 'there is no scan with this id');
      return shown(parts, run);
    },
  );
  actRoutes(app, parts);
}

function actRoutes(app: Api, parts: ApiParts): void {
  const { actions } = parts;
  app.post(
    '/api/v1/scans',
    route({
      id: 'startScan',
      summary:
        'Start a scan, or with dryRun see what it would do. A scan that was accepted is done, over a restart too',
      access: 'operator',
      audit: 'scan.start',
      schema: {
        tags,
        querystring: z.strictObject({ dryRun: z.stringbool().default(false) }),
        body: asked,
        response: { 200: scanPreview, 202: scan, 422: problem('The targets cannot be scanned.') },
      },
    }),
    async (request, reply) => {
      const { body, actor, query } = request;
      request.auditDetails = {
        targets: body.targets.length,
        first: body.targets.slice(0, 20),
        dryRun: query.dryRun,
      };
      if (query.dryRun) return reply.code(200).send(await actions.previewScan(body));
      const started = await actions.startScan(body, actor.name);
      if (typeof started === 'string') throw new Problem(422, started);
      return reply.code(202).send(shown(parts, started));
    },
  );
  app.post(
    '/api/v1/scans/:id/stop',
    route({
      id: 'stopScan',
      summary: 'Stop a scan that was asked for; what it found stays',
      access: 'operator',
      audit: 'scan.stop',
      schema: {
        tags,
        params,
        response: { 204: z.null().describe('Stopped.'), 409: problem('It cannot be stopped here.') },
      },
    }),
    async ({ params: { id } }, reply) => {
      if (!(await actions.stopScan(id)))
        throw new Problem(
          409,
          'no scan with this id that was asked for is running; scans on a schedule are changed in the configuration',
        );
      return reply.code(204).send(null);
    },
  );
}

const askedBy = /^asked by (.*)$/s;

function shown({ scanProgress, actions }: ApiParts, run: ScanRun) {
  const [, startedBy = null] = askedBy.exec(run.name) ?? [];
  const end = run.finishedAt?.getTime();
  return {
    ...run,
    trigger: startedBy === null ? ('schedule' as const) : ('request' as const),
    startedBy,
    seconds: end === undefined ? null : (end - run.startedAt.getTime()) / 1_000,
    resumable: run.resume !== null,
    stoppable: run.finishedAt === null && actions.isStoppable(run.id),
    progress: run.finishedAt === null ? scanProgress(run.id) : null,
  };
}
