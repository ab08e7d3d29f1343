import type { z } from 'zod';
import { printable } from '../printable.js';
import { BlockedAddressError, HostUnwellError, HttpStatusError } from './errors.js';
import type { GuardedClient, GuardedResponse } from './guarded-client.js';
import { createRedactor } from './redact.js';
import { usualRetries, withRetries, type RetryPolicy } from './retry.js';

/** One call of a REST API. */
export interface RestRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the base address, with a leading slash; or a whole URL on the same origin, as listings give for their next page. */
  readonly path: string;
  /** Appended, percent-encoded; null and undefined are left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | null | undefined>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is, with `contentType`. */
  readonly body?: string | Uint8Array;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** May be sent twice. Default: true for GET and HEAD. A POST that only reads says true. */
  readonly isRepeatable?: boolean;
  /** Statuses beside 2xx that are returned instead of thrown, for example 404. */
  readonly accept?: readonly number[];
}

/** A request as it goes out, for whoever signs it. */
export interface OutgoingRequest {
  readonly method: NonNullable<RestRequest['method']>;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** How an API lets the caller in. */
export interface Authorization {
  /** Headers to add to this request. */
  headers(request: OutgoingRequest, signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** The request was answered 401 with these headers: forget the token. The request is then sent once more. */
  refused?(headers: Readonly<Record<string, string>>): void;
}

/** What a REST client works with. */
export interface RestOptions {
  /** For example `https://vault.example.com:8200`; a path in it stays before every request's. */
  readonly baseUrl: string;
  readonly client: GuardedClient;
  readonly authorization?: Authorization;
  /** Never shown in an error, in whatever form. */
  readonly secrets?: readonly (string | null)[];
  readonly retries?: RetryPolicy;
  /** Of one try. Default 60 s. */
  readonly timeoutMs?: number;
  /** Of one answer. Default 32 MiB. */
  readonly maxBytes?: number;
}

/** Calls a REST API. Every error is one sentence that names the host, the method and the path, and no secret. */
export interface RestClient {
  /** The answer as `schema` reads it. {@link HostUnwellError} for answers that are no such JSON, a login page for example. */
  json<Schema extends z.ZodType>(
    schema: Schema,
    request: RestRequest,
    signal: AbortSignal,
  ): Promise<z.infer<Schema>>;
  /**
   * The raw answer: 2xx, or a status in `accept`. Throws {@link HttpStatusError} for other statuses, {@link HostUnwellError} when the
   * host is unwell, {@link BlockedAddressError} when it may not be connected to.
   */
  send(request: RestRequest, signal: AbortSignal): Promise<GuardedResponse>;
}

/** A client for one API. The caller closes the guarded client. */
export function createRestClient(options: RestOptions): RestClient {
  const redact = createRedactor(options.secrets ?? []);
  const describe = (request: RestRequest, what: string): string => {
    const { host, pathname } = urlOf(options.baseUrl, request);
    return redact(printable(`${host}: ${request.method ?? 'GET'} ${pathname}: ${what}`, 600));
  };
  const attempt = async (request: RestRequest, signal: AbortSignal): Promise<GuardedResponse> => {
    const { authorization } = options;
    const sent = outgoing(options, request);
    const isRepeatable = request.isRepeatable ?? (sent.method === 'GET' || sent.method === 'HEAD');
    for (let isLast = authorization?.refused === undefined; ; isLast = true) {
      // Not among the retries, and its errors say themselves what failed.
      const proof = (await authorization?.headers(sent, signal)) ?? {};
      const answer = await sendOut(options, sent, proof, isRepeatable, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        throw described(error, (what) => describe(request, what));
      });
      if (answer.status !== 401 || isLast) return answer;
      authorization?.refused?.(proof);
    }
  };
  const send = async (request: RestRequest, signal: AbortSignal): Promise<GuardedResponse> => {
    const answer = await attempt(request, signal);
    const { status } = answer;
    if ((status >= 200 && status < 300) || request.accept?.includes(status)) return answer;
    throw new HttpStatusError(status, describe(request, `status ${status}${ownWords(answer)}`));
  };
  return {
    send,
    async json(schema, request, signal) {
      const headers = { accept: 'application/json', ...request.headers };
      const answer = await send({ ...request, headers }, signal);
      const value = parseJson(answer);
      if (value === undefined)
        throw new HostUnwellError(describe(request, `answered ${kindOf(answer)} instead of JSON`));
      const read = schema.safeParse(value);
      if (read.success) return read.data;
      const [issue] = read.error.issues;
      const where = issue?.path.join('.') || 'the answer';
      throw new HostUnwellError(describe(request, `${where} is not as expected: ${issue?.message ?? ''}`));
    },
  };
}

/** A request as it goes out, without what lets it in. */
function outgoing(options: RestOptions, request: RestRequest): OutgoingRequest {
  const { method = 'GET' } = request;
  const body = request.json === undefined ? (request.body ?? '') : JSON.stringify(request.json);
  const contentType = request.contentType ?? (request.json === undefined ? undefined : 'application/json');
  const content = contentType === undefined ? {} : { 'content-type': contentType };
  const headers = { 'user-agent': 'certglass', ...content, ...request.headers };
  return { method, url: urlOf(options.baseUrl, request), headers, body };
}

/** Sends with retries; `proof` are the headers that let it in. */
function sendOut(
  { client, timeoutMs = 60_000, maxBytes = 33_554_432, retries = usualRetries }: RestOptions,
  { method, url, headers, body }: OutgoingRequest,
  proof: Readonly<Record<string, string>>,
  isRepeatable: boolean,
  signal: AbortSignal,
): Promise<GuardedResponse> {
  const content = body.length === 0 ? {} : { body };
  const sent = { headers: { ...headers, ...proof }, ...content, timeoutMs, maxBytes, gzip: true, signal };
  return withRetries(
    () => client.fetch(url.href, { method, ...sent }),
    isRepeatable ? retries : { ...retries, attempts: 1 },
    signal,
  );
}

/** A path continues the base address; a whole URL must stay on its origin, since it comes from the other side. */
function urlOf(baseUrl: string, { path, query = {} }: RestRequest): URL {
  const base = new URL(baseUrl);
  const url = /^https?:\/\//i.test(path) ? new URL(path) : new URL(base.href.replace(/\/$/, '') + path);
  if (url.origin !== base.origin)
    throw new BlockedAddressError(
      `${base.host} names an address on another host (${url.host}), which is not followed`,
    );
  for (const [name, value] of Object.entries(query))
    if (value !== null && value !== undefined) url.searchParams.set(name, String(value));
  return url;
}

function described(error: unknown, describe: (what: string) => string): Error {
  const message = error instanceof Error && error.message !== '' ? error.message : 'no connection';
  if (error instanceof BlockedAddressError) return new BlockedAddressError(describe(message));
  const retryAfterMs = error instanceof HostUnwellError ? error.retryAfterMs : null;
  return new HostUnwellError(describe(message), { retryAfterMs });
}

/** What the API says of its refusal; a page for people is left out. */
function ownWords(answer: GuardedResponse): string {
  const text = Buffer.from(answer.body.subarray(0, 2_000)).toString().trim();
  return text === '' || text.startsWith('<') ? '' : `: ${printable(text, 300)}`;
}

function parseJson({ body }: GuardedResponse): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString());
  } catch {
    return undefined;
  }
}

function kindOf({ body }: GuardedResponse): string {
  const text = Buffer.from(body.subarray(0, 100)).toString().trimStart();
  if (text === '') return 'nothing';
  return text.startsWith('<') ? 'a web page' : 'something';
}
