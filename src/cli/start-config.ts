import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadConfig, type Config } from '../config/config.js';
import { openConfig } from './open-config.js';
import { withConfirmed, withTargets } from './start-targets.js';

/** What `certglass start` works with. */
export interface StartConfig {
  readonly config: Config;
  /** Absolute path of the configuration file: the one that was named, or `certglass.yaml` in the data folder, which need not exist. */
  readonly file: string;
}

/** Reads the file that the options name; without one what the console saved in the data folder, if anything. */
export function readStartConfig(
  { config: named, yesScan }: { readonly config?: string; readonly yesScan?: number },
  targets: readonly string[],
  startedIn: string,
): StartConfig {
  const usual = openConfig(named ?? null, process.env, startedIn);
  const file =
    named === undefined ? resolve(join(usual.store.dataDir, 'certglass.yaml')) : resolve(startedIn, named);
  const read = named === undefined && existsSync(file) ? loadConfig(file, process.env) : usual;
  const config = { ...read, store: { ...read.store, dataDir: usual.store.dataDir } };
  return { config: withTargets({ ...config, scan: withConfirmed(config.scan, yesScan) }, targets), file };
}
