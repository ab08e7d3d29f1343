/**
 * The Retry-After header in milliseconds (RFC 9110 section 10.2.3: seconds, or a date), at most `capMs`. null when it is absent or
 * unreadable; 0 for a date in the past.
 */
export function retryAfterMs(
  value: string | readonly string[] | undefined,
  now: Date,
  capMs: number,
): number | null {
  const text = (typeof value === 'string' ? value : (value?.[0] ?? '')).trim();
  const date = /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) - now.getTime() : Number.NaN;
  const waitMs = /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) * 1000 : date;
  return Number.isNaN(waitMs) ? null : Math.min(Math.max(Math.round(waitMs), 0), capMs);
}
