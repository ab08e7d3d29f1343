import type { Logger } from 'pino';
import type { Memory } from '../../scanners/scanner.js';
import { createLiveScope } from '../../scanners/tls/targets/scope.js';
import { createAskedScans } from './asked-scans.js';
import { openLiveStore } from './live-events.js';
import { openApi } from './open-api.js';
import { packageVersion } from './package-version.js';
import { createPushes, type Pushes } from './inventory-push.js';
import { inventorySwitch } from './inventory-switch.js';
import type { KeyWatch } from '../model/key-evidence.js';
import { startAlerts, type Alerts } from '../delivery/alerts.js';
import { channelName, openChannels } from '../delivery/config.js';
import { alertWords, routingOf } from './alert-words.js';
import type { Config } from '../config/config.js';
import type { Clock } from '../judging/clock.js';
import type { Evaluator } from '../judging/evaluate.js';
import { createJudging } from '../judging/judging.js';
import { openLedger, type Ledger } from '../judging/finding-ledger.js';
import { createConnectors } from '../inventory/config.js';
import type { ConfiguredConnector } from '../inventory/common.js';
import { inventoryJob } from './inventory-import.js';
import { evaluationJob, scannerJob, type JobDependencies, type RunningScans } from './jobs.js';
import { certificatesInUse } from './certificates-in-use.js';
import { learnedNames } from './learned-names.js';
import type { Finding } from '../model/finding.js';
import type { Pipeline } from '../judging/pipeline.js';
import { rules } from '../rules/index.js';
import { withOwnedDomains } from './owned-domains.js';
import { worseThan } from '../rules/worse-than.js';
import { createScanners, runAlways, type Scanners } from './scanners.js';
import { startSchedules, type Job, type Schedules } from './schedule.js';
import { createKeyWatch } from '../key-evidence/key-watch.js';
import { openKnownKeys } from '../key-evidence/known-keys.js';
import { PrimeSearch } from '../key-evidence/prime-search.js';
import { watchStore } from './store-watch.js';
import { untestedJob, type UntestedParts } from './untested-channels.js';
import type { OpenStore } from '../store/index.js';
import { wellJobs, type WellParts } from './well-jobs.js';
import { createTrust, type Validate } from '../trust/trust.js';
import { createUrgentAlerts } from '../delivery/urgent.js';
import { readCertificate } from '../x509/read/read-certificate.js';

/** A running service. */
export interface Service {
  /** Where the API listens, for example `http://127.0.0.1:8450`. */
  readonly url: string;
  /** Takes over where scans may connect to, at once and for those that are running; anything else takes a restart. */
  reload(config: Config): void;
  /** Stops intake, drains, saves positions, closes the store. */
  stop(): Promise<void>;
}

/** The parts that work on what is stored, wired. */
interface Engines {
  readonly store: OpenStore;
  readonly ledger: Ledger;
  readonly pipeline: Pipeline;
  readonly alerts: Alerts;
  readonly keyWatch: KeyWatch;
  readonly evaluator: Evaluator;
  readonly clock: Clock;
  readonly validate: Validate;
  /** Tells channels without asking the database. */
  tell(finding: Finding): void;
}

/** Starts everything the configuration asks for. Throws one sentence that says what to do when something cannot start. */
export function startService(config: Config, log: Logger): Promise<Service> {
  return start(withOwnedDomains(config), log);
}

