import type { Operations, Problem } from './types.js';

/** An answer that is no success. `status` 0: there was no answer at all. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** Id of the request in the log of the service; null when it never arrived. */
  readonly requestId: string | null;
  /** Seconds after which the service asks to be tried again; null when it does not say. */
  readonly retryAfterSeconds: number | null;

  constructor(status: number, message: string, requestId: string | null, retryAfterSeconds: number | null) {
    super(message);
    this.status = status;
    this.requestId = requestId;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

let csrfToken: string | null = null;

/** From now on writes carry this token of the session; null: there is no session. */
export function sendCsrfToken(token: string | null): void {
  csrfToken = token;
}

const connection = { lostAt: null as Date | null, listeners: new Set<() => void>() };

/** Since when requests get no answer; null while they do. */
export function connectionLostAt(): Date | null {
  return connection.lostAt;
}

/** Calls back whenever the connection is lost or found; answers the way to stop. */
export function onConnection(listener: () => void): () => void {
  connection.listeners.add(listener);
  return () => void connection.listeners.delete(listener);
}

function noteConnection(isThere: boolean): void {
  if (isThere === (connection.lostAt === null)) return;
  connection.lostAt = isThere ? null : new Date();
  for (const listener of connection.listeners) listener();
}

/** The routes that are read. */
export type Readable = Extract<keyof Operations, `GET ${string}`>;
/** The routes that change something. */
export type Writable = Exclude<keyof Operations, Readable>;
/** Filters of a route, by name. */
export type Query<Route extends keyof Operations> = Partial<
  Record<keyof Operations[Route]['query'], string | number | boolean | null | undefined>
>;

/** The path of a route: `:names` filled in, filters appended; empty filters are left out. */
export function pathOf<Route extends keyof Operations>(
  route: Route,
  names: Readonly<Record<string, string>> = {},
  query: Query<Route> = {},
): string {
  const path = route
    .slice(route.indexOf(' ') + 1)
    .replace(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(names[name] ?? ''));
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query as Record<string, unknown>))
    if (value !== undefined && value !== null && value !== '') given.set(name, String(value));
  const text = given.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** Fetches JSON from a path of the API; rejects with an {@link ApiError}. */
export function getPath(path: string, signal?: AbortSignal): Promise<unknown> {
  return request('GET', path, undefined, signal);
}

/** Calls a route that changes something. */
export async function call<Route extends Writable>(
  route: Route,
  names: Readonly<Record<string, string>>,
  body: Operations[Route]['body'],
  query: Query<Route> = {},
): Promise<Operations[Route]['answer']> {
  const method = route.slice(0, route.indexOf(' '));
  return (await request(method, pathOf(route, names, query), body)) as Operations[Route]['answer'];
}

async function request(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<unknown> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (method !== 'GET' && csrfToken !== null) headers['x-csrf-token'] = csrfToken;
  const response = await fetch(path, {
    method,
    headers,
    credentials: 'same-origin',
    body: body === undefined ? null : JSON.stringify(body),
    signal: signal ?? null,
  }).catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    noteConnection(false);
    throw new ApiError(0, 'Certglass does not answer.', null, null);
  });
  noteConnection(true);
  if (!response.ok) throw await errorOf(response);
  return response.status === 204 ? undefined : await response.json();
}

async function errorOf(response: Response): Promise<ApiError> {
  const wait = Number(response.headers.get('retry-after'));
  const retryAfter = Number.isFinite(wait) && wait > 0 ? wait : null;
  const isProblem = response.headers.get('content-type')?.includes('problem+json') === true;
  const problem = isProblem ? ((await response.json()) as Problem) : null;
  const id = problem?.instance.slice(problem.instance.lastIndexOf(':') + 1) ?? null;
  return new ApiError(response.status, problem?.detail ?? `status ${response.status}`, id, retryAfter);
}
