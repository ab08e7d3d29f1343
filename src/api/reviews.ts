import { z } from 'zod';
import { reviewKinds, type ReviewRecord } from '../model/review.js';
import { Problem } from './problem.js';
import { problem, route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { instant, list } from './shapes.js';

const item = z.object({
  id: z.string(),
  title: z.string(),
  detail: z.string(),
  confirmedAt: instant.nullable(),
  confirmedBy: z.string().nullable(),
  note: z.string(),
});

const head = {
  id: z.string(),
  kind: z.enum(reviewKinds),
  from: instant,
  to: instant,
  startedAt: instant,
  startedBy: z.string(),
  closedAt: instant.nullable(),
  closedBy: z.string().nullable(),
  closingNote: z.string(),
  previous: z.string().nullable().describe('The review it is compared with; null: it is the first.'),
  itemCount: z.number(),
  confirmed: z.number(),
};
const summary = z.object(head).meta({ id: 'Review' });
const detail = z
  .object({
    ...head,
    differences: list(z.string()).describe('What changed since the previous one, a line each.'),
    items: list(item),
  })
  .meta({ id: 'ReviewDetail' });

const due = z
  .object({
    kind: z.enum(reviewKinds),
    title: z.string(),
    everyDays: z.number(),
    lastClosedAt: instant.nullable(),
    dueAt: instant.nullable().describe('null: there was none yet.'),
    open: z.string().nullable().describe('Id of the one that is open.'),
  })
  .meta({ id: 'ReviewDue' });

const note = z.string().trim().max(10_000).default('');
const params = z.strictObject({ id: z.string().min(1).max(128) });
const tags = ['reviews'];
const missing = (): Problem => new Problem(404, 'there is no such review; GET /api/v1/reviews lists them');

/** Reviews of the inventory, the policy, and the suites and protocols in use. */
export function reviewRoutes(app: Api, { reviews }: ApiParts): void {
  app.get(
    '/api/v1/reviews',
    route({
      id: 'listReviews',
      summary: 'Reviews, latest first, and when each kind is due',
      access: 'reader',
      schema: {
        tags,
        response: { 200: z.object({ items: list(summary), due: list(due) }).meta({ id: 'Reviews' }) },
      },
    }),
    async () => ({ items: (await reviews.list()).map(shown), due: await reviews.due() }),
  );
  app.get(
    '/api/v1/reviews/:id',
    route({
      id: 'getReview',
      summary: 'One review: what to go through, who confirmed what, and what changed',
      access: 'reader',
      schema: { tags, params, response: { 200: detail } },
    }),
    async ({ params: { id } }) => {
      const review = await reviews.get(id);
      if (review === null) throw missing();
      return shown(review);
    },
  );
  actRoutes(app, reviews);
}

function actRoutes(app: Api, reviews: ApiParts['reviews']): void {
  app.post(
    '/api/v1/reviews',
    route({
      id: 'startReview',
      summary: 'Start a review: gathers what to go through and compares it with the last one',
      access: 'operator',
      audit: 'review.start',
      schema: {
        tags,
        body: z.strictObject({ kind: z.enum(reviewKinds) }),
        response: { 201: detail, 409: problem('One of this kind is open.') },
      },
    }),
    async (request, reply) => {
      const { kind } = request.body;
      const review = done(await reviews.start(kind, request.actor.name));
      request.auditDetails = { review: review.id, kind, items: review.items.length };
      return reply.code(201).send(shown(review));
    },
  );
  app.post(
    '/api/v1/reviews/:id/confirm',
    route({
      id: 'confirmReview',
      summary: 'Confirm items of a review, or all that are left',
      access: 'operator',
      audit: 'review.confirm',
      schema: {
        tags,
        params,
        body: z.strictObject({
          items: z
            .array(z.string().max(128))
            .min(1)
            .max(5_000)
            .nullable()
            .describe('null: all that are left.'),
          note,
        }),
        response: { 200: detail, 409: problem('It is closed, or has no such item.') },
      },
    }),
    async (request) => {
      const { items, note: said } = request.body;
      request.auditDetails = { items: items ?? 'all that are left', note: said };
      return shown(done(await reviews.confirm(request.params.id, items, said, request.actor.name)));
    },
  );
  closeRoute(app, reviews);
}

function closeRoute(app: Api, reviews: ApiParts['reviews']): void {
  app.post(
    '/api/v1/reviews/:id/close',
    route({
      id: 'closeReview',
      summary: 'Close a review of which every item is confirmed; its SHA-256 goes into the audit trail',
      access: 'operator',
      audit: 'review.close',
      schema: {
        tags,
        params,
        body: z.strictObject({ note }),
        response: { 200: detail, 409: problem('It is closed, or items are left.') },
      },
    }),
    async (request) => {
      const { review, sha256 } = done(
        await reviews.close(request.params.id, request.body.note, request.actor.name),
      );
      request.auditDetails = {
        kind: review.kind,
        items: review.items.length,
        note: review.closingNote,
        sha256,
      };
      return shown(review);
    },
  );
}

function done<T extends object>(answer: T | string | null): T {
  if (answer === null) throw missing();
  if (typeof answer === 'string') throw new Problem(409, answer);
  return answer;
}

function shown({ snapshot: _snapshot, ...review }: ReviewRecord) {
  const confirmed = review.items.filter(({ confirmedAt }) => confirmedAt !== null).length;
  return { ...review, itemCount: review.items.length, confirmed };
}