async function start(config: Config, log: Logger): Promise<Service> {
  const abort = new AbortController();
  const connectors = createConnectors(config.inventory, readCertificate);
  const scanNames = new Set<string>();
  const { store, events } = await openLiveStore(config.store, log);
  const engines = await wire(store, config, connectors, scanNames, abort.signal, log).catch(
    async (error: unknown) => {
      await store.close();
      throw error;
    },
  );
  const running: (() => Promise<void>)[] = [];
  const stopAll = (): Promise<void> => stop(engines, running, abort);
  try {
    const scans: RunningScans = new Map();
    const scope = createLiveScope(config.scan);
    const scanners = await createScanners({ config, memory: memoryOf(store, config), running: scans, log });
    const pushes = pushesOf(engines);
    const jobs = [...makeJobs(config, connectors, scanners, { ...engines, log }), renewalJob(pushes)];
    for (const job of jobs) if (job.name.startsWith('scan:')) scanNames.add(job.name);
    const asked = { config: config.scan, scope, running: scans, signal: abort.signal, log };
    const askedScans = createAskedScans({ ...engines, ...asked });
    let schedules: Schedules | null = null;
    const inventory = inventorySwitch(config, connectors, () => schedules);
    const served = { ...engines, config, scope, running: scans, pushes, askedScans, inventory, events, log };
    const api = await openApi(served);
    await askedScans.resume();
    running.push(askedScans.ended, async () => api.app.close());
    const onEnd = tellOfFailure(engines.pipeline);
    const always = scanners.all.filter(({ when }) => when === 'always');
    for (const scanner of always) {
      const ended = runAlways(scanner, engines.pipeline, onEnd, abort.signal, log);
      running.push(() => ended);
    }
    const started = await startSchedules(jobs, store, onEnd, log);
    schedules = started;
    const watch = watchStore(engines, storeWatchMs, abort.signal);
    const judged = engines.clock.start(clockMs, abort.signal);
    running.push(
      () => started.stop(),
      () => watch,
      () => judged,
    );
    const reload = (next: Config): void => {
      scope.replace(next.scan);
      scanners.reload(next);
    };
    return { url: api.url, reload, stop: stopAll };
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

/** A job that fails is a finding until it succeeds. */
function tellOfFailure(pipeline: Pick<Pipeline, 'incident'>) {
  return ({ title }: Pick<Job, 'title'>, reason: string | null): Promise<void> =>
    pipeline.incident({
      rule: 'job-failed',
      subject: { kind: 'self', key: title },
      active: reason !== null,
      details: { job: title, reason },
    });
}

/** What scanners may ask of the store. */
function memoryOf(store: OpenStore, { policy }: Config): Memory {
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

async function wire(
  store: OpenStore,
  config: Config,
  connectors: readonly ConfiguredConnector[],
  scanNames: ReadonlySet<string>,
  signal: AbortSignal,
  log: Logger,
): Promise<Engines> {
  const { policy } = config;
  const validate = await createTrust(config.trust, (sentence) =>
    log.warn({ problem: sentence }, 'a root is not trusted'),
  );
  const ledger = await openLedger(store, worseThan);
  const scannedSince = (): Promise<Date | null> => oldestLatestRun(store, scanNames);
  const channels = openChannels(config.alerts, log);
  const words = alertWords(config.alerts);
  const routing = routingOf(config.alerts);
  // Last of what can fail: its file has to be closed.
  const keyWatch = await watchKeys(config, signal, log, () => engines);
  const judging = createJudging({
    store,
    ledger,
    policy,
    rules,
    readCertificate,
    validate,
    keyWatch,
    inventorySources: connectors.map(({ name }) => name),
    scannedSince,
    version: packageVersion(),
    onFindings: () => engines.alerts.flush(),
    signal,
    log,
  });
  const alerting = { store, channels, routing, words, signal, log };
  const alerts = startAlerts({ ...alerting, evaluator: judging.evaluator });
  const tell = createUrgentAlerts(alerting);
  const engines: Engines = { ...judging, validate, store, ledger, alerts, keyWatch, tell };
  return engines;
}

/** Watches keys; what is found is judged at once, and a search that does not go on is a finding. */
async function watchKeys(
  { keys, store }: Config,
  signal: AbortSignal,
  log: Logger,
  engines: () => Pick<Engines, 'pipeline' | 'clock'>,
): Promise<KeyWatch> {
  const title = 'search for shared primes';
  const search = await PrimeSearch.open({
    folder: store.dataDir,
    log,
    onFound: () => {
      log.warn('RSA keys share primes');
      if (!signal.aborted)
        engines()
          .clock.afterEvidence()
          .catch((error: unknown) => log.error({ err: error }, 'evaluation failed'));
    },
    onTrouble: (reason) => void tellOfFailure(engines().pipeline)({ title }, reason),
  });
  return createKeyWatch(keys.knownKeys === null ? null : await openKnownKeys(keys.knownKeys), search);
}

/** Start of the oldest of the latest complete runs of these scans; null until each has run once. */
async function oldestLatestRun(store: OpenStore, scanNames: ReadonlySet<string>): Promise<Date | null> {
  if (scanNames.size === 0) return null;
  const runs = await store.lastScheduleRuns();
  const starts = [...scanNames].map((name) => runs.get(name)?.getTime() ?? -Infinity);
  const oldest = Math.min(...starts);
  return oldest === -Infinity ? null : new Date(oldest);
}

function makeJobs(
  config: Config,
  connectors: readonly ConfiguredConnector[],
  scanners: Scanners,
  dependencies: JobDependencies & UntestedParts & Omit<WellParts, 'version' | 'now'>,
): Job[] {
  const scheduled = scanners.all.filter(({ when }) => when !== 'always');
  return [
    ...connectors.map((connector) =>
      inventoryJob(connector, connector.schedule ?? config.inventory.schedule, dependencies),
    ),
    ...scheduled.map((scanner) => scannerJob(scanner, dependencies)),
    evaluationJob(config.evaluation.schedule, dependencies),
    untestedJob(config.alerts.channels.map(channelName), dependencies),
    ...wellJobs(config.alerts, { ...dependencies, version: packageVersion(), now: () => new Date() }),
  ];
}

/** Keeps what was pushed into the inventory beyond the retention of its items. */
function renewalJob(pushes: Pick<Pushes, 'renew'>): Job {
  const name = 'inventory:renew-pushed';
  return { name, title: name, cron: '41 3 * * *', timezone: 'Etc/UTC', run: () => pushes.renew() };
}

const storeWatchMs = 5_000;
/** How often the clock of judging looks what is due. */
const clockMs = 10_000;
