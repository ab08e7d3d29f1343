import { z } from 'zod';
import type { Query } from '../query.js';
import { instant } from '../query-values.js';

const answer = z
  .string()
  .transform((body): unknown => JSON.parse(body))
  .pipe(
    z.object({
      foundAt: z.string().nullable(),
      authenticated: z.boolean().nullable(),
      records: z.array(z.object({ critical: z.boolean(), tag: z.string(), value: z.string() })),
    }),
  );

/** What each domain that was asked about says in CAA now, and what it said before. */
export const caaAnswers = {
  name: 'caa-answers',
  description: 'Latest CAA answer of each domain that did not fail, with the one before, by domain.',
  parameters: z.strictObject({}),
  row: z.object({
    domain: z.string(),
    outcome: z.string(),
    since: instant,
    checkedAt: instant,
    answer,
    /** Null when there was none before. */
    before: z.string().transform((body) => (body === '' ? null : answer.parse(body))),
  }),
} satisfies Query<z.ZodObject, z.ZodObject>;
