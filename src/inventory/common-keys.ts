import { z } from 'zod';
import { cronExpression } from '../lib/cron-expression.js';

/** Keys that every source has beside its own; see also {@link applyCommon}. Spread into its schema. */
export const commonKeys = {
  name: z
    .string()
    .min(1)
    .max(100)
    .nullable()
    .default(null)
    .describe(
      'Name of this source, shown as `type:name`. If null, a name is made from its address or first path.',
    ),
  schedule: cronExpression
    .nullable()
    .default(null)
    .describe('Cron expression (UTC) of its imports. If null, `inventory.schedule` applies.'),
  deadlineMinutes: z
    .number()
    .positive()
    .max(1_440)
    .default(60)
    .describe('An import that takes longer (minutes) is stopped and counts as incomplete.'),
  owner: z
    .string()
    .nullable()
    .default(null)
    .describe('Owner of these certificates, unless the source names one itself.'),
  environment: z
    .string()
    .nullable()
    .default(null)
    .describe(
      'Environment of these certificates, for example `production`, unless the source names one itself.',
    ),
  labels: z
    .record(z.string(), z.string())
    .default({})
    .describe("Labels for all of these certificates; the source's own labels win."),
  tags: z.array(z.string().min(1)).default([]).describe('Tags for all of these certificates.'),
} as const;

/** What {@link commonKeys} parse to. */
export interface CommonConfig {
  readonly type: string;
  readonly name: string | null;
  readonly schedule: string | null;
  readonly deadlineMinutes: number;
  readonly owner: string | null;
  readonly environment: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
}
