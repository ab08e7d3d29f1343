import { useEffect, useReducer } from 'preact/hooks';
import { ApiError, getPath, pathOf, type Query, type Readable } from './client.js';
import { QueryCache } from './query-cache.js';
import type { Operations } from './types.js';

/** Everything the page has read. */
export const cache = new QueryCache((path, signal) => getPath(path, signal));

/** A resource as a view sees it. */
export interface Loaded<T> {
  readonly data: T | undefined;
  readonly error: ApiError | null;
  readonly loading: boolean;
  readonly at: Date | null;
  readonly reload: () => void;
}

/** Reads a route and follows it. `route` null reads nothing. */
export function useApi<Route extends Readable>(
  route: Route | null,
  names: Readonly<Record<string, string>> = {},
  query: Query<Route> = {},
): Loaded<Operations[Route]['answer']> {
  const path = route === null ? null : pathOf(route, names, query);
  const [, render] = useReducer((times: number) => times + 1, 0);
  useEffect(() => (path === null ? undefined : cache.subscribe(path, () => render(undefined))), [path]);
  const entry = cache.peek(path ?? '');
  return {
    data: entry.data as Operations[Route]['answer'] | undefined,
    error: entry.error instanceof ApiError ? entry.error : null,
    loading: path !== null && (entry.loading || (entry.data === undefined && entry.error === null)),
    at: entry.at,
    reload: () => cache.invalidate(path ?? '-'),
  };
}
