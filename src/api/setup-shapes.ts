import { z } from 'zod';
import { scanPorts, scanPreview, scanTarget } from './scan-shapes.js';
import { list } from './shapes.js';

/** What the first run asks for. */
export const askedSetup = z
  .strictObject({
    domains: z
      .array(z.string().trim().min(1).max(253))
      .max(1_000)
      .default([])
      .describe('Domains that are yours, names below included.'),
    targets: z
      .array(scanTarget)
      .max(1_000)
      .default([])
      .describe('What to scan. Empty: the domains, and names found below them.'),
    ports: scanPorts.nullable().default(null).describe('Ports of targets that name none; null: 443.'),
    mail: z
      .strictObject({
        to: z.email().max(254).describe('Who gets the alerts.'),
        host: z.string().min(1).max(253).describe('Mail server that takes them.'),
        from: z.email().max(254).nullable().default(null).describe('null: certglass@ the domain of `to`.'),
      })
      .nullable()
      .default(null)
      .describe('Where alerts go; null: nowhere yet.'),
  })
  .refine(({ domains, targets }) => domains.length + targets.length > 0, {
    message: 'nothing to watch: give at least one domain or target',
  })
  .meta({ id: 'SetupRequest' });

/** What those answers would watch. */
export const setupPreview = scanPreview
  .extend({
    domains: list(
      z.object({
        domain: z.string(),
        refusal: z.string().nullable().describe('Why it cannot be owned; null: it can.'),
      }),
    ),
    configuration: z.string().describe('What these answers are in the configuration file.'),
  })
  .meta({ id: 'SetupPreview' });

/** Answers of the first run. */
export type AskedSetup = z.infer<typeof askedSetup>;

/** The first run, as the service does it. */
export interface Setup {
  /** True while there is nothing to watch. */
  needed(): boolean;
  readonly file: string | null;
  /** Why nothing can be saved now. */
  refusal(): string | null;
  /** What would be watched; writes nothing. */
  preview(answers: AskedSetup): z.infer<typeof setupPreview>;
  /** Writes the configuration and puts it in force; answers one sentence when it cannot, and then nothing has changed. */
  save(answers: AskedSetup): Promise<string | null>;
}
