import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Finding } from '../model/finding.js';
import { needsOpenFinding, type FindingAct, type FindingAction } from '../model/finding-act.js';
import { finding, findingFilters, findingId, storeFilter, type FindingFilters } from './finding-shapes.js';
import { findingsWithinScope, isVisible } from './listing/scope.js';
import { Problem } from './problem.js';
import { problem, route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { list, moment } from './shapes.js';

/** Findings that one bulk action changes at most. */
const mostAtOnce = 10_000;

const note = z
  .string()
  .max(2_000)
  .nullable()
  .default(null)
  .describe('A comment for colleagues; kept in the history.');
const needed = z.string().min(1, 'is needed').max(2_000).describe('Why; kept in the history.');
const until = moment
  .nullable()
  .default(null)
  .describe('When it opens again, if it is still true; null: not before it was resolved.');
const assignee = z.string().min(1).max(200).nullable().describe('null: unassigned.');
const ticket = z.string().min(1).max(500).nullable().describe('Number or address of a ticket; null: none.');

/** What each action takes. */
const bodies = {
  acknowledge: z.strictObject({ note }),
  silence: z.strictObject({ note, until }),
  accept: z.strictObject({ note: needed, until }),
  assign: z.strictObject({ note, assignee }),
  comment: z.strictObject({ note: needed }),
  ticket: z.strictObject({ note, ticket }),
  reopen: z.strictObject({ note }),
} as const;

const summaries: Readonly<Record<FindingAction, string>> = {
  acknowledge: 'Acknowledge: being worked on; no alerts until it gets worse',
  silence: 'Silence: no alerts until a date, or for good',
  accept: 'Accept the risk, with the reason, until a date or for good',
  assign: 'Assign to a person or team',
  comment: 'Comment',
  ticket: 'Note the ticket it is worked on under',
  reopen: 'Undo acknowledge, silence or accept',
};

const params = z.strictObject({ id: findingId });
const tags = ['findings'];
const actions = Object.keys(bodies) as FindingAction[];

/** What people do with findings. */
export function findingActRoutes(app: Api, parts: ApiParts): void {
  for (const action of actions) actRoute(app, parts, action);
  bulkRoute(app, parts);
}

function actRoute(app: Api, parts: ApiParts, action: FindingAction): void {
  app.post(
    `/api/v1/findings/:id/${action}`,
    route({
      id: `${action}Finding`,
      summary: summaries[action],
      access: 'operator',
      scoped: true,
      audit: `finding.${action}`,
      schema: {
        tags,
        params,
        // Nothing has to be said of most actions.
        body: z.preprocess((body) => body ?? {}, bodies[action]),
        response: { 200: finding, 409: problem('The finding is resolved.') },
      },
    }),
    async (request) => {
      const act = { ...(request.body as object), action } as FindingAct;
      request.auditDetails = { ...act };
      const current = await visibleFinding(parts, request, request.params.id);
      if (current.state === 'resolved' && needsOpenFinding(action))
        throw new Problem(409, `the finding is resolved; there is nothing to ${action}`);
      return orMissing(await parts.actions.changeFinding(current.id, act, request.actor.name));
    },
  );
}

const bulkBody = z
  .strictObject({
    ids: z.array(findingId).min(1).max(mostAtOnce).optional().describe('These findings ...'),
    filter: z
      .strictObject(findingFilters)
      .optional()
      .describe('... or all that pass these filters, which are those of the list.'),
    action: z.enum(actions as [FindingAction, ...FindingAction[]]),
    note: z.string().max(2_000).nullable().default(null),
    until,
    assignee: assignee.optional(),
    ticket: ticket.optional(),
  })
  .refine(({ ids, filter }) => (ids === undefined) !== (filter === undefined), {
    message: 'give either ids or a filter',
  })
  .meta({ id: 'BulkAction' });

const bulkResult = z
  .object({
    matched: z.number().int(),
    changed: z.number().int(),
    skipped: list(z.object({ id: z.string(), reason: z.string() })).describe(
      'The first 100 that were left as they are.',
    ),
  })
  .meta({ id: 'BulkResult' });

function bulkRoute(app: Api, parts: ApiParts): void {
  app.post(
    '/api/v1/findings/bulk',
    route({
      id: 'changeFindings',
      summary: 'One action on many findings, by ids or by filter',
      access: 'operator',
      scoped: true,
      audit: 'finding.bulk',
      schema: {
        tags,
        body: bulkBody,
        response: {
          200: bulkResult,
          422: problem('The action lacks what it needs, or too many findings pass.'),
        },
      },
    }),
    async (request) => {
      const { ids, filter, ...said } = request.body;
      const act = actOf(said);
      const found = await matching(parts, request, ids, filter);
      const result = await changeAll(parts, found, act, request.actor.name);
      request.auditDetails = {
        ...act,
        ids: ids?.slice(0, 100),
        filter,
        ...result,
        skipped: result.skipped.length,
      };
      return result;
    },
  );
}

/** The action, with what it needs; refused when that was not said. */
function actOf({ action, ...said }: Omit<z.output<typeof bulkBody>, 'ids' | 'filter'>): FindingAct {
  const shape = bodies[action];
  const own = Object.fromEntries(Object.entries(said).filter(([key]) => key in shape.shape));
  const { until: end } = said;
  const parsed = shape.safeParse(end !== null && 'until' in own ? { ...own, until: end.toISOString() } : own);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
    throw new Problem(422, `${action}: ${faults.join('; ')}`);
  }
  return { ...parsed.data, action } as FindingAct;
}

async function matching(
  { reader }: ApiParts,
  request: FastifyRequest,
  ids: readonly string[] | undefined,
  filter: FindingFilters | undefined,
): Promise<readonly Finding[]> {
  const wanted = {
    ...(filter === undefined ? { ids } : storeFilter(filter)),
    ...findingsWithinScope(request),
  };
  const found: Finding[] = [];
  for (let cursor: string | null = null; ;) {
    const page = await reader.sortedFindings(
      wanted,
      { by: 'openedAt', descending: true },
      { limit: 1_000, cursor },
    );
    found.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === null) return found;
    if (found.length >= mostAtOnce)
      throw new Problem(422, `more than ${mostAtOnce} findings pass; narrow the filter`);
  }
}

async function changeAll(parts: ApiParts, found: readonly Finding[], act: FindingAct, actor: string) {
  const skipped: { id: string; reason: string }[] = [];
  let changed = 0;
  for (const { id, state, revision } of found) {
    if (state === 'resolved' && needsOpenFinding(act.action)) skipped.push({ id, reason: 'it is resolved' });
    else {
      const after = await parts.actions.changeFinding(id, act, actor);
      if (after === null) skipped.push({ id, reason: 'it is gone' });
      else if (after.revision === revision) skipped.push({ id, reason: 'it was so already' });
      else changed += 1;
    }
  }
  return { matched: found.length, changed, skipped: skipped.slice(0, 100) };
}

/** The finding, unless there is none or the credential may not see it. */
export async function visibleFinding(
  { reader }: ApiParts,
  request: FastifyRequest,
  id: string,
): Promise<Finding> {
  const found = orMissing(await reader.findingById(id));
  const { scope } = request.actor;
  const hasTag = found.tags.some((tag) => scope?.tags.includes(tag) === true);
  if (!hasTag && !isVisible(request, [found.host])) return orMissing(null);
  return found;
}

function orMissing(found: Finding | null): Finding {
  if (found === null) throw new Problem(404, 'there is no finding with this id');
  return found;
}
