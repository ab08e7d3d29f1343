import { jsonLine } from '../lib/json-line.js';
import { printable } from '../lib/printable.js';
import { findService, type RemoteOptions } from './find-service.js';
import { lookOf } from './look.js';
import { getJson, postJson } from './remote.js';
import { renderTable } from './table.js';

/** Options of `certglass review`. */
export interface ReviewOptions extends RemoteOptions {
  readonly note?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

interface Item {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly confirmedAt: string | null;
  readonly confirmedBy: string | null;
}

interface Review {
  readonly id: string;
  readonly kind: string;
  readonly startedAt: string;
  readonly closedAt: string | null;
  readonly closedBy: string | null;
  readonly itemCount: number;
  readonly confirmed: number;
  readonly previous: string | null;
  readonly differences: readonly string[];
  readonly items: readonly Item[];
}

interface Due {
  readonly title: string;
  readonly dueAt: string | null;
  readonly open: string | null;
}

/** `certglass review list`. */
export async function listReviews(options: ReviewOptions): Promise<number> {
  const answer = await getJson(findService(options, process.env), '/api/v1/reviews');
  const { items, due } = answer as unknown as {
    readonly items: readonly Review[];
    readonly due: readonly Due[];
  };
  if (options.json === true) {
    for (const item of items) process.stdout.write(`${jsonLine(item)}\n`);
    return 0;
  }
  const columns = [
    { title: 'ID', text: ({ id }: Review) => id, minWidth: 16 },
    { title: 'STARTED', text: ({ startedAt }: Review) => startedAt.slice(0, 10) },
    { title: 'STATE', text: stateOf },
    { title: 'CONFIRMED', text: ({ confirmed, itemCount }: Review) => `${confirmed} of ${itemCount}` },
  ];
  if (items.length > 0)
    process.stdout.write(renderTable(items, columns, lookOf(process.stdout, process.env)));
  for (const { title, dueAt, open } of due)
    process.stdout.write(
      `${title}: ${open === null ? `due ${dueAt?.slice(0, 10) ?? 'now, there was none yet'}` : `${open} is open`}\n`,
    );
  return 0;
}

/** `certglass review start KIND`. */
export async function startReview(kind: string, options: ReviewOptions): Promise<number> {
  const review = await postJson(findService(options, process.env), '/api/v1/reviews', { kind });
  return print(review as unknown as Review, options);
}

/** `certglass review show ID`. */
export async function showReview(id: string, options: ReviewOptions): Promise<number> {
  return print((await getJson(findService(options, process.env), pathOf(id))) as unknown as Review, options);
}

/** `certglass review confirm ID ITEM...`, or with `--all` every item that is left. */
export async function confirmReview(
  id: string,
  items: readonly string[],
  options: ReviewOptions,
): Promise<number> {
  if (items.length === 0 && options.all !== true)
    throw new Error('name the items to confirm, as certglass review show prints them, or give --all');
  const body = { items: options.all === true ? null : items, note: options.note ?? '' };
  const answer = await postJson(findService(options, process.env), `${pathOf(id)}/confirm`, body);
  const { confirmed, itemCount } = answer as unknown as Review;
  process.stdout.write(`${id}: ${confirmed} of ${itemCount} items confirmed\n`);
  return 0;
}

/** `certglass review close ID`. */
export async function closeReview(id: string, options: ReviewOptions): Promise<number> {
  await postJson(findService(options, process.env), `${pathOf(id)}/close`, { note: options.note ?? '' });
  process.stdout.write(`${id} is closed\n`);
  return 0;
}

function pathOf(id: string): string {
  return `/api/v1/reviews/${encodeURIComponent(id)}`;
}

function stateOf({ closedAt, closedBy }: Review): string {
  return closedAt === null ? 'open' : `closed ${closedAt.slice(0, 10)} by ${closedBy ?? ''}`;
}

function print(review: Review, { json }: ReviewOptions): number {
  if (json === true) process.stdout.write(`${jsonLine(review)}\n`);
  else {
    const { id, kind, previous, items } = review;
    const lines = [
      `Review ${id} (${kind}), ${stateOf(review)}, ${review.confirmed} of ${review.itemCount} confirmed`,
      ...(previous === null
        ? ['It is the first: there is nothing to compare it with.']
        : [`Since ${previous}: ${review.differences.length === 0 ? 'nothing changed' : ''}`]),
      ...review.differences.map((line) => `  ${printable(line, 300)}`),
      '',
      ...items.map(
        ({ id: item, title, detail, confirmedBy }) =>
          `[${confirmedBy === null ? ' ' : 'x'}] ${item}: ${printable(title, 200)}: ${printable(detail, 300)}${confirmedBy === null ? '' : ` (${printable(confirmedBy)})`}`,
      ),
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  return 0;
}
