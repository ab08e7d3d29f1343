/** The address, port or scheme is not one that the rules allow. Trying again does not help. */
export class BlockedAddressError extends Error {
  override readonly name = 'BlockedAddressError';
}

/**
 * The other side is unwell: no connection, no whole answer in time, 429, 5xx, a login page instead of data, a page cursor that goes
 * round in a circle. Nothing it said in this run may be taken for all there is; the same request may succeed later.
 */
export class HostUnwellError extends Error {
  override readonly name = 'HostUnwellError';
  /** How long the host asked to be left alone, in milliseconds; null when it did not say. */
  readonly retryAfterMs: number | null;

  constructor(
    message: string,
    options: { readonly cause?: unknown; readonly retryAfterMs?: number | null } = {},
  ) {
    super(message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/** The host refused this request for good: a status from 400 to 499 other than 408, 425 and 429, or an unwanted redirect. */
export class HttpStatusError extends Error {
  override readonly name = 'HttpStatusError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
