import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { readSettings, SettingsError } from './lib/settings-file.js';
import { policyConfig } from './rules/config.js';

/** The whole configuration: one section per part, each part's schema beside its code. */
export const configSchema = z.strictObject({
  policy: policyConfig.prefault({}),
});

export type Config = z.infer<typeof configSchema>;

/**
 * Reads the configuration file (none: all defaults), lays `CERTGLASS__SECTION__KEY` variables over it, and checks everything.
 * Throws {@link SettingsError} with one sentence per fault: file, line, key and what to write instead.
 */
export function loadConfig(
  file: string | null,
  environment: Readonly<Record<string, string | undefined>>,
): Config {
  return readSettings(configSchema, {
    file,
    text: file === null ? '' : readText(file),
    environment,
    prefix: 'CERTGLASS',
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new SettingsError([`${file}: cannot be read (${reason}); give the path of a YAML file`]);
  }
}
