import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { ReportRequest, ReportScope } from '../model/reporting.js';
import { Problem } from './problem.js';
import { file, route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { list } from './shapes.js';

const description = z
  .object({ id: z.string(), title: z.string(), description: z.string() })
  .meta({ id: 'ReportDescription' });

const longestDays = 3_700;
const scopePart = (what: string): z.ZodOptional<z.ZodString> =>
  z.string().min(1).max(253).optional().describe(what);

/** What limits a report. */
export const scopeQuery = z.strictObject({
  domain: scopePart('Only this domain and what lies below it.'),
  owner: scopePart('Only what belongs to this owner.'),
  environment: scopePart('Only this environment.'),
  tag: scopePart('Only what has this tag.'),
});

/** In which form a report is wanted. */
export const formatQuery = {
  format: z.enum(['html', 'json', 'csv']).default('html').describe('csv gives one table, see `table`.'),
  table: z.string().max(64).optional().describe('The table that CSV is to hold; the first if absent.'),
};

const periodQuery = z.strictObject({
  from: z.iso.datetime({ offset: true }).describe('Start of the period, for example 2026-01-01T00:00:00Z.'),
  to: z.iso.datetime({ offset: true }).describe('End of the period; after `from`, at most ten years.'),
  ...scopeQuery.shape,
});

const reportQuery = periodQuery.extend(formatQuery);

/** Media types of reports. */
export const reportTypes = {
  html: 'text/html; charset=utf-8',
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
} as const;

/** Reports as pages bring their style along; nothing of them runs or loads anything. */
export const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";

const tags = ['reports'];

/** Reports for a period. */
export function reportRoutes(app: Api, { reporting, now }: ApiParts): void {
  app.get(
    '/api/v1/reports',
    route({
      id: 'listReports',
      summary: 'Every report',
      access: 'reader',
      schema: { tags, response: { 200: z.object({ items: list(description) }).meta({ id: 'Reports' }) } },
    }),
    () => ({ items: reporting.reports }),
  );
  app.get(
    '/api/v1/reports/:id',
    route({
      id: 'getReport',
      summary: 'A report for a period, as a page, JSON or CSV',
      access: 'reader',
      schema: {
        tags,
        params: z.object({ id: z.string().max(64) }),
        querystring: reportQuery,
        response: { 200: file('The report.', 'text/html') },
      },
    }),
    async ({ params, query }, reply) => {
      const { format, table } = query;
      const content = reporting.report(params.id, requestOf(query, now()), format, table ?? null);
      if (content === null)
        throw new Problem(404, `There is no report ${params.id}; GET /api/v1/reports lists them.`);
      const pieces = Readable.from(await started(content));
      if (format === 'html') void reply.header('content-security-policy', pagePolicy);
      return sendFile(reply, pieces, reportTypes[format], `inline; filename="${params.id}.${format}"`);
    },
  );
}

/** Evidence for auditors. */
export function evidenceRoutes(app: Api, { reporting, now }: ApiParts): void {
  app.get(
    '/api/v1/evidence',
    route({
      id: 'listFrameworks',
      summary: 'Frameworks that evidence can be exported for',
      access: 'reader',
      schema: { tags, response: { 200: z.object({ items: list(description) }).meta({ id: 'Frameworks' }) } },
    }),
    () => ({ items: reporting.frameworks }),
  );
  app.get(
    '/api/v1/evidence/:framework',
    route({
      id: 'exportEvidence',
      summary: 'A signed archive of everything that answers a framework for a period',
      access: 'admin',
      audit: 'evidence.export',
      schema: {
        tags,
        params: z.object({ framework: z.string().max(64) }),
        querystring: periodQuery,
        response: { 200: file('A zip archive; `certglass evidence verify` checks it.', 'application/zip') },
      },
    }),
    async ({ params, query }, reply) => {
      const archive = await reporting.evidence(params.framework, requestOf(query, now()));
      if (archive === null)
        throw new Problem(404, `There is no framework ${params.framework}; GET /api/v1/evidence lists them.`);
      const name = `attachment; filename="${params.framework}.zip"`;
      return sendFile(reply, archive, 'application/zip', name);
    },
  );
}

/** A stream is an answer that no schema describes further. */
export function sendFile(reply: FastifyReply, content: Readable, type: string, disposition: string): never {
  return reply.header('content-type', type).header('content-disposition', disposition).send(content) as never;
}

/** The first piece is waited for, so that what fails at once is answered as a problem. */
export async function started(content: AsyncIterable<string>): Promise<AsyncIterable<string>> {
  const iterator = content[Symbol.asyncIterator]();
  const first = await iterator.next();
  return (async function* () {
    if (first.done !== true) yield first.value;
    yield* { [Symbol.asyncIterator]: () => iterator };
  })();
}

function requestOf(query: z.infer<typeof periodQuery>, now: Date): ReportRequest {
  const [from, to] = [new Date(query.from), new Date(query.to)];
  if (!(from < to)) throw new Problem(400, '`from` must lie before `to`.');
  if (to.getTime() - from.getTime() > longestDays * 86_400_000)
    throw new Problem(400, 'A period is at most ten years.');
  if (from > now) throw new Problem(400, '`from` lies in the future.');
  return { from, to, scope: scopeOf(query) };
}

/** The limits that a query names. */
export function scopeOf({ domain, owner, environment, tag }: z.infer<typeof scopeQuery>): ReportScope {
  return {
    domain: domain?.toLowerCase() ?? null,
    owner: owner ?? null,
    environment: environment ?? null,
    tag: tag ?? null,
  };
}
