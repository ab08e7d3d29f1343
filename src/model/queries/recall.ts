import { z } from 'zod';
import type { Query } from '../query.js';
import { count, instant } from '../query-values.js';

/** Certificates that public logs should hold. */
export const servedWithScts = {
  name: 'served-with-scts',
  description:
    'Unexpired certificates with embedded SCTs, for names of the owned domains, that endpoints serve now; by SHA-256.',
  parameters: z.strictObject({ ownedDomains: z.array(z.string()), now: z.date() }),
  row: z.object({ sha256: z.string(), tbsSha256: z.string(), subject: z.string() }),
} satisfies Query<z.ZodObject, z.ZodObject>;

/** Where these issuances are logged. */
export const issuanceLogs = {
  name: 'issuance-logs',
  description: 'Logs of which an entry of these issuances was read, by issuance.',
  parameters: z.strictObject({ keys: z.array(z.string()) }),
  row: z.object({ tbsSha256: z.string(), logIds: z.array(z.string()) }),
} satisfies Query<z.ZodObject, z.ZodObject>;

/** Logs, and since when they are read. */
export const logsRead = {
  name: 'logs-read',
  description: 'Logs that are followed, with the time stamp of the earliest entry kept of each; by log.',
  parameters: z.strictObject({}),
  row: z.object({ logId: z.string(), description: z.string(), operator: z.string(), readSince: instant }),
} satisfies Query<z.ZodObject, z.ZodObject>;

/** How many names of logged certificates are scanned. */
export const namesScanned = {
  name: 'names-scanned',
  description:
    'Names of unexpired logged certificates under the owned domains, wildcards apart, and how many of them a scan got a certificate from; one row.',
  parameters: z.strictObject({ ownedDomains: z.array(z.string()), now: z.date() }),
  row: z.object({ logged: count, scanned: count }),
} satisfies Query<z.ZodObject, z.ZodObject>;
