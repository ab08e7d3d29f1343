/** What a certstream message claims of one certificate: a hint, nothing of it is proved. */
export interface FeedHint {
  /** Host names, as sent. */
  readonly names: readonly string[];
  /** The certificate or precertificate; null where the feed leaves it out (lite, domains-only). */
  readonly der: Buffer | null;
  /** SHA-256 fingerprints of nothing are believed, so only the place in a log counts; null when not said. */
  readonly place: { readonly url: string; readonly leafIndex: number } | null;
}

/** Most names taken from one message. */
const maxNames = 10_000;

/**
 * Reads one message of a certstream server: `certificate_update` (full or lite) or `dns_entries` (domains-only). null for
 * heartbeats, unknown types and anything that is not such a message.
 */
export function readFeedMessage(text: string): FeedHint | null {
  const message = objectOf(parse(text));
  if (message?.['message_type'] === 'dns_entries')
    return { names: namesOf(message['data']), der: null, place: null };
  if (message?.['message_type'] !== 'certificate_update') return null;
  const data = objectOf(message['data']);
  const leaf = objectOf(data?.['leaf_cert']);
  if (data === null || leaf === null) return null;
  const der = leaf['as_der'];
  return {
    names: namesOf(leaf['all_domains']),
    der: typeof der === 'string' && der.length > 0 ? Buffer.from(der, 'base64') : null,
    place: placeOf(objectOf(data['source'])?.['url'], data['cert_index']),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null; // A feed is no source of truth: what cannot be read is no hint.
  }
}

function objectOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function namesOf(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, maxNames).filter((name) => typeof name === 'string');
}

function placeOf(url: unknown, index: unknown): FeedHint['place'] {
  if (typeof url !== 'string' || typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0)
    return null;
  return { url: logAddress(url), leafIndex: index };
}

/** Address of a log as hints and lists can be compared by: no scheme, no slash at the end, lower case. */
export function logAddress(url: string): string {
  return url
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/\/+$/, '');
}
