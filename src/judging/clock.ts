import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Finding } from '../model/finding.js';
import type { InventoryIndex, Store } from '../store/store.js';
import type { CheckInputs } from './check-inputs.js';
import type { Evaluator } from './evaluate.js';
import type { Ledger } from './finding-ledger.js';
import type { FleetEvaluator } from './fleet.js';
import { isSameInventory } from './inventory-standing.js';
import type { Passed } from './passed.js';
import type { Pipeline } from './pipeline.js';

/** Dependencies of the clock of judging. */
export interface ClockDependencies {
  readonly store: Pick<Store, 'judging' | 'lastScheduleRuns' | 'writeScheduleRun'>;
  readonly pipeline: Pick<Pipeline, 'run' | 'evaluate' | 'drained'>;
  readonly evaluator: Pick<Evaluator, 'repeat' | 'endpoints'>;
  readonly inputs: Pick<CheckInputs, 'inventory' | 'refresh'>;
  readonly ledger: Pick<Ledger, 'lapse' | 'open'>;
  readonly fleet: FleetEvaluator;
  readonly passed: Pick<Passed, 'clear'>;
  /** Reports what is wrong with the inventories. */
  judgeInventories(now: Date): Promise<readonly Finding[]>;
  /** See ServedSources. */
  scannedSince(): Promise<Date | null>;
  /** Changes with everything that judgements depend on beside what is observed: policy, rules, version. */
  basis(): string;
  onFindings(): void;
  readonly log: Logger;
}

/** What makes judging go on when nothing new is observed. */
export interface Clock {
  /**
   * Judges everything at once if the last process was killed or judged by something else, then repeats judgements as their time comes,
   * until the signal is aborted. Resolves when it has ended.
   */
  start(everyMs: number, signal: AbortSignal): Promise<void>;
  /** Everything whose time has come. Costs next to nothing when there is none. */
  tick(now: Date): Promise<void>;
  /** After a scan: endpoints that it no longer covers are resolved. */
  afterScan(now: Date): Promise<void>;
  /** After an import: everything is judged if the inventories know something else than before. */
  afterImport(now: Date): Promise<void>;
  /** Judges everything; joins the evaluation that is under way. */
  evaluate(): Promise<void>;
  /** After evidence about keys or certificates came that is not in the store: everything is judged, also what passed before. */
  afterEvidence(): Promise<void>;
  /** Replaces the policy by `change` between two judgements; then everything is judged by the new one. Resolves once that has begun. */
  afterPolicy(change: () => void): Promise<void>;
  /** Notes that all that was taken is judged, unless a repair was cut off; nothing may be judged afterwards. */
  stopped(): Promise<void>;
}

const dueAtATime = 500;
const names = { started: 'judging started', stopped: 'judging stopped', basis: 'judged everything by ' };

