import { createHash, randomBytes } from 'node:crypto';
import {
  reviewKinds,
  reviewRecord,
  type ReviewDue,
  type ReviewKind,
  type ReviewRecord,
  type Reviews,
} from '../model/review.js';
import { differences } from '../reports/reviews/differences.js';
import { kindsOfReview, type NewItem, type ReviewInput } from '../reports/reviews/kinds.js';
import type { Store } from '../store/store.js';

/** What reviews work with. */
export interface ReviewParts {
  readonly store: Pick<Store, 'records' | 'writeRecords'>;
  /** What a review of this time is made from. */
  input(from: Date, to: Date): ReviewInput;
  now(): Date;
}

const dayMs = 86_400_000;

/** Reviews over what is stored. */
export function createReviews({ store, input, now }: ReviewParts): Reviews {
  const list = async (): Promise<readonly ReviewRecord[]> =>
    (await store.records('review'))
      .map(({ body }) => reviewRecord.parse(body))
      .sort((left, right) => right.startedAt.getTime() - left.startedAt.getTime());
  const find = async (id: string): Promise<ReviewRecord | null> =>
    (await list()).find((review) => review.id === id) ?? null;
  const keep = async (review: ReviewRecord): Promise<ReviewRecord> => {
    await store.writeRecords([{ kind: 'review', id: review.id, changedAt: now(), body: review }]);
    return review;
  };
  return {
    list,
    get: find,
    due: async () => dueOf(await list()),
    async start(kind, actor) {
      const known = (await list()).filter((review) => review.kind === kind);
      const open = known.find(({ closedAt }) => closedAt === null);
      if (open !== undefined) return `${open.id} is open: confirm its items and close it first`;
      return keep(await begin({ kind, actor, at: now(), last: known[0] ?? null }, input));
    },
    async confirm(id, wanted, note, actor) {
      const review = await find(id);
      if (review === null || review.closedAt !== null) return review === null ? null : isClosed(review);
      const unknown = (wanted ?? []).filter((one) => !review.items.some((item) => item.id === one));
      if (unknown.length > 0) return `${id} has no item ${unknown.slice(0, 5).join(', ')}`;
      const items = review.items.map((item) => {
        const isMeant = wanted === null ? item.confirmedAt === null : wanted.includes(item.id);
        return isMeant ? { ...item, confirmedAt: now(), confirmedBy: actor, note } : item;
      });
      return keep({ ...review, items });
    },
    async close(id, note, actor) {
      const review = await find(id);
      if (review === null || review.closedAt !== null) return review === null ? null : isClosed(review);
      const left = review.items.filter(({ confirmedAt }) => confirmedAt === null);
      if (left.length > 0)
        return `${left.length} items are not confirmed yet, for example ${left[0]?.id ?? ''}`;
      const closed = { ...review, closedAt: now(), closedBy: actor, closingNote: note };
      await keep(closed);
      const sha256 = createHash('sha256').update(JSON.stringify(closed)).digest('hex');
      return { review: closed, sha256 };
    },
  };
}

interface Beginning {
  readonly kind: ReviewKind;
  readonly actor: string;
  readonly at: Date;
  readonly last: ReviewRecord | null;
}

/** A review of the time since the last one. */
async function begin(
  { kind, actor, at, last }: Beginning,
  input: ReviewParts['input'],
): Promise<ReviewRecord> {
  const { everyDays, build } = kindsOfReview[kind];
  const from = last?.to ?? new Date(at.getTime() - everyDays * dayMs);
  const { items, snapshot } = await build(input(from, at));
  return {
    id: `${at.toISOString().slice(0, 10)}-${kind}-${randomBytes(2).toString('hex')}`,
    kind,
    from,
    to: at,
    startedAt: at,
    startedBy: actor,
    closedAt: null,
    closedBy: null,
    closingNote: '',
    previous: last?.id ?? null,
    differences: last === null ? [] : [...differences(last.snapshot, snapshot)],
    items: numbered(items).map((item) => ({ ...item, confirmedAt: null, confirmedBy: null, note: '' })),
    snapshot: { ...snapshot },
  };
}

function isClosed({ id, closedAt, closedBy }: ReviewRecord): string {
  return `${id} was closed on ${closedAt?.toISOString() ?? ''} by ${closedBy ?? ''}`;
}

/** When each kind is due: its interval after the last one was closed. */
function dueOf(reviews: readonly ReviewRecord[]): readonly ReviewDue[] {
  return reviewKinds.map((kind) => {
    const { title, everyDays } = kindsOfReview[kind];
    const own = reviews.filter((review) => review.kind === kind);
    const lastClosedAt = own.find(({ closedAt }) => closedAt !== null)?.closedAt ?? null;
    return {
      kind,
      title,
      everyDays,
      lastClosedAt,
      dueAt: lastClosedAt === null ? null : new Date(lastClosedAt.getTime() + everyDays * dayMs),
      open: own.find(({ closedAt }) => closedAt === null)?.id ?? null,
    };
  });
}

/** Items whose names differ in characters only that an id leaves out are told apart by a number. */
function numbered(items: readonly NewItem[]): readonly NewItem[] {
  const seen = new Map<string, number>();
  return items.map((item) => {
    const count = (seen.get(item.id) ?? 0) + 1;
    seen.set(item.id, count);
    return count === 1 ? item : { ...item, id: `${item.id}-${count}` };
  });
}
