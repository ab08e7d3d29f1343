import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { configJsonSchema, exampleConfig } from '../config/docs.js';
import { configReference } from '../config/reference.js';
import type { Config } from '../config/config.js';
import { channelName } from '../delivery/config.js';
import { settingsPlace, SettingsError } from '../lib/settings-file.js';
import { printable } from '../lib/printable.js';
import type { Fault } from './check/fault.js';
import { idleSentence, targetFaults } from './check/scans.js';
import {
  dataFolder,
  fileFaults,
  portFaults,
  receiverFaults,
  tokenFaults,
  trustFaults,
} from './check/surroundings.js';
import { openConfig } from './open-config.js';
import { count } from './render-text.js';

/**
 * `certglass config check FILE`: 0 when the file is good, what it names can be read and written and nothing in it is bound to fail;
 * with `online` also when everything it wants to reach answers. Throws with every fault otherwise, file, line and key first.
 */
export async function checkConfig(
  file: string,
  options: { readonly online?: boolean } = {},
): Promise<number> {
  const path = resolve(file);
  const config = openConfig(file, process.env);
  const faults = await faultsOf(config);
  if (faults.length > 0) {
    const place = settingsPlace(file, readFileSync(path, 'utf8'));
    throw new SettingsError(
      faults.map(({ path: key, sentence }) => `${place(key)}: ${key.join('.')}: ${sentence}`),
    );
  }
  const idle = idleSentence(config);
  if (idle !== null) process.stderr.write(`certglass: ${file}: ${idle}\n`);
  const isReached = options.online !== true || (await printOnline(config));
  process.stdout.write(`${file}: good. ${summaryOf(config)}\n`);
  return isReached ? 0 : 1;
}

/** What in a configuration is bound to fail. */
export async function faultsOf(config: Config): Promise<readonly Fault[]> {
  return [
    ...(await trustFaults(config)),
    ...(await targetFaults(config)),
    ...fileFaults(config),
    ...receiverFaults(config),
    ...tokenFaults(config, new Date()),
    ...(await portFaults(config)),
  ];
}

/** True when everything answered. */
async function printOnline(config: Config): Promise<boolean> {
  const { tryOnline } = await import('./check/online.js');
  const attempts = await tryOnline(config);
  for (const { what, failure } of attempts)
    process.stdout.write(
      `${failure === null ? 'ok      ' : 'failed  '}${printable(failure === null ? what : `${what}: ${failure}`, 500)}\n`,
    );
  return attempts.every(({ failure }) => failure === null);
}

function summaryOf(config: Config): string {
  const { scan, policy, alerts, inventory } = config;
  const targets = scan.groups.reduce((sum, group) => sum + group.targets.length, 0);
  const parts = [
    count(targets, 'target'),
    count(policy.ownedDomains.length, 'owned domain'),
    count(inventory.sources.length, 'inventory source'),
    alerts.channels.length === 0 ? 'no alerts' : `alerts by ${alerts.channels.map(channelName).join(', ')}`,
  ];
  return `${parts.join(', ')}; data in ${dataFolder(config)}`;
}

/** `certglass config example`. */
export function printExample(): Promise<number> {
  process.stdout.write(exampleConfig());
  return Promise.resolve(0);
}

/** `certglass config reference`. */
export function printReference(): Promise<number> {
  process.stdout.write(configReference());
  return Promise.resolve(0);
}

/** `certglass config schema`. */
export function printSchema(): Promise<number> {
  process.stdout.write(configJsonSchema());
  return Promise.resolve(0);
}
