import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Finding } from '../model/finding.js';
import type { Policy } from '../model/policy.js';
import type { PolicyPreview } from '../model/policy-preview.js';
import type { Rule } from '../rules/rule.js';
import type { Store } from '../store/store.js';
import { createCheckInputs, type InputSources } from './check-inputs.js';
import { createClock, type Clock } from './clock.js';
import { evaluateAll } from './evaluate-all.js';
import { createDoubts, type Doubts } from './doubts.js';
import { createEvaluator, type Evaluator } from './evaluate.js';
import type { Ledger } from './finding-ledger.js';
import { createFleetEvaluator, type FleetEvaluator } from './fleet.js';
import { createGrader } from './grade.js';
import { createInstants } from './instants.js';
import { judgeInventories } from './inventory-incidents.js';
import { previewPolicy } from './preview.js';
import { createPassed } from './passed.js';
import { createPipeline, type Pipeline } from './pipeline.js';

/** Dependencies of judging. */
export interface JudgingDependencies extends Omit<InputSources, 'store'> {
  readonly store: Store;
  readonly ledger: Ledger;
  /** Read at every judgement: may be replaced in place, see Clock.afterPolicy. */
  readonly policy: Policy;
  readonly rules: readonly Rule[];
  /** Of the program: another one judges everything anew. */
  readonly version: string;
  /** Called after findings got new revisions. */
  onFindings(): void;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** The time by which fresh observations are judged; absent: the machine's. */
  now?(): Date;
}

/** The parts of judging, wired. */
export interface Judging {
  readonly evaluator: Evaluator;
  readonly doubts: Doubts;
  readonly pipeline: Pipeline;
  readonly clock: Clock;
  readonly fleet: FleetEvaluator;
  /** See {@link previewPolicy}. */
  preview(policy: Policy, now: Date): Promise<PolicyPreview>;
}

/** See {@link Judging}. */
export function createJudging(dependencies: JudgingDependencies): Judging {
  const { policy, rules, inventorySources, version, now = () => new Date() } = dependencies;
  const inputs = createCheckInputs(dependencies);
  const grade = createGrader(policy, rules);
  const instants = createInstants(policy, rules);
  const passed = createPassed(dependencies.ledger, instants, inputs.unsettledRules);
  const doubts = createDoubts(policy, dependencies.onFindings);
  const parts = { ...dependencies, doubts, inputs, grade, instants, passed };
  const evaluator = createEvaluator(parts);
  const pipeline = createPipeline({
    ...dependencies,
    evaluator,
    now,
    all: () => evaluateAll({ ...parts, evaluator }, now),
  });
  const fleet = createFleetEvaluator({
    ...parts,
    ask: dependencies.store.ask,
    // Of its own turn: an incident changes findings like any other judgement.
    async incident(incident, at) {
      let changed: readonly Finding[] = [];
      await pipeline.run(async () => (changed = await evaluator.incident(incident, at)));
      return changed;
    },
  });
  const clock = createClock({
    ...parts,
    evaluator,
    pipeline,
    fleet,
    judgeInventories: (at) => judgeInventories(parts, at),
    basis: () => basisOf({ version, policy, inventorySources, rules: rules.map(({ id }) => id) }),
  });
  const preview: Judging['preview'] = (next, at) => previewPolicy(dependencies, next, at);
  return { evaluator, doubts, pipeline, clock, fleet, preview };
}

/** A short name for everything that judgements depend on beside what is observed. */
function basisOf(basis: unknown): string {
  return createHash('sha256').update(JSON.stringify(basis)).digest('hex').slice(0, 16);
}
