import { z } from 'zod';
import { severities } from '../model/severity.js';
import { findingGroup } from './finding-shapes.js';
import { route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { instant, list } from './shapes.js';
import { createOverview } from './overview-figures.js';

const share = z.object({ key: z.string().describe('Empty: none is known.'), served: z.number().int() });
const count = z.number().int();

const overview = z
  .object({
    at: instant.describe('When the figures were taken; they are kept for some seconds.'),
    findings: z.object({
      open: z.record(z.enum(severities), count).describe('Open findings by severity.'),
      states: z.record(z.string(), count).describe('Findings not resolved, by state.'),
      causes: count.describe('Causes of the open findings.'),
    }),
    causes: list(findingGroup).describe('The worst causes of open findings, at most 6.'),
    figures: z.object({
      certificatesServed: count,
      certificatesValid: count.describe('Issued, known and not expired.'),
      endpoints: count,
      endpointsAnswering: count,
      endpointsObservedToday: count,
      names: count,
      servedInInventory: count.describe('Served certificates that an inventory holds.'),
      ctLogs: count,
      ctLogsCurrent: count.describe('Followed logs that are read to the end.'),
    }),
    logs: list(
      z.object({ logId: z.string(), log: z.string(), behind: count, lagSeconds: z.number() }),
    ).describe('The slowest logs, at most 5.'),
    inventory: z.object({
      sources: count,
      failing: list(z.string()).describe('Whose last run was not complete.'),
    }),
    scans: z.object({ running: count, lastFinishedAt: instant.nullable() }),
    deliveries: z.object({ failed: count, pending: count }),
    byIssuer: list(share),
    byOwner: list(share.extend({ open: count, worst: z.enum(severities).nullable() })),
    byEnvironment: list(share),
  })
  .meta({ id: 'Overview' });

const expiryDay = z.object({
  day: instant,
  overdue: count.describe('Past two thirds of their life, and no successor was issued.'),
  notInstalled: count.describe('A successor was issued, and this is served still.'),
  onCourse: count,
});

const recall = z.object({
  operator: z.string().describe('Who runs the log that signed the SCT; `all` first.'),
  served: count.describe('Served certificates with an SCT of a log of this operator.'),
  seen: count.describe('Those of which CT showed the issuance.'),
});

const tags = ['overview'];
const days = (usual: number, most: number) =>
  z.strictObject({ days: z.coerce.number().int().min(1).max(most).default(usual) });

/** What to do now, what expires when, and how much of it CT showed. */
export function overviewRoutes(app: Api, parts: ApiParts): void {
  const { reader, now } = parts;
  const figures = createOverview(parts);
  app.get(
    '/api/v1/overview',
    route({
      id: 'getOverview',
      summary: 'Figures, worst causes and shares of the overview',
      access: 'reader',
      schema: { tags, response: { 200: overview } },
    }),
    () => figures(),
  );
  app.get(
    '/api/v1/timeline/expiry',
    route({
      id: 'getExpiryTimeline',
      summary: 'Served certificates by the day they expire: overdue, not installed, on course',
      access: 'reader',
      schema: {
        tags,
        querystring: days(90, 398),
        response: { 200: z.object({ items: list(expiryDay) }).meta({ id: 'ExpiryTimeline' }) },
      },
    }),
    async ({ query }) => ({ items: await reader.expiryDays(now(), query.days) }),
  );
  app.get(
    '/api/v1/recall',
    route({
      id: 'getRecall',
      summary: 'How much of what is served CT showed, by log operator',
      access: 'reader',
      schema: {
        tags,
        querystring: days(30, 366),
        response: { 200: z.object({ items: list(recall) }).meta({ id: 'Recall' }) },
      },
    }),
    async ({ query }) => ({
      items: await recallBy(parts, new Date(now().getTime() - query.days * 86_400_000)),
    }),
  );
}

async function recallBy({ reader, insight }: ApiParts, since: Date) {
  const [sample, logs] = await Promise.all([reader.recallSample(since), reader.listCtLogs()]);
  const operators = new Map(logs.map(({ logId, operator }) => [logId, operator]));
  const counts = new Map([['all', { served: 0, seen: 0 }]]);
  for (const { der, logged } of sample) {
    const signers = new Set(insight.sctLogIds(der).map((id) => operators.get(id) ?? 'other logs'));
    for (const operator of ['all', ...signers]) {
      const current = counts.get(operator) ?? { served: 0, seen: 0 };
      counts.set(operator, { served: current.served + 1, seen: current.seen + (logged ? 1 : 0) });
    }
  }
  const rows = [...counts].map(([operator, of]) => ({ operator, ...of }));
  return [...rows.slice(0, 1), ...rows.slice(1).sort((a, b) => b.served - a.served)];
}
