import { once } from 'node:events';
import { isIP } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { domainToASCII } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { destination, pino, type Logger } from 'pino';
import { loadConfig, type Config } from '../config/config.js';
import type { Service } from '../service/service.js';
import { policyConfig } from '../rules/config.js';
import { engineFolder, inUse } from '../store/embedded/owner.js';
import { targetGroup } from '../../scanners/tls/config.js';
import { parseExpression } from '../../scanners/tls/targets/expression.js';

const stopWithinMs = 9_500;
/** Left to itself V8 lets garbage grow to the size of what is in use, and 50 MB of buffers hang on that garbage. */
const frugal = '--heap-growing-percent=50';

/**
 * `certglass start`: runs until SIGTERM or SIGINT; a second signal, or a stop that takes too long, ends at once. SIGHUP reads
 * the configuration again for the allow-list and the exclusions of scans. Prints the address it listens on as one line.
 */
export async function start(
  targets: readonly string[],
  options: { readonly config?: string },
): Promise<number> {
  const config = withTargets(loadConfig(options.config ?? null, process.env), targets);
  const log = pino(
    { level: config.log.level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    destination({ fd: 2, sync: true }),
  );
  setFlagsFromString(frugal);
  if (config.store.mode === 'embedded') await refuseUsed(engineFolder(config.store.dataDir));
  const { startService } = await import('../service/service.js');
  const stopping = Promise.race(['SIGTERM', 'SIGINT'].map((name) => once(process, name).then(() => name)));
  // Also while it is still starting: a start that hangs must not outlive its order to stop.
  void stopping.then((signal) => {
    log.info({ signal }, 'stopping');
    setTimeout(() => {
      log.error({ stopWithinMs }, 'stopping took too long');
      process.exit(1);
    }, stopWithinMs).unref();
  });
  const service = await startService(config, log);
  process.on('SIGHUP', () => reload(service, options.config ?? null, log));
  process.stdout.write(`${service.url}\n`);
  await stopping;
  await service.stop();
  log.info('stopped');
  return 0;
}

/** A configuration that cannot be read changes nothing. */
function reload(service: Service, file: string | null, log: Logger): void {
  try {
    const config = loadConfig(file, process.env);
    service.reload(config);
    const { scope, exclude } = config.scan;
    log.info({ scope, exclude }, 'allow-list and exclusions taken over; other changes take a restart');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.error({ reason }, 'configuration not taken over');
  }
}

/** Targets of the command line are a group of their own; host names among them are domains the operator speaks for. */
function withTargets(config: Config, targets: readonly string[]): Config {
  if (targets.length === 0) return config;
  for (const target of targets) {
    if (parseExpression(target).kind === 'stdin')
      throw new Error(
        '"-" (standard input) is for "certglass scan"; give the service a file of targets as @FILE',
      );
  }
  const domains = targets.flatMap(ownDomain);
  const group = targetGroup.parse({ name: 'command-line', targets });
  return {
    ...config,
    scan: { ...config.scan, groups: [...config.scan.groups, group] },
    policy: { ...config.policy, ownedDomains: [...new Set([...config.policy.ownedDomains, ...domains])] },
  };
}

/**
 * `www.example.com:443` gives `www.example.com`; addresses, ranges, files and single labels give nothing. Throws one sentence for
 * what cannot be owned, such as `co.uk`.
 */
function ownDomain(target: string): readonly string[] {
  const host = /^([^/@\s:[\]]+)(?::\d+)?$/.exec(target)?.[1];
  if (host === undefined || isIP(host) !== 0 || /^[\d.]+-[\d.]+$/.test(host)) return [];
  if (!domainToASCII(host).includes('.')) return [];
  const owned = policyConfig.shape.ownedDomains.safeParse([host]);
  if (owned.success) return owned.data;
  throw new Error(`${target}: ${owned.error.issues[0]?.message ?? 'not a domain'}`);
}

/** Says that another service has the folder, before the rest of the code is loaded: the usual mistake has its answer at once. */
async function refuseUsed(dataDir: string): Promise<void> {
  if (inUse(dataDir) === null) return;
  await delay(dyingMs);
  const owner = inUse(dataDir);
  if (owner !== null) throw new Error(owner);
}

/** A service that was just killed may take this long to be gone. */
const dyingMs = 200;
