import { validate } from 'node-cron';
import { z } from 'zod';

/** A cron expression of five fields, in UTC; what is none is refused with an example. */
export const cronExpression = z
  .string()
  .refine(
    validate,
    'not a cron expression: write five fields, for example "17 4 * * *" for 04:17 UTC every day',
  );
