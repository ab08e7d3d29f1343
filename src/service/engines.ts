import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { openChannels } from '../delivery/config.js';
import type { Clock } from '../judging/clock.js';
import type { Doubts } from '../judging/doubts.js';
import type { Evaluator } from '../judging/evaluate.js';
import { openLedger, type Ledger } from '../judging/finding-ledger.js';
import { createJudging, type Judging } from '../judging/judging.js';
import type { Pipeline } from '../judging/pipeline.js';
import { openKnownKeys } from '../key-evidence/known-keys.js';
import { createKeyWatch } from '../key-evidence/key-watch.js';
import { PrimeSearch } from '../key-evidence/prime-search.js';
import type { KeyWatch } from '../model/key-evidence.js';
import type { Policy } from '../model/policy.js';
import { rules } from '../rules/index.js';
import { worseThan } from '../rules/worse-than.js';
import type { OpenStore } from '../store/index.js';
import { createTrust, type Validate } from '../trust/trust.js';
import { readCertificate } from '../x509/read/read-certificate.js';
import { alertWaits } from './alert-waits.js';
import { startLiveAlerts, type LiveAlerts } from './live-alerts.js';
import { packageVersion } from './package-version.js';
import type { Job } from './schedule.js';

/** The parts that work on what is stored, wired. */
export interface Engines {
  readonly store: OpenStore;
  readonly ledger: Ledger;
  readonly pipeline: Pipeline;
  readonly alerts: LiveAlerts;
  readonly keyWatch: KeyWatch;
  readonly evaluator: Evaluator;
  readonly doubts: Doubts;
  readonly clock: Clock;
  readonly validate: Validate;
  readonly preview: Judging['preview'];
}

/** What the parts are wired from. */
interface EngineSources {
  readonly store: OpenStore;
  readonly config: Config;
  /** Read at every judgement. */
  readonly policy: Policy;
  readonly inventorySources: readonly string[];
  /** Names of the jobs that scan. */
  readonly scanNames: ReadonlySet<string>;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** See {@link Engines}. */
export async function openEngines(sources: EngineSources): Promise<Engines> {
  const { store, config, policy, inventorySources, scanNames, signal, log } = sources;
  const validate = await createTrust(config.trust, (sentence) =>
    log.warn({ problem: sentence }, 'a root is not trusted'),
  );
  const ledger = await openLedger(store, worseThan);
  const scannedSince = (): Promise<Date | null> => oldestLatestRun(store, scanNames);
  const channels = openChannels(config.alerts, log);
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
    inventorySources,
    scannedSince,
    version: packageVersion(),
    onFindings: () => engines.alerts.flush(),
    signal,
    log,
  });
  const alerts = startLiveAlerts(
    {
      store,
      policy,
      evaluator: judging.evaluator,
      waits: alertWaits(judging.doubts, ledger.open),
      signal,
      log,
    },
    config.alerts,
    channels,
  );
  const engines: Engines = { ...judging, validate, store, ledger, alerts, keyWatch };
  return engines;
}

/** A job that fails is a finding until it succeeds. */
export function tellOfFailure(pipeline: Pick<Pipeline, 'incident'>) {
  return ({ title }: Pick<Job, 'title'>, reason: string | null): Promise<void> =>
    pipeline.incident({
      rule: 'job-failed',
      subject: { kind: 'self', key: title },
      active: reason !== null,
      details: { job: title, reason },
    });
}

/** Watches keys; what is found is judged at once, and a search that does not go on is a finding. */
async function watchKeys(
  { keys, store }: Config,
  signal: AbortSignal,
  log: Logger,
  engines: () => Pick<Engines, 'pipeline' | 'clock'>,
): Promise<KeyWatch> {
  const title = 'search for shared primes';
  const search = PrimeSearch.open({
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
