import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { loadConfig, type Config } from '../config/config.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The folder that holds everything where the configuration names none, as the schema has it. */
const usualFolder = 'certglass-data';

/**
 * Reads the configuration as every command does (none: all defaults). Relative paths in it are relative to its own folder: the process
 * moves there, so paths of the command line have to be made absolute before; `startedIn` is where it was started. Throws as {@link loadConfig} does.
 */
export function openConfig(file: string | null, environment: Environment, startedIn = process.cwd()): Config {
  if (file === null) return withUsualFolder(loadConfig(null, environment), startedIn, environment);
  const path = resolve(startedIn, file);
  if (existsSync(path)) process.chdir(dirname(path));
  return withUsualFolder(loadConfig(path, environment, file), startedIn, environment);
}

/**
 * Where no data folder is configured: systemd's (StateDirectory), else the one beside the configuration; one that an earlier version made
 * in the folder that the command was started from is gone on with.
 */
function withUsualFolder(config: Config, startedIn: string, environment: Environment): Config {
  if (config.store.dataDir !== usualFolder) return config;
  const state = environment['STATE_DIRECTORY']?.split(':')[0];
  const earlier = join(startedIn, usualFolder);
  const dataDir =
    state !== undefined && state !== ''
      ? join(state, usualFolder)
      : !existsSync(usualFolder) && existsSync(earlier)
        ? earlier
        : usualFolder;
  return { ...config, store: { ...config.store, dataDir } };
}
