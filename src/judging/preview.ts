import { setImmediate as rest } from 'node:timers/promises';
import type { Finding } from '../model/finding.js';
import type { Policy } from '../model/policy.js';
import type { Logger } from 'pino';
import type { Rule } from '../rules/rule.js';
import type { Store } from '../store/store.js';
import type { PolicyPreview, PreviewedFinding } from '../model/policy-preview.js';
import { createCheckInputs, type InputSources } from './check-inputs.js';
import { evaluateAll } from './evaluate-all.js';
import { createDoubts } from './doubts.js';
import { createEvaluator } from './evaluate.js';
import { openLedger, type Ledger } from './finding-ledger.js';
import { createFleetEvaluator } from './fleet.js';
import { createGrader } from './grade.js';
import { createInstants } from './instants.js';
import { createPassed } from './passed.js';

/** Dependencies of a preview: those of judging. */
export interface PreviewDependencies extends InputSources {
  readonly store: InputSources['store'] & Pick<Store, 'ask'>;
  readonly ledger: Pick<Ledger, 'open'>;
  readonly rules: readonly Rule[];
  readonly signal: AbortSignal;
  readonly log: Logger;
}

const listed = 1_000;

/**
 * What would open, close and change if everything that is stored were judged by another policy now. Judges all of it, beside the ledger:
 * nothing is written, and nobody is alerted. Findings that scanners report themselves stay as they are.
 */
export async function previewPolicy(
  dependencies: PreviewDependencies,
  policy: Policy,
  now: Date,
): Promise<PolicyPreview> {
  const { ledger: real, rules } = dependencies;
  const before = new Map([...real.open].map((finding) => [finding.id, finding]));
  const ledger = await scratchLedger([...before.values()]);
  const store = readsOf(dependencies);
  const grade = createGrader(policy, rules);
  const instants = createInstants(policy, rules);
  const own = { ...dependencies, store, policy, ledger, grade, instants };
  const inputs = createCheckInputs(own);
  // Nothing is alerted, so nothing has to be confirmed.
  const doubts = createDoubts({ confirmAfterSeconds: 0 }, () => undefined);
  const evaluator = createEvaluator({ ...own, inputs, doubts });
  const passed = createPassed(ledger, instants, inputs.unsettledRules);
  for await (const step of evaluateAll({ ...own, inputs, evaluator, passed }, () => now)) {
    await step();
    await rest();
  }
  const fleet = createFleetEvaluator({
    ...{ ask: store.ask, ledger, grade, policy, rules, log: dependencies.log },
    incident: (incident, at) => evaluator.incident(incident, at),
  });
  await fleet.due(now);
  return compare(before, new Map([...ledger.open].map((finding) => [finding.id, finding])));
}

/** What is read of the store; what is remembered of judgements is neither read nor written. */
function readsOf({ store }: PreviewDependencies) {
  return {
    ask: store.ask,
    answers: store.answers.bind(store),
    certificates: store.certificates.bind(store),
    misses: store.misses.bind(store),
    endpoints: store.endpoints.bind(store),
    recentProbes: store.recentProbes.bind(store),
    inventoryIndex: store.inventoryIndex.bind(store),
    judging: store.judging,
    writeJudged: () => Promise.resolve(),
  };
}

/** A ledger that begins with these findings and writes nothing. */
function scratchLedger(findings: readonly Finding[]): Promise<Ledger> {
  return openLedger({
    openFindings: () => Promise.resolve(findings),
    resolvedFindings: () => Promise.resolve([]),
    findingHistory: () => Promise.resolve([]),
    writeFindings: () => Promise.resolve(),
  });
}

function compare(before: ReadonlyMap<string, Finding>, after: ReadonlyMap<string, Finding>): PolicyPreview {
  const opens = [...after.values()].filter(({ id }) => !before.has(id));
  const closes = [...before.values()].filter(({ id }) => !after.has(id));
  const changes = [...after.values()].flatMap((one) => {
    const was = before.get(one.id);
    const isSame = was === undefined || (was.severity === one.severity && was.state === one.state);
    return isSame ? [] : [{ before: shown(was), after: shown(one) }];
  });
  return {
    opens: opens.slice(0, listed).map(shown),
    closes: closes.slice(0, listed).map(shown),
    changes: changes.slice(0, listed),
    counts: { opens: opens.length, closes: closes.length, changes: changes.length },
  };
}

function shown({ id, rule, severity, state, title, subject, host }: Finding): PreviewedFinding {
  return { id, rule, severity, state, title, subject, host };
}
