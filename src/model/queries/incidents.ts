import { z } from 'zod';
import type { Query } from '../query.js';
import { instant, instantOrNull, textOrNull } from '../query-values.js';

/** Issuers of what is known, and the CA certificates among it. */
export const authoritiesKnown = {
  name: 'authorities-known',
  description:
    'Every issuer of a known certificate, by name; and every CA certificate, by SHA-256, with its own issuer.',
  parameters: z.strictObject({}),
  row: z.object({ sha256: textOrNull, spkiSha256: textOrNull, subject: textOrNull, issuer: z.string() }),
} satisfies Query<z.ZodObject, z.ZodObject>;

/** What makes a certificate affected: any of these. All empty: none is. */
const affected = {
  spkis: z.array(z.string()),
  issuers: z.array(z.string()),
  /** SHA-256 of CA certificates that are served with it. */
  chained: z.array(z.string()),
  logIds: z.array(z.string()),
};

/** The certificates that share a key, an issuer, an intermediate or a log. */
export const affectedCertificates = {
  name: 'affected-certificates',
  description:
    'Certificates that were valid since `from` and share a key, an issuer, a CA certificate or a log, by SHA-256; of a precertificate and its certificate the latter.',
  parameters: z.strictObject({ ...affected, from: z.date() }),
  row: z.object({
    sha256: z.string(),
    tbsSha256: textOrNull,
    spkiSha256: z.string(),
    issuer: z.string(),
    serialNumber: z.string(),
    names: z.array(z.string()),
    notAfter: instantOrNull,
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;

/** What became of the endpoints that ever served one of them. */
export const affectedEndpoints = {
  name: 'affected-endpoints',
  description:
    'Endpoints that ever served an affected certificate, with what they serve now and since when, by key; once for each affected certificate.',
  parameters: z.strictObject({ ...affected, from: z.date() }),
  row: z.object({
    endpoint: z.string(),
    isPublic: z.coerce.boolean(),
    affected: z.string(),
    serves: z.string(),
    since: instant,
    seenAt: instant,
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;

/** What could take the place of one of them. */
export const affectedSuccessors = {
  name: 'affected-successors',
  description:
    'Certificates for the same names as an affected one that were issued or first seen since `from`, by names, the newest first.',
  parameters: z.strictObject({ ...affected, from: z.date() }),
  row: z.object({ sha256: z.string(), tbsSha256: textOrNull, names: z.array(z.string()) }),
} satisfies Query<z.ZodObject, z.ZodObject>;
