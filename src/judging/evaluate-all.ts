import type { Logger } from 'pino';
import type { Finding } from '../model/finding.js';
import type { Policy } from '../model/policy.js';
import { isEnabled } from '../rules/judge.js';
import type { Rule } from '../rules/rule.js';
import type { EndpointCursor } from '../store/judging.js';
import type { CheckInputs } from './check-inputs.js';
import type { Evaluator } from './evaluate.js';
import type { Ledger } from './finding-ledger.js';
import { issuanceSubject, type Grader } from './grade.js';
import { judgeInventories } from './inventory-incidents.js';
import type { Passed } from './passed.js';

/** One part of a full evaluation; returns the findings that got a new revision. */
export type Step = () => Promise<readonly Finding[]>;

/** Dependencies of a full evaluation. */
export interface AllDependencies {
  readonly inputs: CheckInputs;
  readonly ledger: Pick<Ledger, 'open' | 'apply'>;
  readonly evaluator: Evaluator;
  readonly grade: Grader;
  readonly rules: readonly Rule[];
  readonly policy: Policy;
  /** Aborted when the service stops: the evaluation then ends with an error. */
  readonly signal: AbortSignal;
  /** Logged certificates that were judged by the same policy and inventories before, and passed: they need not be judged again. */
  readonly passed: Passed;
  readonly log: Logger;
}

/** Read and judged in a fraction of a second. */
const endpointsPerStep = 500;
const certificatesPerStep = 2_000;

/**
 * Judges everything that is served and logged, in steps of a fraction of a second each, so that what is fresh can be judged in between.
 * The caller runs a step to its end before it asks for the next. Nothing but the open findings is held in memory.
 */
export async function* evaluateAll(
  dependencies: AllDependencies,
  clock: () => Date,
): AsyncGenerator<Step, void, void> {
  for await (const step of steps(dependencies, clock)) {
    dependencies.signal.throwIfAborted();
    yield step;
  }
}

async function* steps(dependencies: AllDependencies, clock: () => Date): AsyncGenerator<Step, void, void> {
  const { inputs, ledger, evaluator, log } = dependencies;
  const startedAt = performance.now();
  inputs.refresh();
  yield () => dropOverruled(dependencies, clock());
  yield () => judgeInventories(dependencies, clock());
  const unseen = subjectsOf(ledger.open);
  let [endpoints, certificates] = [0, 0];
  let after: EndpointCursor | null = null;
  do {
    yield async () => {
      const page = await inputs.servedPage(after, endpointsPerStep, clock());
      after = page.next;
      endpoints += page.keys.length;
      for (const key of page.keys) unseen.endpoint.delete(key);
      for (const { certificate } of page.served.flatMap((one) => one.inputs))
        unseen.issuance.delete(issuanceSubject(certificate).key);
      return evaluator.served(page.keys, page, clock());
    };
  } while (after !== null);
  for await (const some of loggedPages(dependencies, clock)) {
    certificates += some.length;
    for (const { certificate } of some) unseen.issuance.delete(issuanceSubject(certificate).key);
    yield async () => {
      const changed = await evaluator.logged(some, clock());
      dependencies.passed.note(some);
      return changed;
    };
  }
  for (const keys of slices([...unseen.endpoint])) yield () => evaluator.endpoints(keys, clock());
  for (const keys of slices([...unseen.issuance])) yield () => evaluator.issuances(keys, clock());
  const seconds = Math.round(performance.now() - startedAt) / 1_000;
  log.info({ endpoints, certificates, findings: ledger.open.size, seconds }, 'evaluated everything');
}

/** Keys of endpoints and issuances with open findings. */
function subjectsOf(open: Iterable<Finding>): Readonly<Record<'endpoint' | 'issuance', Set<string>>> {
  const keys = { endpoint: new Set<string>(), issuance: new Set<string>() };
  for (const { subject } of open)
    if (subject.kind === 'endpoint' || subject.kind === 'issuance') keys[subject.kind].add(subject.key);
  return keys;
}

/** Pages of what is logged, each read while the one before is judged. */
async function* loggedPages({ inputs, passed }: AllDependencies, clock: () => Date) {
  const read = (after: string) => {
    const page = inputs.loggedPage(after, certificatesPerStep, clock(), (sha256) => passed.has(sha256));
    // Its failure is met where it is waited for, unless the evaluation ended before.
    page.catch(() => undefined);
    return page;
  };
  let next: ReturnType<typeof read> | null = read('');
  while (next !== null) {
    const page: Awaited<ReturnType<typeof read>> = await next;
    next = page.next === null ? null : read(page.next);
    yield page.inputs;
  }
}

/** Findings of rules that are switched off or no longer exist. */
function dropOverruled({ ledger, rules, policy }: AllDependencies, now: Date): Promise<readonly Finding[]> {
  const enabled = new Set(rules.filter((rule) => isEnabled(rule, policy)).map(({ id }) => id));
  return ledger.apply(
    [],
    (open) => [...open].filter(({ rule }) => !enabled.has(rule)).map((finding) => [finding, 'out-of-scope']),
    now,
  );
}

function* slices(keys: readonly string[]): Generator<readonly string[]> {
  for (let start = 0; start < keys.length; start += endpointsPerStep)
    yield keys.slice(start, start + endpointsPerStep);
}
