import { z } from 'zod';
import { findingChanges, findingStates, resolutions, subjectKinds, type Finding } from '../model/finding.js';
import { Problem } from './problem.js';
import { problem, problems, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { anyOf, filterText, hostFilter, instant, list, page, pageQuery, severity, sha256 } from './shapes.js';
import { severities } from '../model/severity.js';

const subjectKind = z.string().describe(`One of ${subjectKinds.join(', ')}, or a kind a rule brought along.`);

const evidence = z.object({
  label: z.string(),
  value: z.string(),
  expected: z
    .string()
    .nullable()
    .describe('What it should have been; null when there is no single right value.'),
  source: z.string(),
  at: instant.nullable(),
});

const finding = z
  .object({
    id: z.string(),
    rule: z.string(),
    severity,
    title: z.string(),
    subject: z.object({ kind: subjectKind, key: z.string() }),
    details: z.record(z.string(), z.unknown()).readonly(),
    evidence: z.array(evidence).readonly(),
    cause: z.string().describe('The same for findings that belong together.'),
    host: z.string().nullable(),
    certificateSha256: z.string().nullable(),
    dueAt: instant.nullable().describe('When it hurts, for example notAfter.'),
    owner: z.string().nullable(),
    environment: z.string().nullable(),
    tags: z.array(z.string()).readonly(),
    state: z.enum(findingStates),
    revision: z.number().int(),
    change: z.enum(findingChanges).describe('What this revision changed.'),
    until: instant.nullable().describe('End of a silence or an acceptance.'),
    resolution: z.enum(resolutions).nullable().describe('Why it was resolved; null unless it is.'),
    firstSeenAt: instant,
    openedAt: instant,
    lastSeenAt: instant,
    resolvedAt: instant.nullable(),
    assignee: z.string().nullable(),
    ticket: z.string().nullable(),
    changedBy: z.string(),
    note: z.string().nullable(),
  })
  .meta({ id: 'Finding' });

const query = pageQuery.extend({
  ...hostFilter,
  id: filterText.optional(),
  state: anyOf(findingStates).optional(),
  severity: anyOf(severities).optional(),
  rule: filterText.optional(),
  certificateSha256: sha256.optional(),
  subjectKind: filterText.optional(),
  subjectKey: filterText.optional(),
});

const params = z.strictObject({ id: z.string().regex(/^[0-9a-f]{32}$/, 'must be 32 hex digits') });
const word = z
  .strictObject({ note: z.string().max(2_000).nullable().default(null).describe('Why, for colleagues.') })
  .nullish();
const tags = ['findings'];

/** Findings: what is wrong, since when, and what people said of it. */
export function findingRoutes(app: Api, { reader, actions }: ApiParts): void {
  app.get(
    '/api/v1/findings',
    {
      config: { access: 'reader' },
      schema: {
        tags,
        summary: 'Findings, latest opened first',
        querystring: query,
        response: { 200: page(finding), ...problems },
      },
    },
    ({ query: { limit, cursor, state, severity, ...filter } }) =>
      reader.listFindings({ ...filter, states: state, severities: severity }, { limit, cursor }),
  );
  app.get(
    '/api/v1/findings/:id',
    {
      config: { access: 'reader' },
      schema: {
        tags,
        summary: 'One finding with every state it was in, oldest first',
        params,
        response: { 200: finding.extend({ history: list(finding) }), ...problems },
      },
    },
    async ({ params: { id } }) => ({
      ...orMissing(await reader.findingById(id)),
      history: await reader.findingHistory(id),
    }),
  );
  for (const action of ['acknowledge', 'silence', 'reopen'] as const) {
    app.post(
      `/api/v1/findings/:id/${action}`,
      {
        config: { access: 'operator', audit: `finding.${action}` },
        schema: {
          tags,
          summary: sayings[action],
          params,
          body: word,
          response: { 200: finding, 409: problem('The finding is resolved.'), ...problems },
        },
      },
      async ({ params: { id }, body, actor }) => {
        const current = orMissing(await reader.findingById(id));
        if (current.state === 'resolved' && action !== 'reopen')
          throw new Problem(409, `the finding is resolved; there is nothing to ${action}`);
        const note = body?.note ?? null;
        const act = action === 'silence' ? { action, until: null, note } : { action, note };
        return orMissing(await actions.changeFinding(id, act, actor.name));
      },
    );
  }
}

const sayings = {
  acknowledge: 'Say that somebody works on it: alerts stop until it changes',
  silence: 'Say that it does not matter: no alerts any more',
  reopen: 'Take back what was said',
} as const;

function orMissing(found: Finding | null): Finding {
  if (found === null) throw new Problem(404, 'there is no finding with this id');
  return found;
}
