import { Readable } from 'node:stream';

/** Asks a running service over its HTTP API. */

/** Where the service listens, and with which token to ask. */
export interface Remote {
  readonly url: string;
  readonly token: string | null;
}

const pageSize = 200;
const timeoutMs = 30_000;

/**
 * Streams the items of `/api/v1/<list>` over all pages, or of its only one, at most `limit` of them; calls `onCut` when there are more.
 * Throws one sentence that says what to do.
 */
export async function* listRemote(
  remote: Remote,
  list: string,
  filters: Readonly<Record<string, string>>,
  limit: number,
  onCut: () => void,
  isWhole = false,
): AsyncGenerator<Record<string, unknown>> {
  let cursor: string | null = null;
  let left = limit;
  do {
    const query = new URLSearchParams(filters);
    if (!isWhole) query.set('limit', String(Math.min(pageSize, left)));
    if (cursor !== null) query.set('cursor', cursor);
    const page = await getJson(remote, `/api/v1/${list}?${query.toString()}`);
    if (!Array.isArray(page['items']))
      throw new Error(`${remote.url} did not answer like Certglass; check --url`);
    for (const item of page['items'] as Record<string, unknown>[]) {
      if (left <= 0) return onCut();
      left -= 1;
      yield item;
    }
    cursor = typeof page['nextCursor'] === 'string' ? page['nextCursor'] : null;
  } while (cursor !== null && left > 0);
  if (cursor !== null) onCut();
}

/** An object that the service answers. Throws one sentence that says what to do. */
export async function getJson(remote: Remote, path: string): Promise<Record<string, unknown>> {
  const response = await ask(remote, path, 'application/json', AbortSignal.timeout(timeoutMs));
  const body = (await response.json().catch(() => null)) as Record<string, unknown> | null;
  if (body === null) throw new Error(`${remote.url} did not answer like Certglass; check --url`);
  return body;
}

/** Sends an object; the object that the service answers, an empty one for none. Throws as {@link getJson} does. */
export async function postJson(
  remote: Remote,
  path: string,
  body: Readonly<Record<string, unknown>>,
  withinMs = timeoutMs,
): Promise<Record<string, unknown>> {
  const response = await ask(remote, path, 'application/json', AbortSignal.timeout(withinMs), body);
  const text = await response.text();
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

/** What the service answers, as a stream without a limit of time. Throws as {@link getJson} does. */
export async function getStream(remote: Remote, path: string): Promise<Readable> {
  const { body } = await ask(remote, path, '*/*');
  if (body === null) throw new Error(`${remote.url} answered with nothing; check --url`);
  return Readable.fromWeb(body);
}

/** Posts bytes, and gives the object that the service answers. Throws as {@link getJson} does. */
export async function postBytes(
  remote: Remote,
  path: string,
  body: Uint8Array,
): Promise<Record<string, unknown>> {
  const response = await ask(remote, path, 'application/json', AbortSignal.timeout(timeoutMs), body);
  return (await response.json()) as Record<string, unknown>;
}

/** A successful answer; to a POST of `sent`, bytes or an object, where there is any. */
async function ask(
  remote: Remote,
  path: string,
  accept: string,
  signal?: AbortSignal,
  sent?: Uint8Array | Readonly<Record<string, unknown>>,
): Promise<Response> {
  const headers: Record<string, string> = { accept };
  const isBytes = sent instanceof Uint8Array;
  if (sent !== undefined) headers['content-type'] = isBytes ? 'application/octet-stream' : 'application/json';
  if (remote.token !== null) headers['authorization'] = `Bearer ${remote.token}`;
  const base = URL.canParse(remote.url) ? new URL(remote.url) : null;
  if (base === null || !/^https?:$/.test(base.protocol))
    throw new Error(`--url ${remote.url} is no address of a service; give one such as http://127.0.0.1:8450`);
  const response = await fetch(new URL(path, base), {
    headers,
    redirect: 'error',
    ...(sent === undefined
      ? {}
      : { method: 'POST', body: isBytes ? Buffer.from(sent) : JSON.stringify(sent) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    throw new Error(`no Certglass answers at ${remote.url}; start one with "certglass start" or give --url`, {
      cause: error,
    });
  });
  if (response.ok) return response;
  if (response.status === 401)
    throw new Error(
      remote.token === null
        ? `${remote.url} needs a token; give --token or set CERTGLASS_TOKEN`
        : `${remote.url} does not accept this token: it is wrong, expired or revoked`,
    );
  const said = (await response.json().catch(() => null)) as Record<string, unknown> | null;
  const detail = typeof said?.['detail'] === 'string' ? `: ${said['detail']}` : '';
  throw new Error(
    `${remote.url}${path.replace(/\?.*/, '')} answered ${response.status}${detail}${faultsOf(said)}`,
  );
}

/** What exactly the service refused, where it says so. */
function faultsOf(body: Record<string, unknown> | null): string {
  const errors = Array.isArray(body?.['errors']) ? (body['errors'] as unknown[]) : [];
  const texts = errors.slice(0, 10).map((error) => {
    const { path, message } = (error ?? {}) as Record<string, unknown>;
    return `${String(path).replace(/^\//, '')}: ${String(message)}`;
  });
  return texts.length === 0 ? '' : ` (${texts.join('; ')})`;
}
