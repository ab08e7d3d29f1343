import type { Logger } from 'pino';
import type { Memory } from '../../scanners/scanner.js';
import { createLiveScope } from '../../scanners/tls/targets/scope.js';
import type { Config } from '../config/config.js';
import { createConnectors } from '../inventory/config.js';
import type { Policy } from '../model/policy.js';
import type { OpenStore } from '../store/index.js';
import { readCertificate } from '../x509/read/read-certificate.js';
import { createAskedScans } from './asked-scans.js';
import { certificatesInUse } from './certificates-in-use.js';
import { openEngines, tellOfFailure, type Engines } from './engines.js';
import { createIntake } from './intake.js';
import { createPushes, type Pushes } from './inventory-push.js';
import { inventorySwitch } from './inventory-switch.js';
import type { RunningScans } from './jobs.js';
import { learnedNames } from './learned-names.js';
import { openLiveStore } from './live-events.js';
import { openApi } from './open-api.js';
import { withOwnedDomains } from './owned-domains.js';
import { createRecords } from './records.js';
import { recheck } from './recheck.js';
import { createReload, type Reloaded } from './reload.js';
import { scannerFactory } from './scanners.js';
import type { SetupHost } from './setup.js';
import { watchStore } from './store-watch.js';

/** A running service. */
export interface Service {
  /** Where the API listens, for example `http://127.0.0.1:8450`. */
  readonly url: string;
  /**
   * Puts a new configuration in force without a restart, as far as that is possible. Rejects, and changes nothing, when a part of it
   * cannot be created.
   */
  reload(config: Config): Promise<Reloaded>;
  /** Stops intake, drains, saves positions, closes the store. */
  stop(): Promise<void>;
}

/**
 * Starts everything the configuration asks for; `host` lets the first run be saved from the console. Throws one sentence that says what
 * to do when something cannot start.
 */
export function startService(config: Config, log: Logger, host: SetupHost | null = null): Promise<Service> {
  return start(withOwnedDomains(config), log, host);
}

async function start(config: Config, log: Logger, host: SetupHost | null): Promise<Service> {
  const abort = new AbortController();
  const { signal } = abort;
  let current = config;
  // Everything that judges reads this object at every judgement: a reload replaces what is in it.
  const policy = { ...config.policy };
  const connectors = createConnectors(config.inventory, readCertificate);
  const scanNames = new Set<string>();
  const { store, events } = await openLiveStore(config.store, log);
  const inventorySources = connectors.map(({ name }) => name);
  const sources = { store, config, policy, inventorySources, scanNames, signal, log };
  const engines = await openEngines(sources).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const running: (() => Promise<void>)[] = [];
  const stopAll = (): Promise<void> => stop(engines, running, abort);
  try {
    const scans: RunningScans = new Map();
    const scope = createLiveScope(config.scan);
    const createScanners = scannerFactory({ memory: memoryOf(store, policy), running: scans, log });
    const pushes = pushesOf(engines);
    const onEnd = tellOfFailure(engines.pipeline);
    const records = createRecords({ config: () => current, policy, store });
    const taken = { ...engines, ...records, connectors, createScanners, pushes, scanNames };
    const intake = createIntake({ ...taken, onEnd, signal, log });
    const begin = await intake.prepare(config);
    const scanConfig = (): Config['scan'] => current.scan;
    const asked = { config: scanConfig, scope, running: scans, signal, log };
    const askedScans = createAskedScans({ ...engines, ...asked });
    const inventory = inventorySwitch(policy, connectors, () => intake.schedules());
    const served = { ...engines, config: () => current, policy, scope, running: scans, pushes, askedScans };
    const api = await openApi({ ...served, records, inventory, events, host, log });
    await askedScans.resume();
    running.push(askedScans.ended, async () => api.app.close());
    await begin();
    running.push(() => intake.stop());
    const loops = [
      watchStore({ ...engines, tell: engines.alerts.tell }, storeWatchMs, signal),
      engines.clock.start(clockMs, signal),
      recheck({ ...engines, config: scanConfig, scope, signal, log }),
    ];
    running.push(...loops.map((ended) => () => ended));
    const replace = createReload(
      { ...engines, policy, scope, intake, log },
      config,
      (next) => (current = next),
    );
    return { url: api.url, reload: (next) => replace(withOwnedDomains(next)), stop: stopAll };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

function pushesOf({ store, clock }: Engines): Pushes {
  return createPushes({
    store,
    read: readCertificate,
    evaluate: () => clock.evaluate(),
    now: () => new Date(),
  });
}

/** What scanners may ask of the store. */
function memoryOf(store: OpenStore, policy: Pick<Policy, 'ownedDomains'>): Memory {
  return {
    endpoints: (keys) => store.endpoints(keys),
    learnedNames: () => learnedNames(store.reader, policy.ownedDomains, new Date()),
    unfinishedScans: () => store.unfinishedScans(),
    ctPositions: () => store.ctPositions(),
    certificates: (sha256) => store.certificates(sha256),
    answers: (question, keys) => store.answers(question, keys),
    certificatesInUse: () => certificatesInUse(store, policy.ownedDomains, new Date()),
  };
}

/** Intake ends first, then what was taken is judged, then the store is closed. What was not told yet is told after the next start. */
async function stop(
  { pipeline, clock, alerts, keyWatch, store }: Engines,
  running: readonly (() => Promise<void>)[],
  abort: AbortController,
): Promise<void> {
  abort.abort();
  await Promise.all(running.map((end) => end()));
  await pipeline.drained();
  await clock.stopped();
  await keyWatch.close();
  await alerts.stop();
  await store.close();
}

const storeWatchMs = 5_000;
/** How often the clock of judging looks what is due. */
const clockMs = 10_000;