/** See {@link Clock}. */
export function createClock(dependencies: ClockDependencies): Clock {
  const { store, pipeline, inputs, log } = dependencies;
  let known: InventoryIndex | null = null;
  let asking: Promise<void> | null = null;
  let underWay: Promise<void> | null = null;
  let isWhole = false;

  function all(): Promise<void> {
    const basis = dependencies.basis();
    const run = pipeline.evaluate().then(async () => {
      isWhole = true;
      await store.writeScheduleRun(names.basis + basis, new Date());
    });
    const mine = run.catch(() => undefined).then(() => void (underWay = underWay === mine ? null : underWay));
    underWay = mine;
    return run;
  }

  function anew(): Promise<void> {
    dependencies.passed.clear();
    return all();
  }

  /** True when the inventories know something else than before. */
  async function checkInventory(now: Date): Promise<boolean> {
    const index = await inputs.inventory(now);
    if (index === known) return false;
    const isOther = known !== null && !isSameInventory(known, index);
    known = index;
    await pipeline.run(() => dependencies.judgeInventories(now));
    return isOther;
  }

  async function tick(now: Date): Promise<void> {
    await lapseSilences(dependencies, now);
    // Other judgements, and the clock, do not wait until all is judged anew.
    if (await checkInventory(now)) void attempt(anew, log);
    await repeatDue(dependencies, now);
    // Fleet rules in a lane of their own: what is observed does not wait for their queries.
    asking ??= askFleet(dependencies, now).finally(() => (asking = null));
  }

  return {
    tick,
    evaluate: () => underWay ?? all(),
    async start(everyMs, signal) {
      isWhole = isJudged(await store.lastScheduleRuns(), dependencies.basis());
      await store.writeScheduleRun(names.started, new Date());
      const repair = isWhole ? null : attempt(all, log, signal);
      await repeat(() => attempt(() => tick(new Date()), log, signal), everyMs, signal);
      await Promise.all([repair, underWay, asking]);
    },
    afterScan: (now) => judgeLeft(dependencies, now),
    afterEvidence: anew,
    async afterPolicy(change) {
      await changePolicy(dependencies, change);
      isWhole = false;
      void attempt(anew, log);
    },
    async afterImport(now) {
      inputs.refresh();
      if (await checkInventory(now)) await anew();
    },
    async stopped() {
      if (isWhole) await store.writeScheduleRun(names.stopped, new Date());
    },
  };
}

async function changePolicy(
  { pipeline, inputs, fleet }: ClockDependencies,
  change: () => void,
): Promise<void> {
  await pipeline.run(async () => (change(), []));
  inputs.refresh();
  fleet.askAgain();
}

async function repeat(work: () => Promise<void>, everyMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await work();
    await delay(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

async function lapseSilences({ ledger, pipeline }: ClockDependencies, now: Date): Promise<void> {
  if ([...ledger.open].some(({ until }) => until !== null && until <= now))
    await pipeline.run(() => ledger.lapse(now));
}

/** Logs a failure, unless it comes of stopping. */
async function attempt(work: () => Promise<void>, log: Logger, signal?: AbortSignal): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (signal?.aborted !== true) log.error({ err: error }, 'evaluation failed, will be tried again');
  }
}

/** Never rejects. */
async function askFleet({ fleet, onFindings, log }: ClockDependencies, now: Date): Promise<void> {
  try {
    if ((await fleet.due(now)).length > 0) onFindings();
  } catch (error) {
    log.error({ err: error }, 'fleet rules failed');
  }
}

/** Ends when what is due stays due although it was repeated: the next tick tries again. */
async function repeatDue({ store, pipeline, evaluator }: ClockDependencies, now: Date): Promise<void> {
  for (let first = ''; ;) {
    const due = await store.judging.dueJudged(now, dueAtATime);
    if (due.length > 0) await pipeline.run(() => evaluator.repeat(due, now));
    if (due.length < dueAtATime || due[0]?.key === first) return;
    first = due[0]?.key ?? '';
  }
}

/** Endpoints with findings that the last scans did not observe. */
async function judgeLeft(
  { ledger, pipeline, evaluator, scannedSince }: ClockDependencies,
  now: Date,
): Promise<void> {
  const since = await scannedSince();
  if (since === null) return;
  const left = [...ledger.open].filter(
    ({ subject, lastSeenAt }) => subject.kind === 'endpoint' && lastSeenAt < since,
  );
  const keys = [...new Set(left.map(({ subject }) => subject.key))];
  if (keys.length > 0) await pipeline.run(() => evaluator.endpoints(keys, now));
}

/** True when everything was judged by this basis last, and the process then stopped in order. */
function isJudged(runs: ReadonlyMap<string, Date>, basis: string): boolean {
  const at = (name: string): number => runs.get(name)?.getTime() ?? -Infinity;
  const own = at(names.basis + basis);
  const others = [...runs].filter(([name]) => name.startsWith(names.basis)).map(([, date]) => date.getTime());
  const isLatest = own > -Infinity && others.every((other) => other <= own);
  return isLatest && at(names.stopped) >= at(names.started);
}
