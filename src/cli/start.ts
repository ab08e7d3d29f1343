import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import type { Service } from '../service/service.js';
import { fitted, readResources, refuseScarcity } from './resources.js';
import { runningOn } from './find-service.js';
import { createLog } from './log.js';
import { readStartConfig, type StartConfig } from './start-config.js';
import { watchSignals } from './start-signals.js';
import { unwritable } from './check/surroundings.js';
import { absoluteFile } from './start-targets.js';
import { engineFolder, inUse } from '../store/embedded/owner.js';

const stopWithinMs = 9_500;
/** Left to itself V8 lets garbage grow to the size of what is in use, and 50 MB of buffers hang on that garbage. */
const frugal = '--heap-growing-percent=50';

/**
 * `certglass start`: runs until SIGTERM or SIGINT; a second signal, or a stop that takes too long, ends at once. SIGHUP reads
 * the configuration again. Prints the address it listens on as one line.
 */
export async function start(
  targets: readonly string[],
  options: { readonly config?: string; readonly yesScan?: number },
): Promise<number> {
  const startedIn = process.cwd();
  const named = targets.map(absoluteFile);
  const read = (): StartConfig => readStartConfig(options, named, startedIn);
  const { config: asked, file } = read();
  const fault = unwritable(asked.store.dataDir);
  if (fault !== null) throw new Error(`store.dataDir: ${fault}`);
  const resources = readResources(resolve(asked.store.dataDir));
  refuseScarcity(asked, resources);
  const { config, notes } = fitted(asked, resources);
  const readConfig = (): Config => fitted(read().config, resources).config;
  const log = createLog(config.log, process.stderr, process.env);
  for (const note of notes) log.warn({ note }, 'resources are short');
  const signals = watchSignals();
  setFlagsFromString(frugal);
  if (config.store.mode === 'embedded') await refuseUsed(config.store.dataDir);
  const { startService } = await import('../service/service.js');
  // Also while it is still starting: a start that hangs must not outlive its order to stop.
  void signals.stopping.then((signal) => {
    // A terminal that is gone takes no line any more.
    if (signal === 'SIGHUP') log.level = 'silent';
    log.info({ signal }, 'stopping');
    setTimeout(() => {
      log.error({ stopWithinMs }, 'stopping took too long');
      process.exit(1);
    }, stopWithinMs).unref();
  });
  log.info({ folder: resolve(config.store.dataDir) }, 'data folder');
  const starting = startService(config, log, {
    file,
    reload: async () => void (await (await starting).reload(readConfig())),
  });
  const service = await starting;
  signals.onReload(() => void reload(service, readConfig, log));
  process.stdout.write(`${service.url}\n`);
  await signals.stopping;
  await service.stop();
  log.info('stopped');
  return 0;
}

/** A configuration that cannot be read or put in force changes nothing. */
async function reload(service: Service, readConfig: () => Config, log: Logger): Promise<void> {
  try {
    const { inForce, needRestart } = await service.reload(readConfig());
    log.info({ changed: inForce }, 'configuration reloaded');
    if (needRestart.length > 0)
      log.warn({ changed: needRestart }, 'these sections changed too and need a restart to take effect');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.error({ reason }, 'configuration not reloaded; the previous one stays in force');
  }
}

/**
 * Says that another service has the folder, before the rest of the code is loaded: the usual mistake has its answer at once. A service
 * that does not tell its address any more is stopping, and is waited for; so is one that starts, until it tells it.
 */
async function refuseUsed(storeDir: string): Promise<void> {
  const dataDir = engineFolder(storeDir);
  if (inUse(dataDir) === null) return;
  await delay(dyingMs);
  for (const patience = Date.now() + stopWithinMs + dyingMs; ; await delay(dyingMs)) {
    const owner = inUse(dataDir);
    if (owner === null) return;
    if (runningOn(storeDir) !== null || Date.now() > patience) throw new Error(owner);
  }
}

/** A service that was just killed may take this long to be gone. */
const dyingMs = 200;
