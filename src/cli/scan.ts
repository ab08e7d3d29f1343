import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { printable } from '../lib/printable.js';
import type { RevocationStatus } from '../model/network.js';
import {
  alternatesOf,
  hasAnswered,
  outcomes as endings,
  type Observation,
  type Outcome,
  type Verdict,
} from '../model/observation.js';
import { atLeast, type Severity } from '../model/severity.js';
import type { StarttlsChoice } from '../model/target.js';
import { createRememberingJudge } from '../judging/remembering-judge.js';
import { rules } from '../rules/index.js';
import { judgeObservation, type JudgeContext } from '../rules/judge.js';
import type { RootStore } from '../x509/path/root-store.js';
import { createTrust, trustIn } from '../trust/trust.js';
import type { RevocationAsker } from '../../scanners/revocation/ask.js';
import type { Depth, TlsConfig } from '../../scanners/tls/config.js';
import { scanTargets } from '../../scanners/tls/scan.js';
import { parsePorts } from '../../scanners/tls/targets/expression.js';
import { lookOf } from './look.js';
import { createProgress } from './progress.js';
import { openRoots } from './roots-option.js';
import { createScanReport } from './render-scan.js';
import { createScanOutput } from './scan-output.js';
import { absoluteFile, refuseOutside, withConfirmed } from './start-targets.js';
import { scanSettings, type ScanSettings } from './scan-settings.js';

/** Options of `certglass scan`, as the command line gives them. */
export interface ScanOptions {
  readonly ports: string;
  readonly starttls: StarttlsChoice;
  readonly serverName?: string;
  readonly depth: Depth;
  readonly rate?: number;
  readonly concurrency?: number;
  readonly deadline?: number;
  readonly roots?: string;
  readonly config?: string;
  /** Ask revocation lists and responders. */
  readonly revocation?: boolean;
  readonly json?: boolean;
  readonly failOn: Severity;
  readonly failOnUnreachable?: boolean;
  /** Ranges of up to so many addresses are confirmed. */
  readonly yesScan?: number;
}

/** Exit code of a scan to which not a single endpoint answered. */
const nothingAnswered = 3;

/**
 * `certglass scan`: probes once, judges, prints. Answers the exit code: 0 nothing at or above `failOn`, 1 something (or an
 * endpoint that did not answer, where that counts), 3 when not a single endpoint answered.
 */
