import type { Certificate } from '../model/certificate.js';
import type { Observation, Verdict } from '../model/observation.js';
import type { Policy } from '../model/policy.js';
import type { Validation } from '../model/validation.js';
import { ask, askEndpoint, judgeObservation, verdictOf, type AskedRule } from '../rules/judge.js';
import type { CheckInput, EndpointInput, Rule } from '../rules/rule.js';

/** What observations are judged by. */
export interface RememberingJudgeContext {
  readonly policy: Policy;
  validate(leaf: Certificate, chain: readonly Certificate[], at: Date): Validation;
}

/** Everything the rules say against one observation, as `judgeObservation` does. The same array for observations judged alike. */
export type ObservationJudge = (observation: Observation, now: Date) => readonly Verdict[];

/** How long answers are taken for those of now, in ms. */
const freshMs = 600_000;

/** Kinds of handshake remembered for one chain. */
const mostKinds = 16;

/**
 * Judges observations, each chain once in ten minutes. Whether an answer holds for the next endpoint with the same chain and kind
 * of handshake is seen from what the rule read: one that read the name or the place is asked again every time.
 */
export function createRememberingJudge(
  context: RememberingJudgeContext,
  rules: readonly Rule[],
): ObservationJudge {
  const asked = [
    ...rules.filter(({ kind }) => kind === 'certificate'),
    ...rules.filter(({ kind }) => kind === 'endpoint'),
  ];
  const askedRules = asked.filter(
    (rule): rule is AskedRule => rule.kind === 'certificate' || rule.kind === 'endpoint',
  );
  const memories = new WeakMap<Certificate, ChainMemory>();

  return (observation, now) => {
    const [leaf, ...chain] = observation.chain;
    const memory = leaf === undefined ? null : recall(memories, leaf, chain, context, now);
    const validate = (one: Certificate, rest: readonly Certificate[]): Validation =>
      one === leaf && memory !== null && isSame(rest, memory.chain)
        ? memory.validation
        : context.validate(one, rest, now);
    // A staple, a survey and further chains are an endpoint's own.
    const isAlone = !observation.survey && (observation.alternates ?? []).length === 0;
    if (memory === null || !isAlone || (observation.tls?.ocspResponse ?? null) !== null)
      return judgeObservation(
        observation,
        { policy: context.policy, now, validate, inventory: () => null },
        rules,
      );
    const kind = kindOf(observation);
    const known = memory.kinds.get(kind);
    if (known?.isShared === true) return known.common;
    const inputs = inputsOf(observation, memory, context.policy, now);
    if (known !== undefined) return again(known, inputs);
    const answers = askedRules.map((rule) => firstAnswer(rule, inputs));
    const common = answers.flatMap(({ verdicts, isOwn }) => (isOwn ? [] : verdicts));
    const isShared = !answers.some(({ isOwn }) => isOwn);
    if (memory.kinds.size < mostKinds)
      memory.kinds.set(kind, { answers: isShared ? [] : answers, common, isShared });
    return answers.some(({ verdicts, isOwn }) => isOwn && verdicts.length > 0)
      ? answers.flatMap(({ verdicts }) => verdicts)
      : common;
  };
}

/** What is remembered of a chain. */
interface ChainMemory {
  /** Without the leaf. */
  readonly chain: readonly Certificate[];
  readonly untilMs: number;
  readonly validation: Validation;
  readonly kinds: Map<string, Answers>;
}

interface Answers {
  readonly answers: readonly Answer[];
  /** What holds for every endpoint of the kind. */
  readonly common: readonly Verdict[];
  /** No rule depends on the endpoint. */
  readonly isShared: boolean;
}

interface Answer {
  readonly rule: AskedRule;
  readonly verdicts: readonly Verdict[];
  /** It depends on the endpoint, and is asked for again. */
  readonly isOwn: boolean;
}

