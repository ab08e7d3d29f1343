import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { cronExpression } from '../lib/cron-expression.js';
import { fileError } from '../lib/read-bounded.js';
import { readSettings, SettingsError } from '../lib/settings-file.js';
import { apiConfig } from '../api/config.js';
import { alertsConfig, channelName, unknownRules } from '../delivery/config.js';
import { inventoryConfig } from '../inventory/config.js';
import { reportsConfig } from '../reports/config.js';
import { storeConfig } from '../store/config.js';
import { trustConfig } from '../trust/trust.js';
import { policyConfig, ruleIds, themeNames } from '../rules/config.js';
import { scannerKinds } from '../../scanners/index.js';

type ScannerSections = { [Kind in (typeof scannerKinds)[number] as Kind['id']]: Kind['config'] };

/** The compiler cannot see that each id comes with its own schema. */
const scannerSections = Object.fromEntries(
  scannerKinds.map(({ id, config }) => [id, config]),
) as unknown as ScannerSections;

/** The whole configuration: one section per part, each part's schema beside its code. */
export const configSchema = z
  .strictObject({
    policy: policyConfig.prefault({}).describe('What you expect of certificates.'),
    trust: trustConfig.prefault({}).describe('Which roots are trusted.'),
    ...scannerSections,
    inventory: inventoryConfig.prefault({}).describe('What you believe to own.'),
    store: storeConfig.prefault({}),
    alerts: alertsConfig.prefault({}).describe('Who is alerted, about what and when.'),
    reports: reportsConfig.prefault({}).describe('Reports that are sent, and reviews that are due.'),
    api: apiConfig.describe('The HTTP API.').prefault({}),
    keys: z
      .strictObject({
        knownKeys: z
          .string()
          .nullable()
          .default(null)
          .describe(
            'File of known-compromised private keys, made by `certglass keys build`: a certificate with one of them is reported as `compromised-key`. Read at the start.',
          ),
      })
      .prefault({})
      .describe('Keys that are known to others.'),
    evaluation: z
      .strictObject({
        schedule: cronExpression
          .default('23 4 * * *')
          .describe(
            'Cron expression (UTC) of judging everything anew, as a repair. What is observed, logged or due is judged at once anyway; the default is once a day.',
          ),
      })
      .prefault({})
      .describe('When everything is judged anew.'),
    log: z
      .strictObject({
        level: z
          .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
          .default('info')
          .describe('What the log on standard error shows.'),
        format: z
          .enum(['auto', 'text', 'json'])
          .default('auto')
          .describe(
            '`text` writes lines for people, `json` one JSON object a line; `auto` is text on a terminal and JSON elsewhere.',
          ),
      })
      .prefault({})
      .describe('The log of the service.'),
  })
  .superRefine(({ policy, scan, alerts, reports }, context) => {
    const mail = alerts.channels.filter(({ type }) => type === 'email').map(channelName);
    reports.schedules.forEach(({ channel }, index) => {
      if (mail.includes(channel)) return;
      const message = `there is no e-mail channel ${channel} in alerts.channels; there are ${mail.join(', ') || 'none'}`;
      context.addIssue({ code: 'custom', path: ['reports', 'schedules', index, 'channel'], message });
    });
    for (const { path, message } of unknownRules(alerts, ruleIds, themeNames))
      context.addIssue({ code: 'custom', path: ['alerts', ...path], message });
    scan.groups.forEach(({ learned }, index) => {
      if (!learned || policy.ownedDomains.length > 0) return;
      const message = 'names are learned under owned domains only: list yours as policy.ownedDomains';
      context.addIssue({ code: 'custom', path: ['scan', 'groups', index, 'learned'], message });
    });
  });

/** The whole configuration, defaults filled in. */
export type Config = z.infer<typeof configSchema>;

/**
 * Reads the configuration file (none: all defaults), lays `CERTGLASS__SECTION__KEY` variables over it, and checks everything.
 * Throws {@link SettingsError} with one sentence per fault: file (`name` in its place), line, key and what to write instead.
 */
export function loadConfig(
  file: string | null,
  environment: Readonly<Record<string, string | undefined>>,
  name = file,
): Config {
  return readSettings(configSchema, {
    file: name,
    text: file === null ? '' : readText(file, name ?? file),
    environment,
    prefix: 'CERTGLASS',
  });
}

function readText(file: string, name: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new SettingsError([`${fileError(name, error).message.replace(/\.$/, '')}; give the path of a YAML file`]);
  }
}
