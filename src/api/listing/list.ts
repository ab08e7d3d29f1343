import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Problem } from '../problem.js';
import { list as listOf, pageQuery, slice } from '../shapes.js';
import { acceptedCoding } from '../web/encoding.js';
import { csvLine } from '../../lib/csv.js';
import { pick, type WireRow } from './formats.js';

/** Rows that one export writes at most. */
export const maxExported = 1_000_000;
const exportedAtATime = 1_000;
const maxFields = 100;

/** What every list can be asked: which page, which fields, which format. Spread it into the list's own query. */
export const listQuery = pageQuery.extend({
  fields: z
    .string()
    .max(2_000)
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(z.array(z.string().min(1)).min(1).max(maxFields))
    .optional()
    .describe('Only these fields of each item, separated by commas.'),
  format: z
    .enum(['json', 'csv', 'ndjson'])
    .default('json')
    .describe(
      `csv and ndjson stream everything that passes the filters (at most ${maxExported} rows), from the cursor on; json gives a page.`,
    ),
});

/** `sort=name` or `sort=-name`, which is downwards; left out: as the list says. */
export function sortWord<const Names extends readonly [string, ...string[]]>(names: Names) {
  const words = [...names, ...names.map((name) => `-${name}`)] as [string, ...string[]];
  return z
    .enum(words)
    .transform((text): { by: Names[number]; descending: boolean } => ({
      by: names.find((name) => name === text.replace(/^-/, '')) ?? names[0],
      descending: text.startsWith('-'),
    }))
    .optional()
    .describe('What to sort by; a hyphen in front sorts downwards.');
}

/** One page of a list, or the whole of it as a file. */
export function listResponse<T extends z.ZodType>(item: T) {
  const page = z.object({
    items: listOf(item),
    nextCursor: z.string().nullable().describe('Pass as `cursor` for the next page; null on the last.'),
    total: z
      .number()
      .int()
      .nullable()
      .describe(
        'Items that pass the filters, estimated; null on later pages, and when counting took too long.',
      ),
    partial: z.boolean().describe('True when `total` is a lower bound, or not everything was searched.'),
  });
  return {
    description: 'A page, or everything as a file.',
    content: {
      'application/json': { schema: page },
      'application/x-ndjson': { schema: z.string().describe('One item a line.') },
      'text/csv': { schema: z.string().describe('A line of field names, then one line an item.') },
    },
  };
}

/** What a list is asked for. */
export interface ListQuery {
  readonly limit: number;
  readonly cursor: string | null;
  readonly fields?: readonly string[] | undefined;
  readonly format: 'json' | 'csv' | 'ndjson';
}

/** A list that can be read page by page. */
export interface ListSource<T> {
  readonly item: z.ZodType<unknown>;
  /** Name of an exported file, without its ending. */
  readonly name: string;
  page(page: { limit: number; cursor: string | null }): Promise<{
    readonly items: readonly T[];
    readonly nextCursor: string | null;
    readonly total?: number | null;
    readonly partial?: boolean;
  }>;
  /** Asked on the first page only. */
  count?(): Promise<{ readonly total: number | null; readonly partial: boolean }>;
}

/** Answers with a page as JSON, or streams everything that follows the cursor as CSV or NDJSON. */
export async function sendList<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  query: ListQuery,
  source: ListSource<T>,
): Promise<never> {
  const shape = z.array(source.item);
  const encode = (items: readonly T[]): WireRow[] => z.encode(shape, [...items] as never) as WireRow[];
  refuseUnknownFields(source.item, query.fields);
  if (query.format === 'json') {
    const [{ items, nextCursor, ...said }, count] = await Promise.all([
      source.page(query),
      query.cursor === null && source.count !== undefined ? counted(source.count) : undefined,
    ]);
    const { total = null, partial = false } = count ?? said;
    const rows = encode(items).map((row) => pick(row, query.fields));
    const body = { items: rows, nextCursor, total, partial };
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(body)) as never;
  }
  // The first page is read before anything is sent: what is wrong with the query is still a problem document.
  const first = await source.page({ limit: exportedAtATime, cursor: query.cursor });
  const lines = query.format === 'csv' ? csvLines : ndjsonLines;
  const file = Readable.from(lines(fieldsOf(source.item, query.fields), pages(source, first, encode)));
  const media = query.format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/x-ndjson';
  void reply
    .header('content-disposition', `attachment; filename="certglass-${source.name}.${query.format}"`)
    .type(media);
  if (acceptedCoding(request, ['gzip']) === 'identity') return reply.send(file) as never;
  void reply.header('content-encoding', 'gzip');
  return reply.send(file.pipe(createGzip())) as never;
}

/** A total is a courtesy: a list is not refused because it cannot be counted. */
async function counted(
  count: NonNullable<ListSource<never>['count']>,
): ReturnType<NonNullable<ListSource<never>['count']>> {
  try {
    return await count();
  } catch {
    return { total: null, partial: true };
  }
}

/** The same for a list that is short enough to be at hand as a whole. */
export function sendSlice<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  query: ListQuery,
  { items, ...source }: Pick<ListSource<T>, 'item' | 'name'> & { readonly items: readonly T[] },
): Promise<never> {
  return sendList(request, reply, query, {
    ...source,
    page: async (page) => slice(items, page),
    count: async () => ({ total: items.length, partial: false }),
  });
}

async function* pages<T>(
  source: ListSource<T>,
  first: Awaited<ReturnType<ListSource<T>['page']>>,
  encode: (items: readonly T[]) => WireRow[],
): AsyncGenerator<WireRow[]> {
  let written = 0;
  for (let page = first; ;) {
    const rows = encode(page.items).slice(0, maxExported - written);
    if (rows.length > 0) yield rows;
    written += rows.length;
    if (page.nextCursor === null || written >= maxExported) return;
    page = await source.page({ limit: exportedAtATime, cursor: page.nextCursor });
  }
}

async function* csvLines(fields: readonly string[], rows: AsyncIterable<WireRow[]>): AsyncGenerator<string> {
  yield csvLine(fields);
  for await (const some of rows) yield some.map((row) => csvLine(fields.map((field) => row[field]))).join('');
}

async function* ndjsonLines(
  fields: readonly string[],
  rows: AsyncIterable<WireRow[]>,
): AsyncGenerator<string> {
  for await (const some of rows) yield some.map((row) => `${JSON.stringify(pick(row, fields))}\n`).join('');
}

function knownFields(item: z.ZodType<unknown>): readonly string[] {
  return item instanceof z.ZodObject ? Object.keys(item.shape) : [];
}

function fieldsOf(item: z.ZodType<unknown>, asked: readonly string[] | undefined): readonly string[] {
  return asked ?? knownFields(item);
}

function refuseUnknownFields(item: z.ZodType<unknown>, asked: readonly string[] | undefined): void {
  const known = knownFields(item);
  const unknown = asked?.find((field) => !known.includes(field));
  if (unknown !== undefined)
    throw new Problem(400, `fields: ${JSON.stringify(unknown)} is none of ${known.join(', ')}`);
}