function recall(
  memories: WeakMap<Certificate, ChainMemory>,
  leaf: Certificate,
  chain: readonly Certificate[],
  context: RememberingJudgeContext,
  now: Date,
): ChainMemory {
  const known = memories.get(leaf);
  if (known !== undefined && now.getTime() < known.untilMs && isSame(known.chain, chain)) return known;
  const memory = {
    chain,
    untilMs: freshUntil([leaf, ...chain], now.getTime()),
    validation: context.validate(leaf, chain, now),
    kinds: new Map(),
  };
  memories.set(leaf, memory);
  return memory;
}

/** The next date of the chain, when it comes sooner. */
function freshUntil(chain: readonly Certificate[], nowMs: number): number {
  const dates = chain.flatMap(({ notBefore, notAfter }) => [
    notBefore?.getTime() ?? NaN,
    notAfter?.getTime() ?? NaN,
  ]);
  // A second around each, for dates hold until the end of theirs.
  return Math.min(
    nowMs + freshMs,
    ...dates.filter((date) => date > nowMs - 1000).map((date) => Math.max(date, nowMs)),
  );
}

function isSame(one: readonly Certificate[], other: readonly Certificate[]): boolean {
  return one.length === other.length && one.every((certificate, index) => certificate === other[index]);
}

/** Everything of an observation that rules may read without their answer being the endpoint's own; see {@link inputsOf}. */
function kindOf({ outcome, detail, tls, target }: Observation): string {
  const isNamed = target.serverName !== null;
  if (tls === null) return `${isNamed}|${outcome}|${detail}`;
  const { version, cipher, group, alpn, clientCertificateRequested } = tls;
  return `${isNamed}|${outcome}|${version}|${cipher}|${group}|${alpn}|${clientCertificateRequested}|${detail}`;
}

/** What rules are asked about, and whether they have read what is the endpoint's own since that was last reset. */
interface Inputs {
  readonly certificate: CheckInput;
  readonly endpoint: EndpointInput;
  readonly reading: { isOwn: boolean };
}

function inputsOf(observation: Observation, memory: ChainMemory, policy: Policy, now: Date): Inputs {
  const reading = { isOwn: false };
  const own = <T>(value: T): T => {
    reading.isOwn = true;
    return value;
  };
  const { outcome, detail, tls, certificate, chain } = observation;
  const view: Observation = {
    outcome,
    detail,
    tls,
    certificate,
    chain,
    survey: null,
    get target() {
      return own(observation.target);
    },
    get observedAt() {
      return own(observation.observedAt);
    },
    get durationMs() {
      return own(observation.durationMs);
    },
    get scanId() {
      return own(observation.scanId);
    },
  };
  const [leaf = certificate] = chain;
  if (leaf === null) throw new Error('an observation without a certificate has no chain to remember');
  const check: CheckInput = {
    certificate: leaf,
    source: 'served',
    chain: memory.chain,
    get host() {
      const { serverName } = observation.target;
      return serverName === null ? null : own(serverName);
    },
    observation: view,
    validation: memory.validation,
    inventory: null,
    policy,
    now,
  };
  return { certificate: check, endpoint: { observation: view, policy, now }, reading };
}

function firstAnswer(rule: AskedRule, inputs: Inputs): Answer {
  inputs.reading.isOwn = false;
  const verdicts = askedOf(rule, inputs);
  return { rule, verdicts, isOwn: inputs.reading.isOwn };
}

function askedOf(rule: AskedRule, { certificate, endpoint }: Inputs): readonly Verdict[] {
  const { policy } = endpoint;
  return verdictOf(rule, policy, () =>
    rule.kind === 'certificate' ? ask(rule, certificate) : askEndpoint(rule, endpoint),
  );
}

/** The answers for another endpoint of the kind. */
function again({ answers, common }: Answers, inputs: Inputs): readonly Verdict[] {
  const own = answers.map(({ rule, isOwn }) => (isOwn ? askedOf(rule, inputs) : null));
  if (own.every((verdicts) => verdicts === null || verdicts.length === 0)) return common;
  return answers.flatMap(({ verdicts }, index) => own[index] ?? verdicts);
}
