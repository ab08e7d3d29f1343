import { z } from 'zod';
import type { Query } from '../query.js';
import { count, instant, instantOrNull } from '../query-values.js';

const match = z.object({ watch: z.string(), item: z.string(), value: z.string() });

/** Issuances that matched what is watched for. */
export const watchedIssuances = {
  name: 'watched-issuances',
  description: 'Unexpired issuances in logs that match the watch list, with what matched, oldest first.',
  parameters: z.strictObject({ now: z.date() }),
  row: z.object({
    tbsSha256: z.string(),
    sha256: z.string(),
    subject: z.string(),
    issuer: z.string(),
    names: z.array(z.string()),
    notAfter: instantOrNull,
    loggedAt: instant,
    /** Look-alikes and entries that are kept although they match nothing apart. */
    matches: z.array(match),
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;

/** Domains made to look like a watched one, for which certificates are logged. */
export const lookAlikes = {
  name: 'look-alikes',
  description: 'Domains of unexpired logged certificates that look like a watched domain, by name.',
  parameters: z.strictObject({ now: z.date() }),
  row: z.object({
    domain: z.string(),
    /** The watched domain. */
    item: z.string(),
    /** Names under it, at most 20. */
    names: z.array(z.string()),
    issuers: z.array(z.string()),
    issuances: count,
    sha256: z.string(),
    firstLoggedAt: instant,
    lastLoggedAt: instant,
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;
