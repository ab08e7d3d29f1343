import { loadConfig } from '../config/config.js';
import { SettingsError } from '../lib/settings-file.js';
import { createTrust } from '../trust/trust.js';
import { configJsonSchema, exampleConfig } from '../config/docs.js';

/** `certglass config check FILE`: 0 when the file is good, and what it names can be read; throws with every fault otherwise. */
export async function checkConfig(file: string): Promise<number> {
  const { trust } = loadConfig(file, process.env);
  const faults: string[] = [];
  await createTrust(trust, (sentence) => faults.push(sentence)).catch((error: unknown) =>
    faults.push(error instanceof Error ? error.message : String(error)),
  );
  if (faults.length > 0) throw new SettingsError(faults.map((fault) => `${file}: trust.files: ${fault}`));
  process.stdout.write(`${file}: good\n`);
  return 0;
}

/** `certglass config example`. */
export function printExample(): Promise<number> {
  process.stdout.write(exampleConfig());
  return Promise.resolve(0);
}

/** `certglass config schema`. */
export function printSchema(): Promise<number> {
  process.stdout.write(configJsonSchema());
  return Promise.resolve(0);
}
