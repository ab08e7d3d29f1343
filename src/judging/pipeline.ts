import type { Logger } from 'pino';
import type { Evaluator } from './evaluate.js';
import type { FleetEvaluator } from './fleet.js';
import { isWatched, type CtEntry } from '../model/ct-entry.js';
import type { Incident } from '../model/incident.js';
import type { Observation } from '../model/observation.js';
import { endpointKey } from '../model/target.js';
import type { Store } from '../store/store.js';
import type { Sink } from '../../scanners/scanner.js';

/** A sink that stores first and judges afterwards. */
export interface Pipeline extends Sink {
  /** Judges an incident; resolves when its finding is written. */
  incident(incident: Incident): Promise<void>;
  /**
   * Judges everything. Waits its turn: two evaluations at a time would each undo what the other just saw. Rejects when it
   * fails.
   */
  evaluate(): Promise<void>;
  /** Resolves when everything taken so far has been judged. */
  drained(): Promise<void>;
}

/** Entries that may wait to be judged; a scanner that brings more waits with them. */
const mostUnjudged = 5_000;

/** What the pipeline works with. */
export interface PipelineDependencies {
  readonly store: Store;
  readonly evaluator: Evaluator;
  /** Asked after each evaluation of everything, beside the queue. */
  readonly fleet: FleetEvaluator;
  /** Called after findings changed state. */
  onFindings(): void;
  readonly log: Logger;
}

/**
 * Scanner -> store -> rules -> findings -> outbox. A batch counts as taken once it is stored; judging follows behind, in order.
 * What was stored but not judged when the process died is judged by the first full evaluation after the start.
 */
export function createPipeline({ store, evaluator, fleet, onFindings, log }: PipelineDependencies): Pipeline {
  let judging: Promise<void> = Promise.resolve();
  const dirty = new Set<string>();
  let scheduled = false;
  let unjudged = 0;

  /** Queues work behind what is being judged. */
  function queue(work: () => Promise<readonly unknown[]>): Promise<void> {
    const done = judging.then(work).then((changed) => {
      if (changed.length > 0) onFindings();
    });
    judging = done.catch(() => undefined);
    return done;
  }

  /** Queues work whose failure is logged; the next full evaluation makes up for it. */
  function judge(work: () => Promise<readonly unknown[]>): Promise<void> {
    return queue(work).catch((error: unknown) => log.error({ err: error }, 'evaluation failed'));
  }

  function judgeDirty(): Promise<readonly unknown[]> {
    scheduled = false;
    const keys = [...dirty];
    dirty.clear();
    return evaluator.endpoints(keys, new Date());
  }

  function observed(batch: readonly Observation[]): void {
    for (const { target } of batch) dirty.add(endpointKey(target));
    if (scheduled || dirty.size === 0) return;
    scheduled = true;
    void judge(judgeDirty);
  }

  async function logged(batch: readonly CtEntry[]): Promise<void> {
    // Entries that match nothing and are only kept wait for the next full evaluation.
    const watched = batch.filter(isWatched);
    if (watched.length === 0) return;
    unjudged += watched.length;
    const judged = judge(() => evaluator.entries(watched, new Date())).finally(() => {
      unjudged -= watched.length;
    });
    if (unjudged >= mostUnjudged) await judged;
  }

  const incident = (one: Incident): Promise<void> => judge(() => evaluator.incident(one, new Date()));

  return {
    async take(fact) {
      if (fact.kind === 'incident') return incident(fact.incident);
      await store.take(fact);
      if (fact.kind === 'observations') observed(fact.observations);
      if (fact.kind === 'ct-entries') await logged(fact.entries);
    },
    incident,
    async evaluate() {
      await queue(() => evaluator.all(new Date()));
      if ((await fleet.due(new Date())).length > 0) onFindings();
    },
    drained: () => judging,
  };
}
