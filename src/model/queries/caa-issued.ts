import { z } from 'zod';
import type { Query } from '../query.js';
import { instant } from '../query-values.js';

const answer = z
  .string()
  .transform((body): unknown => JSON.parse(body))
  .pipe(
    z.object({
      foundAt: z.string().nullable(),
      records: z.array(z.object({ critical: z.boolean(), tag: z.string(), value: z.string() })),
    }),
  );

/** Certificates issued lately for names whose CAA records are known. */
export const caaIssued = {
  name: 'caa-issued',
  description:
    'Certificates issued after `since`, with the CAA answer nearest to their issuance, by SHA-256 and name.',
  parameters: z.strictObject({
    since: z.date(),
    now: z.date(),
  }),
  row: z.object({
    sha256: z.string(),
    name: z.string(),
    issuer: z.string(),
    /** Earliest time a log says it was issued, else notBefore. */
    issuedAt: instant,
    /** First and last time the answer was given. */
    answeredFrom: instant,
    answeredUntil: instant,
    answer,
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;
