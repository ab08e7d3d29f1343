/** Why a request gave no usable answer. */
export type HttpFailure = 'network' | 'timeout' | 'status' | 'redirect' | 'too-large';

/** A request that gave no usable answer. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly kind: HttpFailure;
  /** HTTP status where `kind` is `status`, else 0. */
  readonly status: number;
  /** The wait the server asked for; null when it did not. */
  readonly retryAfterMs: number | null;
  /** Where a redirect leads, as sent; empty otherwise. */
  readonly location: string;

  constructor(
    kind: HttpFailure,
    message: string,
    status = 0,
    retryAfterMs: number | null = null,
    cause?: unknown,
    location = '',
  ) {
    super(message, { cause });
    this.kind = kind;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.location = location;
  }
}

/** An answer with status 200 or 304. */
export interface HttpAnswer {
  readonly status: number;
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** As sent, in memory that belongs to it alone: still compressed where `encoding` says so. */
  readonly body: Buffer;
  readonly encoding: ContentEncoding;
}

/** How a body is compressed. What we do not know is taken as it is: some servers name there what is no compression. */
export type ContentEncoding = 'identity' | 'gzip' | 'deflate' | 'br';

/** One GET. */
export interface HttpRequest {
  readonly url: string;
  readonly signal: AbortSignal;
  readonly maxBytes: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** GET only, bounded in time and bytes; redirects within the origin are followed, others are refused. */
export interface HttpClient {
  /** Resolves for 200 and 304; everything else is an {@link HttpError}, or the signal's reason when aborted. */
  get(request: HttpRequest): Promise<HttpAnswer>;
  close(): Promise<void>;
}

/** What a client is made of. */
export interface HttpOptions {
  readonly userAgent: string;
  readonly connectMs: number;
  /** Absolute: from the first byte sent to the last received. */
  readonly requestMs: number;
}

/** Longest Retry-After believed. */
const maxRetryAfterMs = 24 * 3_600_000;

/** Wait in milliseconds from a Retry-After value, seconds or HTTP date (RFC 9110 section 10.2.3); null when it is neither. */
export function retryAfterMs(value: string | null, nowMs: number): number | null {
  if (value === null) return null;
  const text = value.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), maxRetryAfterMs);
}
