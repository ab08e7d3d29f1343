import { z } from 'zod';
import { BadCursorError } from '../store/reader.js';
import { outcomes } from '../model/observation.js';
import { severities } from '../model/severity.js';
import { starttlsKinds } from '../model/target.js';

/** What goes over the wire: dates as ISO text, bytes as base64, absent values null. Keys are only ever added. */

/** An instant. */
export const instant = z
  .codec(z.iso.datetime(), z.date(), {
    decode: (text) => new Date(text),
    encode: (date) => date.toISOString(),
  })
  .describe('ISO 8601, UTC.');

/** Bytes. */
export const bytes = z.codec(
  z.base64(),
  z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  {
    decode: (text) => Buffer.from(text, 'base64'),
    encode: (octets) => Buffer.from(octets).toString('base64'),
  },
);

/** A list that nobody changes. */
export function list<T extends z.ZodType>(item: T): z.ZodReadonly<z.ZodArray<T>> {
  return z.array(item).readonly();
}

/** How much of a list is asked for. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1_000).default(100).describe('Most items of a page.'),
  cursor: z.string().max(4_096).nullable().default(null).describe('`nextCursor` of the page before.'),
});

/** A page of a list that is short enough to be at hand whole; the cursor is the number of items before it. */
export function slice<T>(
  items: readonly T[],
  { limit, cursor }: { readonly limit: number; readonly cursor: string | null },
) {
  const start = cursor === null ? 0 : Number(cursor);
  if (!Number.isSafeInteger(start) || start < 0)
    throw new BadCursorError('the cursor is not one of this list');
  const end = start + limit;
  return { items: items.slice(start, end), nextCursor: end < items.length ? String(end) : null };
}

/** SHA-256 in hex; upper case and colons are tolerated. */
export const sha256 = hexOf(64, 'SHA-256');
/** SHA-1 in hex; upper case and colons are tolerated. */
export const sha1 = hexOf(40, 'SHA-1');

function hexOf(digits: number, what: string) {
  return z
    .string()
    .max(200)
    .transform((text) => text.replaceAll(':', '').toLowerCase())
    .pipe(z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`), `must be ${what} in hex, ${digits} digits`))
    .describe(`${what} in hex.`);
}

/** A date or an instant with offset. */
export const moment = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()])
  .transform((text) => new Date(text))
  .describe('Date, or instant with offset: 2026-11-23 or 2026-11-23T12:00:00Z.');

/** A filter that takes one or more of some words: `state=open,acknowledged`. */
export function anyOf<const Words extends readonly string[]>(words: Words) {
  return z
    .union([z.string(), z.array(z.string()).max(50)])
    .transform((given) => [given].flat().flatMap((text) => text.split(',')))
    .pipe(z.array(z.enum(words)).min(1).max(50))
    .describe(`One or more of ${words.join(', ')}: separated by commas, or the parameter repeated.`);
}

/** A filter that takes one or more texts, separated by commas; an empty one among them stands for "none". */
export const textList = z
  .union([z.string().max(4_000), z.array(z.string().max(4_000)).max(50)])
  .transform((given) =>
    [given]
      .flat()
      .flatMap((text) => text.split(','))
      .map((text) => text.trim()),
  )
  .pipe(z.array(z.string().max(1_000)).min(1).max(200));

/** Text of a filter. */
export const filterText = z.string().min(1).max(1_000);

/** Filters by host, shared by all lists of things that have one. */
export const hostFilter = {
  host: filterText.optional().describe('Exactly this host or name.'),
  hostSuffix: filterText.optional().describe('This domain and everything under it.'),
  hostContains: z.string().min(3).max(253).optional().describe('Contains this text, 3 characters at least.'),
} as const;

/** Where a probe looked. */
export const target = z
  .object({
    host: z.string(),
    address: z.string().nullable(),
    port: z.number().int(),
    serverName: z.string().nullable(),
    starttls: z.enum(starttlsKinds).nullable(),
  })
  .meta({ id: 'Target' });

/** What a handshake showed. */
export const tlsFacts = z
  .object({
    version: z.string().nullable(),
    cipher: z.string().nullable(),
    group: z.string().nullable(),
    alpn: z.string().nullable(),
    clientCertificateRequested: z.boolean().nullable(),
    ocspResponse: bytes.nullable(),
  })
  .meta({ id: 'Tls' });

/** How a probe ended. */
export const outcome = z.enum(outcomes);
/** How much a finding matters. */
export const severity = z.enum(severities);

/** What a survey learned of an endpoint; null parts could not be learned. */
export const survey = z
  .object({
    versions: list(
      z.object({
        version: z.string(),
        cipherSuites: list(z.string()),
        preference: z.enum(['server', 'client']).nullable(),
      }),
    ).describe('Versions accepted, newest first.'),
    groups: list(z.string()).describe('Groups for key exchange accepted in any version.'),
    dhBits: z.number().nullable(),
    secureRenegotiation: z.boolean().nullable(),
    compression: z.boolean().nullable(),
    ticketLifetimeSeconds: z.number().nullable(),
    handshakeScts: z.number().nullable(),
    ocspStapled: z.boolean().nullable(),
    clientAuthorities: list(z.string()).nullable().describe('Named in a request for a client certificate.'),
    jarm: z.string().nullable(),
    ja3s: z.string().nullable(),
    alternates: list(
      z.object({
        asked: z.enum(['RSA', 'ECDSA', 'no-server-name', 'unknown-server-name']),
        chain: list(z.string()).describe('SHA-256, leaf first.'),
      }),
    ).describe('Chains besides the usual one, and how they were asked for.'),
    connections: z.number(),
    incomplete: z.string().nullable().describe('Why it ended before its end.'),
  })
  .meta({ id: 'Survey' });

/** Latest knowledge of one endpoint. */
export const endpoint = z
  .object({
    key: z.string(),
    target,
    firstSeenAt: instant,
    lastObservedAt: instant,
    lastOutcome: outcome,
    lastDetail: z.string().nullable(),
    lastOkAt: instant.nullable(),
    chain: list(z.string()).describe('What was served at lastOkAt, SHA-256, leaf first.'),
    tls: tlsFacts.nullable(),
    survey: survey.nullish().describe('What the last survey learned.'),
    surveyedAt: instant.nullish(),
  })
  .meta({ id: 'Endpoint' });

/** One certificate the operator believes to own. */
export const inventoryItem = z
  .object({
    source: z.string(),
    reference: z.string(),
    sha256: z.string().nullable(),
    sha1: z.string().nullable(),
    spkiSha256: z.string().nullable(),
    tbsSha256: z.string().nullable(),
    issuerSha256: z.string().nullable(),
    serialNumber: z.string().nullable(),
    owner: z.string().nullable(),
    labels: z.record(z.string(), z.string()).readonly(),
    environment: z.string().nullable(),
    tags: list(z.string()),
    names: list(z.string()).describe('Host names that it is for, as far as the source says so itself.'),
    inUseBy: list(z.string()).describe('What uses it, in the words of the source.'),
    status: z.string().nullable().describe('Its state, in the words of the source.'),
    renewal: z
      .object({
        isAutomatic: z.boolean().nullable(),
        dueAt: instant.nullable(),
        failedAt: instant.nullable().describe('The last failed attempt that no success followed.'),
        failures: z.number().int().nullable(),
        message: z.string().nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'InventoryItem' });
