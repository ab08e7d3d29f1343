import type { Logger } from 'pino';
import { createSerial } from '../lib/serial.js';
import { findingId, type Finding } from '../model/finding.js';
import type { Incident } from '../model/incident.js';
import type { Policy } from '../model/policy.js';
import type { AskStore } from '../model/query.js';
import type { FleetEnd, FleetRule } from '../rules/fleet-rule.js';
import { isEnabled } from '../rules/judge.js';
import type { Rule } from '../rules/rule.js';
import type { Covered, Ledger } from './finding-ledger.js';
import type { Grader } from './grade.js';
import type { OpenFindings } from './open-findings.js';

/** What fleet rules are evaluated with. */
export interface FleetDependencies {
  readonly ask: AskStore;
  readonly ledger: Ledger;
  readonly grade: Pick<Grader, 'fleet'>;
  readonly policy: Policy;
  readonly rules: readonly Rule[];
  /** Reports that a rule failed, or works again. */
  incident(incident: Incident, now: Date): Promise<readonly Finding[]>;
  readonly log: Logger;
  /** A rule that takes longer counts as failed, milliseconds; queries have shorter limits of their own. */
  readonly deadlineMs?: number;
}

/** Fleet rules, each on its own clock. */
export interface FleetEvaluator {
  /** Runs the rules whose time has come, one after another; returns the findings that got a new revision. Never rejects. */
  due(now: Date): Promise<readonly Finding[]>;
  /** The time of every rule has come. */
  askAgain(): void;
}

const minuteMs = 60_000;

/**
 * See {@link FleetEvaluator}. A rule that fails holds what it said before, is reported as `rule-failed` until it works again, and keeps
 * no other rule from running.
 */
export function createFleetEvaluator(dependencies: FleetDependencies): FleetEvaluator {
  const { policy, ledger, log, deadlineMs = 180_000 } = dependencies;
  const rules = dependencies.rules.filter((rule) => rule.kind === 'fleet');
  const lastRunMs = new Map<string, number>();
  const serially = createSerial();

  function isDue({ id, everyMinutes }: FleetRule, now: Date): boolean {
    const last = lastRunMs.get(id);
    return last === undefined || now.getTime() - last >= everyMinutes * minuteMs;
  }

  async function run(rule: FleetRule, now: Date): Promise<readonly Finding[]> {
    const attempt = { isLate: false };
    const work = evaluate(dependencies, rule, now, attempt);
    const failure = await withDeadline(work, deadlineMs)
      .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
      .finally(() => (attempt.isLate = true));
    const failed = failure instanceof Error ? failure.message : null;
    if (failed !== null) log.warn({ rule: rule.id, reason: failed }, 'fleet rule failed');
    const subject = { kind: 'self', key: `rule ${rule.id}` };
    const details = { rule: rule.id, error: failed };
    const incident = { rule: 'rule-failed', subject, active: failed !== null, details };
    const told = await dependencies.incident(incident, now);
    return failure instanceof Error ? told : [...failure, ...told];
  }

  return {
    askAgain: () => lastRunMs.clear(),
    due: (now) =>
      serially(async () => {
        const changed: Finding[] = [];
        for (const rule of rules.filter((one) => isDue(one, now))) {
          lastRunMs.set(rule.id, now.getTime());
          if (isEnabled(rule, policy)) changed.push(...(await run(rule, now)));
          else changed.push(...(await drop(ledger, rule, now)));
        }
        return changed;
      }),
  };
}

/** One run of a rule; what it says once it is late does not count. */
interface Attempt {
  isLate: boolean;
}

async function evaluate(
  { ask, ledger, grade, policy }: FleetDependencies,
  rule: FleetRule,
  now: Date,
  attempt: Attempt,
): Promise<readonly Finding[]> {
  const context = { ask, policy, now };
  const hits = await rule.hits(context);
  const sightings = hits.flatMap((hit) => grade.fleet(rule, hit));
  const seen = new Set(sightings.map(({ subject }) => findingId(rule.id, subject)));
  const gone = [...ledger.open.ofRule(rule.id)].filter(({ id }) => !seen.has(id));
  const ends = gone.length === 0 ? [] : await rule.ends(gone, context);
  if (attempt.isLate) return [];
  const byId = new Map(ends.map((end) => [end.findingId, end]));
  // A person may have acted on one meanwhile.
  const covered = (open: OpenFindings): Covered =>
    gone.flatMap(({ id }) => open.get(id) ?? []).map((finding) => ended(finding, byId.get(finding.id)));
  return ledger.apply(sightings, covered, now);
}

function ended(finding: Finding, end: FleetEnd | undefined): readonly [Finding, FleetEnd['resolution']] {
  if (end === undefined) return [finding, 'fixed'];
  return [{ ...finding, evidence: end.evidence ?? finding.evidence }, end.resolution];
}

/** Findings of a rule that was switched off. */
function drop(ledger: Ledger, { id }: FleetRule, now: Date): Promise<readonly Finding[]> {
  return ledger.apply(
    [],
    (open) => [...open.ofRule(id)].map((finding) => [finding, 'out-of-scope'] as const),
    now,
  );
}

/** Rejects when `work` has not settled by then. */
async function withDeadline<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1_000} s`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
