import type { Logger } from 'pino';
import { createSerial } from '../lib/serial.js';
import { isWatched, type CtEntry } from '../model/ct-entry.js';
import type { Finding } from '../model/finding.js';
import type { Incident } from '../model/incident.js';
import type { Answer } from '../model/network.js';
import { endpointKey } from '../model/target.js';
import type { Store } from '../store/store.js';
import type { Sink } from '../../scanners/scanner.js';
import type { Step } from './evaluate-all.js';
import type { Evaluator } from './evaluate.js';

/** A sink that stores first and judges afterwards. */
export interface Pipeline extends Sink {
  /** Judges an incident; resolves when its finding is written. */
  incident(incident: Incident): Promise<void>;
  /** Judges everything, step by step, what is fresh in between. Rejects when a step fails. */
  evaluate(): Promise<void>;
  /** Runs one step of judging in its turn. Rejects when it fails. */
  run(step: Step): Promise<void>;
  /** Resolves when everything taken so far has been judged. */
  drained(): Promise<void>;
}

/** Entries that may wait to be judged; a scanner that brings more waits with them. */
const mostUnjudged = 5_000;

/** Dependencies of the pipeline. */
export interface PipelineDependencies {
  readonly store: Pick<Store, 'take' | 'endpointsServing'>;
  readonly evaluator: Pick<Evaluator, 'endpoints' | 'entries' | 'incident'>;
  /** Steps of a full evaluation, each to be run to its end before the next is asked for. */
  all(): AsyncIterable<Step>;
  /** Called after findings got new revisions. */
  onFindings(): void;
  /** Absent: the machine's clock. */
  now?(): Date;
  readonly log: Logger;
}

/** Certificates whose status is another than before: who serves them is judged at once. Other answers wait for their fleet rules. */
function changedStatuses(answers: readonly Answer[]): readonly string[] {
  return answers.flatMap(({ question, key, since, checkedAt }) =>
    question === 'revocation' && since.getTime() === checkedAt.getTime() ? [key] : [],
  );
}

/**
 * Scanner -> store -> rules -> findings -> outbox. A batch counts as taken once it is stored; judging follows behind, one step at a time.
 * What was stored but not judged when the process died is judged by the full evaluation after an unclean stop.
 */
export function createPipeline(dependencies: PipelineDependencies): Pipeline {
  const { store, evaluator, onFindings, now = () => new Date(), log } = dependencies;
  const inTurn = createSerial();
  const oneAtATime = createSerial();
  const dirty = new Set<string>();
  let scheduled = false;
  let unjudged = 0;
  let last: Promise<unknown> = Promise.resolve();

  async function run(step: () => Promise<readonly Finding[]>): Promise<void> {
    const done = inTurn(step);
    last = done.catch(() => undefined);
    if ((await done).length > 0) onFindings();
  }

  /** A failure is logged; the next full evaluation makes up for it. */
  function judge(step: () => Promise<readonly Finding[]>): Promise<void> {
    return run(step).catch((error: unknown) => log.error({ err: error }, 'evaluation failed'));
  }

  function judgeSoon(keys: readonly string[]): void {
    for (const key of keys) dirty.add(key);
    if (scheduled || dirty.size === 0) return;
    scheduled = true;
    void judge(() => {
      scheduled = false;
      const keys = [...dirty];
      dirty.clear();
      return evaluator.endpoints(keys, now());
    });
  }

  async function logged(batch: readonly CtEntry[]): Promise<void> {
    // Entries that match nothing and are only kept wait for the next full evaluation.
    const watched = batch.filter(isWatched);
    if (watched.length === 0) return;
    unjudged += watched.length;
    const judged = judge(() => evaluator.entries(watched, now())).finally(() => {
      unjudged -= watched.length;
    });
    if (unjudged >= mostUnjudged) await judged;
  }

  const incident = (one: Incident): Promise<void> => judge(() => evaluator.incident(one, now()));

  return {
    async take(fact) {
      if (fact.kind === 'incident') return incident(fact.incident);
      await store.take(fact);
      if (fact.kind === 'observations') judgeSoon(fact.observations.map(({ target }) => endpointKey(target)));
      if (fact.kind === 'ct-entries') await logged(fact.entries);
      if (fact.kind === 'answers') judgeSoon(await store.endpointsServing(changedStatuses(fact.answers)));
    },
    incident,
    run,
    evaluate: () =>
      oneAtATime(async () => {
        for await (const step of dependencies.all()) await run(step);
      }),
    async drained() {
      // Judging may bring more to judge.
      for (let before = null as unknown; before !== last;) await (before = last);
    },
  };
}
