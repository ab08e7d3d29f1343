import { loadConfig } from '../config.js';
import { configJsonSchema, exampleConfig } from '../config-docs.js';

/** `certglass config check FILE`: 0 when the file is good; throws with every fault otherwise. */
export function checkConfig(file: string): Promise<number> {
  loadConfig(file, process.env);
  process.stdout.write(`${file}: good\n`);
  return Promise.resolve(0);
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