export async function scan(written: readonly string[], options: ScanOptions): Promise<number> {
  const targets = options.config === undefined ? written : written.map(absoluteFile);
  const roots = options.roots === undefined ? null : await openRoots(options.roots);
  const settings = await scanSettings(options.config ?? null, process.env);
  const config = withOptions(settings.scan, options);
  refuseOutside(targets, config);
  const abort = new AbortController();
  const lines = targets.includes('-') ? createInterface({ input: process.stdin }) : null;
  // Asked for at once: input that ends before somebody iterates would be waited for for ever.
  const typed = lines?.[Symbol.asyncIterator]();
  const stop = (): void => {
    abort.abort();
    lines?.close(); // what reads standard input waits for a line, not for the signal
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const asker = options.revocation === true ? await openAsker(settings) : null;
  const progress = createProgress(process.stderr);
  const report = createScanReport();
  const output = createScanOutput(process.stdout);
  const judge = await createJudge(settings, roots, asker, abort.signal);
  let failed = false;

  function take(observation: Observation): Promise<void> | void {
    const verdicts = judge(observation);
    return verdicts instanceof Promise
      ? verdicts.then((later) => tell(observation, later))
      : tell(observation, verdicts);
  }

  function tell(observation: Observation, verdicts: readonly Verdict[]): Promise<void> | void {
    failed ||= verdicts.some((verdict) => atLeast(verdict.severity, options.failOn));
    if (options.json === true) return output.add(observation, verdicts);
    report.add(observation, verdicts);
  }

  const { done, outcomes } = await scanTargets({
    targets,
    ports: parsePorts(options.ports),
    starttls: options.starttls,
    serverName: options.serverName ?? null,
    depth: options.depth,
    otherKeys: true,
    config,
    scanId: randomUUID(),
    signal: abort.signal,
    ...(typed === undefined ? {} : { stdin: { [Symbol.asyncIterator]: () => typed } }),
    onObservation: take,
    onProgress: (state) => progress.update(state),
    onProblem: complain,
  }).finally(() => asker?.close());
  output.end();
  progress.clear();
  if (done === 0 && !abort.signal.aborted)
    throw new Error('nothing was probed: the list of targets is empty');
  if (options.json !== true)
    process.stdout.write(report.render(lookOf(process.stdout, process.env), new Date()));
  if (abort.signal.aborted) throw new Error('stopped before the end; what was seen so far is printed');
  const answered = answersIn(outcomes);
  if (failed || (options.failOnUnreachable === true && answered < done)) return 1;
  if (answered > 0) return 0;
  complain(`nothing answered (${outcomesText(outcomes)}), so nothing was judged`);
  return nothingAnswered;
}

type Judge = (observation: Observation) => readonly Verdict[] | Promise<readonly Verdict[]>;

/** Judges each chain once, or each endpoint anew where lists and responders are asked about it. */
async function createJudge(
  { policy, trust }: ScanSettings,
  roots: readonly RootStore[] | null,
  asker: RevocationAsker | null,
  signal: AbortSignal,
): Promise<Judge> {
  const validate = roots === null ? await createTrust(trust, complain) : trustIn(roots, complain);
  const judge = createRememberingJudge({ policy, validate }, rules);
  if (asker === null) return (observation) => judge(observation, new Date());
  return async (observation) => {
    const statuses = await askAll(asker, observation, signal);
    const now = new Date();
    return judgeObservation(observation, {
      validate: (leaf, chain) => validate(leaf, chain, now),
      inventory: () => null,
      ...statuses,
      policy,
      now,
    });
  };
}

/** Loaded when it is asked for: it takes longer than a scan of one endpoint. */
async function openAsker({ revocation }: ScanSettings): Promise<RevocationAsker> {
  const { openRevocationAsker } = await import('../../scanners/revocation/ask.js');
  return openRevocationAsker(revocation);
}

/** How many endpoints said anything. */
function answersIn(outcomes: Readonly<Record<Outcome, number>>): number {
  return endings.reduce((sum, outcome) => sum + (hasAnswered(outcome) ? outcomes[outcome] : 0), 0);
}

function outcomesText(outcomes: Readonly<Record<Outcome, number>>): string {
  const met = endings.filter((outcome) => outcomes[outcome] > 0);
  return met.map((outcome) => `${outcomes[outcome].toLocaleString('en')} ${outcome}`).join(', ');
}

/** What lists and responders say of every certificate that an observation showed. */
async function askAll(
  asker: RevocationAsker,
  observation: Observation,
  signal: AbortSignal,
): Promise<Pick<JudgeContext, 'revocation'>> {
  const statuses = new Map<string, RevocationStatus>();
  for (const [leaf, ...issuers] of chainsOf(observation)) {
    if (leaf === undefined || leaf.isSelfIssued) continue;
    const ders = issuers.map(({ der }) => der);
    statuses.set(leaf.sha256, await asker.ask(leaf.der, ders, signal));
  }
  return { revocation: ({ sha256 }) => statuses.get(sha256) };
}

function chainsOf(observation: Observation): readonly Observation['chain'][] {
  return [observation.chain, ...alternatesOf(observation).map(({ chain }) => chain)];
}

function complain(sentence: string): void {
  process.stderr.write(`certglass: ${printable(sentence, 2000)}\n`);
}

function withOptions(settings: TlsConfig, { rate, concurrency, deadline, yesScan }: ScanOptions): TlsConfig {
  return {
    ...withConfirmed(settings, yesScan),
    concurrency: concurrency ?? settings.concurrency,
    deadlineMs: deadline ?? settings.deadlineMs,
    rate: { ...settings.rate, global: rate ?? settings.rate.global },
  };
}
