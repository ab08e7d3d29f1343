import { memoize } from '../lib/memoize.js';
import type { Certificate } from '../model/certificate.js';
import type { EndpointState, StoredSurvey } from '../model/endpoint-state.js';
import type { Resolution } from '../model/finding.js';
import type { RevocationStatus } from '../model/network.js';
import type { Observation, Outcome } from '../model/observation.js';
import type { Policy } from '../model/policy.js';
import type { SurveyFacts } from '../model/survey.js';
import type { Validation } from '../model/validation.js';
import { servedInputs, type JudgeContext } from '../rules/judge.js';
import type { Store } from '../store/store.js';
import type { Served } from './grade.js';
import { absence, forgottenAt } from './presence.js';
import type { Fetched } from './stored-certificates.js';

/** What reading of what is served takes. */
export interface ServedSources {
  readonly store: Pick<Store, 'misses' | 'answers'>;
  readonly policy: Policy;
  fetch(hashes: readonly string[]): Promise<Fetched>;
  validate(leaf: Certificate, chain: readonly Certificate[], at: Date): Validation;
  inventory(now: Date): Promise<JudgeContext['inventory']>;
  /** Start of the oldest of the latest complete runs of all scans: what was not probed since is no longer a target; null when unknown. */
  scannedSince(): Promise<Date | null>;
}

/** Endpoints as they are to be judged. */
export interface ServedNow {
  /** Those that answer; of the others nothing can be said. */
  readonly served: readonly (Served & { readonly forgottenAt: Date })[];
  /** Why the others do not count, by key. */
  readonly absent: ReadonlyMap<string, Resolution>;
}

const rememberedPaths = 20_000;
const answersAtOnce = 1_000;

/** Outcomes without a certificate that show TLS all the same. */
const speaksTls: ReadonlySet<Outcome> = new Set(['no-certificate', 'alert', 'protocol-error', 'too-large']);

/** Makes endpoint states into what rules judge. */
export interface ServedReader {
  read(states: readonly EndpointState[], now: Date): Promise<ServedNow>;
  /** The same for states of any time, whether or not the endpoint still answers. */
  judgeable(states: readonly EndpointState[], now: Date): Promise<ServedNow['served']>;
}

/** See {@link ServedReader}. Validated paths are remembered for the hour. */
export function createServedReader(sources: ServedSources): ServedReader {
  const { store, policy } = sources;
  const validate = memoize(
    rememberedPaths,
    (_key, chain: readonly [Certificate, ...Certificate[]], at: Date) =>
      sources.validate(chain[0], chain.slice(1), at),
  );

  async function read(states: readonly EndpointState[], now: Date): Promise<ServedNow> {
    const silent = states.filter(
      ({ lastOkAt, lastObservedAt }) => lastOkAt !== null && lastOkAt < lastObservedAt,
    );
    const misses = await store.misses(silent.map(({ key }) => key));
    const since = await sources.scannedSince();
    const absent = new Map<string, Resolution>();
    for (const state of states) {
      const why = absence(state, misses.get(state.key), policy, since, now);
      if (why !== null) absent.set(state.key, why);
    }
    const present = states.filter(({ key }) => !absent.has(key));
    return { served: await judgeable(present, now), absent };
  }

  async function judgeable(present: readonly EndpointState[], now: Date): Promise<ServedNow['served']> {
    const hashes = present.flatMap(hashesOf);
    const { certificatesOf, keys } = await sources.fetch(hashes);
    const revocations = await statusesOf(store, hashes);
    const context: JudgeContext = {
      keys,
      revocation: ({ sha256 }) => revocations.get(sha256),
      validate: (leaf, chain) => validate(validationKey(leaf, chain, now), [leaf, ...chain], now),
      inventory: await sources.inventory(now),
      policy,
      now,
    };
    return present.flatMap((state) => {
      const observation = toObservation(state, certificatesOf);
      // Nothing can be said of a certificate whose bytes are not kept.
      if (observation.certificate?.sha256 !== state.chain[0]) return [];
      if (observation.certificate === null && !speaksTls.has(observation.outcome)) return [];
      const inputs = servedInputs(observation, context);
      return [{ key: state.key, observation, inputs, forgottenAt: forgottenAt(state, policy) }];
    });
  }

  return { read, judgeable };
}

/** What lists and responders said of these certificates. */
async function statusesOf(
  store: Pick<Store, 'answers'>,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, RevocationStatus>> {
  const wanted = [...new Set(hashes)];
  const found = new Map<string, RevocationStatus>();
  for (let at = 0; at < wanted.length; at += answersAtOnce)
    for await (const status of store.answers('revocation', wanted.slice(at, at + answersAtOnce)))
      found.set(status.key, status);
  return found;
}

function hashesOf({ chain, survey }: EndpointState): readonly string[] {
  return [...chain, ...(survey?.alternates.flatMap((one) => one.chain) ?? [])];
}

/** Validated once an hour. */
function validationKey(leaf: Certificate, chain: readonly Certificate[], now: Date): string {
  return `${[leaf, ...chain].map(({ sha256 }) => sha256).join()}@${Math.floor(now.getTime() / 3_600_000)}`;
}

/** The last observation that brought a certificate or, if none ever did, the last one; with the last survey. */
function toObservation(state: EndpointState, certificatesOf: Fetched['certificatesOf']): Observation {
  const chain = certificatesOf(state.chain);
  return {
    observedAt: state.lastOkAt ?? state.lastObservedAt,
    scanId: '',
    target: state.target,
    outcome: state.lastOkAt === null ? state.lastOutcome : 'ok',
    detail: null,
    tls: state.tls,
    certificate: chain[0] ?? null,
    chain,
    survey: state.survey ? toSurvey(state.survey, chain[0], certificatesOf) : null,
    durationMs: 0,
  };
}

/** A certificate that has become the usual one since the survey is no alternate any more. */
function toSurvey(
  survey: StoredSurvey,
  usual: Certificate | undefined,
  certificatesOf: Fetched['certificatesOf'],
): SurveyFacts {
  const alternates = survey.alternates.flatMap(({ asked, chain: hashes }) => {
    const chain = certificatesOf(hashes);
    const isWhole = chain[0] !== undefined && chain[0].sha256 === hashes[0];
    return isWhole && hashes[0] !== usual?.sha256 ? [{ asked, chain }] : [];
  });
  return { ...survey, alternates };
}
