import { z } from 'zod';
import { reviewKinds } from '../model/review.js';

const limit = (what: string): z.ZodDefault<z.ZodNullable<z.ZodString>> =>
  z.string().min(1).max(253).nullable().default(null).describe(`Only ${what}; null means everything.`);

const schedule = z.strictObject({
  report: z
    .string()
    .regex(/^[a-z][a-z-]{0,62}$/, 'must be the name of a report, for example summary')
    .describe('Name of the report, as `certglass report` prints it, for example `summary`.'),
  every: z
    .enum(['week', 'month', 'quarter', 'year'])
    .describe('Length of the period: the last whole one (UTC) is reported after its end.'),
  at: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, for example 07:00')
    .default('07:00')
    .describe('Time of day (UTC) on the first day after the period.'),
  channel: z
    .string()
    .default('email')
    .describe(
      'Name of the e-mail channel whose server and sender are used, for example `email` or `email:auditors`.',
    ),
  to: z
    .array(z.string().regex(/^[^\s<>@,;:"]+@[^\s<>@,;:"]+$/, 'must be a bare address'))
    .max(100)
    .default([])
    .describe('Recipients; if empty, those of the channel.'),
  format: z.enum(['html', 'csv', 'json']).default('html').describe('Form of the attachment.'),
  table: z
    .string()
    .max(64)
    .nullable()
    .default(null)
    .describe('The table that CSV holds; null means the first.'),
  domain: limit('this domain and everything below it'),
  owner: limit('what belongs to this owner'),
  environment: limit('this environment'),
  tag: limit('what has this tag'),
});

/** One report that is sent regularly. */
export type ReportSchedule = z.infer<typeof schedule>;

/** Configuration of reports that are sent, and of reviews that are due. */
export const reportsConfig = z.strictObject({
  schedules: z
    .array(schedule)
    .max(100)
    .default([])
    .describe(
      'Reports sent by e-mail. One that was missed while Certglass was down is sent once after the start; the first one is sent at the first start.',
    ),
  reviews: z
    .array(z.enum(reviewKinds))
    .default([])
    .describe(
      'Reviews that have to be made: `inventory` every 31 days, `policy` every 92, `annual` and `ciphers` (PCI DSS 12.3.3) every 366. One that is overdue is a `review-overdue` finding. If empty, none is asked for.',
    ),
});
