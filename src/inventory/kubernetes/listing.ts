import { z } from 'zod';
import { HttpStatusError } from '../../lib/http/errors.js';
import { pages } from '../../lib/http/pages.js';
import type { RestClient } from '../../lib/http/rest-client.js';

/** One kind of resource. */
export interface ResourceKind<Schema extends z.ZodType> {
  /** For example `/apis/cert-manager.io/v1`. */
  readonly api: string;
  readonly plural: string;
  readonly schema: Schema;
  readonly isNamespaced: boolean;
  readonly query?: Readonly<Record<string, string>>;
}

/** Small pages: of a listing of secrets one page at a time is in memory. */
const pageSize = 250;
/** A cursor ends after some minutes (410 Gone): then the listing begins anew. */
const maxStarts = 5;

/**
 * Everything of one kind, in these namespaces or all, a page at a time. A kind that the cluster does not have gives nothing. Whoever
 * reads it must be ready to meet a resource twice.
 */
export async function* listResources<Schema extends z.ZodType>(
  rest: RestClient,
  kind: ResourceKind<Schema>,
  namespaces: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<z.infer<Schema>, void, undefined> {
  const places =
    kind.isNamespaced && namespaces.length > 0 ? namespaces.map((one) => `/namespaces/${one}`) : [''];
  for (const place of places) {
    const path = `${kind.api}${place}/${kind.plural}`;
    for (let start = 1; ; start += 1) {
      try {
        yield* listOnce(rest, path, kind, signal);
        break;
      } catch (error) {
        if (!(error instanceof HttpStatusError)) throw error;
        if (error.status === 404) break;
        if (error.status !== 410 || start >= maxStarts) throw error;
      }
    }
  }
}

async function* listOnce<Schema extends z.ZodType>(
  rest: RestClient,
  path: string,
  { schema, query }: ResourceKind<Schema>,
  signal: AbortSignal,
): AsyncGenerator<z.infer<Schema>, void, undefined> {
  const page = z.object({
    metadata: z.object({ continue: z.string().default('') }).prefault({}),
    items: z.array(schema).nullable(),
  });
  const listing = pages(
    {
      first: '',
      fetch: (cursor) =>
        rest.json(
          page,
          { path, query: { ...query, limit: pageSize, ...(cursor === '' ? {} : { continue: cursor }) } },
          signal,
        ),
      next: ({ metadata }) => (metadata.continue === '' ? null : metadata.continue),
    },
    signal,
  );
  for await (const { items } of listing) yield* items ?? [];
}
