import { Readable } from 'node:stream';
import { z } from 'zod';
import { incidentKinds, incidentProgress, type NewIncident } from '../model/emergency.js';
import { Problem } from './problem.js';
import { formatQuery, pagePolicy, reportTypes, scopeOf, scopeQuery, sendFile, started } from './reports.js';
import { file, problem, route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { instant, list } from './shapes.js';

const hash = /^[0-9a-f]{64}$/i;

const value = z
  .string()
  .trim()
  .min(1)
  .max(1_000)
  .regex(/^[^\p{Cc}]*$/u, 'must be one line of text');
const asked = z
  .strictObject({
    kind: z.enum(incidentKinds),
    value: value.describe(
      'key: SHA-256 of the public key (SPKI). issuer: distinguished name or common name. intermediate: also the SHA-256 of its certificate. ca: organization or common name. log: id, description or operator.',
    ),
    note: z.string().trim().max(10_000).default('').describe('What happened.'),
    drill: z.boolean().default(false).describe('An exercise: marked as one everywhere.'),
  })
  .refine(({ kind, value: given }) => kind !== 'key' || hash.test(given), {
    path: ['value'],
    message: 'must be the SHA-256 of a public key: 64 hexadecimal digits',
  })
  .meta({ id: 'IncidentRequest' });

const progress = z.object(incidentProgress.shape).meta({ id: 'IncidentProgress' });
const shape = {
  id: z.string(),
  kind: z.enum(incidentKinds),
  value: z.string(),
  note: z.string(),
  drill: z.boolean(),
  openedAt: instant,
  openedBy: z.string(),
  closedAt: instant.nullable(),
  closedBy: z.string().nullable(),
  closingNote: z.string(),
  atOpening: progress,
  atClosing: progress.nullable(),
};
const record = z.object(shape).meta({ id: 'Incident' });
const detail = z
  .object({ ...shape, progress: progress.describe('As it is now.') })
  .meta({ id: 'IncidentDetail' });

const params = z.strictObject({ id: z.string().min(1).max(128) });
const tags = ['incidents'];
const missing = (): Problem =>
  new Problem(404, 'there is no such incident; GET /api/v1/incidents lists them');

/** Incidents: everything that shares a key, an issuer, a CA or a log, and how far it is replaced. */
export function incidentRoutes(app: Api, { incidents }: ApiParts): void {
  app.get(
    '/api/v1/incidents',
    route({
      id: 'listIncidents',
      summary: 'Incidents and drills, latest first',
      access: 'reader',
      schema: { tags, response: { 200: z.object({ items: list(record) }).meta({ id: 'Incidents' }) } },
    }),
    async () => ({ items: await incidents.list() }),
  );
  app.post(
    '/api/v1/incidents',
    route({
      id: 'openIncident',
      summary: 'Open an incident, or the exercise of one: finds what is affected',
      access: 'operator',
      audit: 'incident.open',
      schema: { tags, body: asked, response: { 201: record } },
    }),
    async (request, reply) => {
      const opened = await incidents.open(normal(request.body), request.actor.name);
      const { id, kind, value: of, drill, note } = opened;
      request.auditDetails = { id, kind, value: of, drill, note, ...opened.atOpening };
      return reply.code(201).send(opened);
    },
  );
  app.get(
    '/api/v1/incidents/:id',
    route({
      id: 'getIncident',
      summary: 'One incident, and how far the replacement is now',
      access: 'reader',
      schema: { tags, params, response: { 200: detail } },
    }),
    async ({ params: { id } }) => {
      const found = await incidents.get(id);
      if (found === null) throw missing();
      return { ...found.record, progress: found.progress };
    },
  );
  closeRoute(app, incidents);
  reportRoute(app, incidents);
}

function closeRoute(app: Api, incidents: ApiParts['incidents']): void {
  app.post(
    '/api/v1/incidents/:id/close',
    route({
      id: 'closeIncident',
      summary: 'Close an incident; it stays on record with what was left to do',
      access: 'operator',
      audit: 'incident.close',
      schema: {
        tags,
        params,
        body: z.strictObject({ note: z.string().trim().max(10_000).default('') }),
        response: { 200: record, 409: problem('It is closed already.') },
      },
    }),
    async (request) => {
      const closed = await incidents.close(request.params.id, request.body.note, request.actor.name);
      if (closed === null) throw missing();
      if (typeof closed === 'string') throw new Problem(409, closed);
      request.auditDetails = { note: closed.closingNote, ...closed.atClosing };
      return closed;
    },
  );
}

function reportRoute(app: Api, incidents: ApiParts['incidents']): void {
  app.get(
    '/api/v1/incidents/:id/report',
    route({
      id: 'getIncidentReport',
      summary: 'What is affected, whose it is, in the order of replacement: as a page, JSON or CSV',
      access: 'reader',
      schema: {
        tags,
        params,
        querystring: scopeQuery.extend(formatQuery),
        response: { 200: file('The report.', 'text/html') },
      },
    }),
    async ({ params: { id }, query: { format, table, ...scope } }, reply) => {
      const content = await incidents.report(id, scopeOf(scope), format, table ?? null);
      if (content === null) throw missing();
      if (format === 'html') void reply.header('content-security-policy', pagePolicy);
      const pieces = Readable.from(await started(content));
      return sendFile(reply, pieces, reportTypes[format], `inline; filename="incident-${id}.${format}"`);
    },
  );
}

/** Hashes in lower case, as they are stored. */
function normal(incident: NewIncident): NewIncident {
  const { value: given } = incident;
  return hash.test(given) ? { ...incident, value: given.toLowerCase() } : incident;
}
