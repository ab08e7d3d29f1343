import type { Certificate } from '../model/certificate.js';
import type { CtEntry } from '../model/ct-entry.js';
import type { Observation, Outcome } from '../model/observation.js';
import type { Policy } from '../model/policy.js';
import type { Validation } from '../model/validation.js';
import type { SurveyFacts } from '../model/survey.js';
import { servedInputs } from '../rules/judge.js';
import type { CheckInput } from '../rules/rule.js';
import type { InventoryIndex, Misses, Store } from '../store/store.js';
import type { EndpointState, StoredSurvey } from '../model/endpoint-state.js';
import { memoize } from '../lib/memoize.js';
import type { Served } from './grade.js';
import type { KeyEvidence, KeyWatch } from '../model/key-evidence.js';

/** What is needed to make inputs of checks out of what is stored. */
export interface InputSources {
  readonly store: Store;
  readonly policy: Policy;
  readCertificate(der: Uint8Array): Certificate;
  validate(leaf: Certificate, chain: readonly Certificate[], at: Date): Validation;
  /** What is known of the keys of these certificates beyond what each tells by itself. */
  readonly keyWatch: Pick<KeyWatch, 'evidence' | 'unsettledRules'>;
  /** Names of the inventory sources that are configured. */
  readonly inventorySources: readonly string[];
  /** Start of the oldest of the latest complete runs of all scans: what was not looked at since is no longer a target; null when unknown. */
  scannedSince(): Promise<Date | null>;
}

/** Inputs of checks, streamed from the store. */
export interface CheckInputs {
  /**
   * What these endpoints (all when undefined) serve now, their usual certificate first; endpoints that are gone or never spoke TLS are
   * left out.
   */
  served(keys: readonly string[] | undefined, now: Date): AsyncIterable<Served>;
  /** What is logged and not expired, with `logId:leafIndex`. */
  logged(now: Date): AsyncIterable<readonly [string, CheckInput]>;
  /** One entry of a log, as it is read. */
  ofEntry(entry: CtEntry, now: Date): Promise<CheckInput>;
  inventory(now: Date): Promise<InventoryIndex>;
  /** Rules whose evidence is still being gathered: what they said before stands. */
  unsettledRules(): readonly string[];
}

const chunkSize = 256;
const cachedCertificates = 20_000;

/** Outcomes without a certificate that show TLS all the same. */
const speaksTls: ReadonlySet<Outcome> = new Set(['no-certificate', 'alert', 'protocol-error', 'too-large']);

/** See {@link CheckInputs}. Certificates read and paths validated are remembered, the latter for the hour. */
export function createCheckInputs(sources: InputSources): CheckInputs {
  const { store, policy } = sources;
  const read = memoize(cachedCertificates, (_sha256, der: Uint8Array) => sources.readCertificate(der));
  const validate = memoize(
    cachedCertificates,
    (_key, chain: readonly [Certificate, ...Certificate[]], at: Date) =>
      sources.validate(chain[0], chain.slice(1), at),
  );
  const inventory = (now: Date): Promise<InventoryIndex> =>
    store.inventoryIndex(now, policy.inventoryMaxAgeHours, sources.inventorySources);
  const fetched = (hashes: readonly string[]): Promise<Fetched> => fetchCertificates(sources, hashes, read);

  return {
    inventory,
    unsettledRules: () => sources.keyWatch.unsettledRules(),
    async *served(keys, now) {
      const since = await sources.scannedSince();
      const index = await inventory(now);
      for await (const chunk of chunks(store.endpoints(keys))) {
        const silent = chunk.filter(
          (state) => state.lastOkAt !== null && state.lastOkAt < state.lastObservedAt,
        );
        const misses = await store.misses(silent.map((state) => state.key));
        const present = chunk.filter((state) => !isGone(state, misses.get(state.key), policy, since, now));
        const { certificatesOf, keys: keyEvidence } = await fetched(present.flatMap(hashesOf));
        const context = {
          keys: keyEvidence,
          validate: (leaf: Certificate, chain: readonly Certificate[]) =>
            validate(validationKey(leaf, chain, now), [leaf, ...chain], now),
          inventory: (certificate: Certificate) => standing(certificate, index),
          policy,
          now,
        };
        for (const state of present) {
          const observation = toObservation(state, certificatesOf);
          // Of a certificate whose bytes are not kept nothing can be said.
          if (observation.certificate?.sha256 !== state.chain[0]) continue;
          if (observation.certificate === null && !speaksTls.has(observation.outcome)) continue;
          yield { key: state.key, observation, inputs: servedInputs(observation, context) };
        }
      }
    },
    async *logged(now) {
      const index = await inventory(now);
      for await (const chunk of chunks(store.loggedCertificates(now))) {
        const wanted = chunk.flatMap((entry) => [entry.sha256, ...entry.chain]);
        const { certificatesOf, keys } = await fetched(wanted);
        const context = { inventory: index, keys, policy, now };
        for (const { sha256, chain, logId, leafIndex } of chunk) {
          const [certificate, ...rest] = certificatesOf([sha256, ...chain]);
          if (certificate?.sha256 !== sha256) continue;
          yield [`${logId}:${leafIndex}`, loggedInput(certificate, rest, context)];
        }
      }
    },
    ofEntry: async ({ certificate, chainCertificates }, now) => {
      const keys = await sources.keyWatch.evidence([certificate, ...chainCertificates]);
      const context = { inventory: await inventory(now), keys, policy, now };
      return loggedInput(certificate, chainCertificates, context);
    },
  };
}

/** Certificates, and what is known of their keys. */
interface Fetched {
  /** The certificates of these hashes whose bytes are there. */
  certificatesOf(hashes: readonly string[]): Certificate[];
  readonly keys: KeyEvidence;
}

async function fetchCertificates(
  { store, keyWatch }: InputSources,
  hashes: readonly string[],
  read: (sha256: string, der: Uint8Array) => Certificate,
): Promise<Fetched> {
  const bytes = await store.certificates([...new Set(hashes)]);
  const certificatesOf = (wanted: readonly string[]): Certificate[] =>
    wanted.flatMap((sha256) => {
      const der = bytes.get(sha256);
      return der === undefined ? [] : [read(sha256, der)];
    });
  return { certificatesOf, keys: await keyWatch.evidence(certificatesOf([...bytes.keys()])) };
}

/** An endpoint is gone after enough misses over enough time, or some time after the last scan that asked for it. */
export function isGone(
  state: Pick<EndpointState, 'lastObservedAt'>,
  misses: Misses | undefined,
  policy: Pick<Policy, 'goneAfterMisses' | 'goneAfterMinutes' | 'forgetAfterHours'>,
  scannedSince: Date | null,
  now: Date,
): boolean {
  const isForgotten = now.getTime() - state.lastObservedAt.getTime() >= policy.forgetAfterHours * 3_600_000;
  if (isForgotten && scannedSince !== null && state.lastObservedAt < scannedSince) return true;
  if (misses === undefined || misses.count < policy.goneAfterMisses) return false;
  return state.lastObservedAt.getTime() - misses.firstAt.getTime() >= policy.goneAfterMinutes * 60_000;
}

function hashesOf({ chain, survey }: EndpointState): readonly string[] {
  return [...chain, ...(survey?.alternates.flatMap((one) => one.chain) ?? [])];
}

/** Validated once an hour. */
function validationKey(leaf: Certificate, chain: readonly Certificate[], now: Date): string {
  return `${[leaf, ...chain].map(({ sha256 }) => sha256).join()}@${Math.floor(now.getTime() / 3_600_000)}`;
}

/** The last observation that brought a certificate or, if none ever did, the last one; with the last survey. */
function toObservation(
  state: EndpointState,
  certificatesOf: (hashes: readonly string[]) => Certificate[],
): Observation {
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
  certificatesOf: (hashes: readonly string[]) => Certificate[],
): SurveyFacts {
  const alternates = survey.alternates.flatMap(({ asked, chain: hashes }) => {
    const chain = certificatesOf(hashes);
    const isWhole = chain[0] !== undefined && chain[0].sha256 === hashes[0];
    return isWhole && hashes[0] !== usual?.sha256 ? [{ asked, chain }] : [];
  });
  return { ...survey, alternates };
}

function loggedInput(
  certificate: Certificate,
  chain: readonly Certificate[],
  context: Required<Pick<CheckInput, 'keys' | 'policy' | 'now'>> & { readonly inventory: InventoryIndex },
): CheckInput {
  const common = { ...context, validation: null, inventory: standing(certificate, context.inventory) };
  return { ...common, certificate, source: 'logged', chain, host: null, observation: null };
}

/** Matching in the order of strength: exact bytes, issuance, issuer and serial, key. */
export function standing(certificate: Certificate, index: InventoryIndex): CheckInput['inventory'] {
  const { sha256, sha1, tbsSha256, issuerSha256, serialNumber, spkiSha256 } = certificate;
  const known =
    index.sha256.has(sha256) ||
    index.sha1.has(sha1) ||
    (tbsSha256 !== null && index.tbsSha256.has(tbsSha256)) ||
    (issuerSha256 !== null && index.issuerSerial.has(`${issuerSha256}:${serialNumber}`)) ||
    (spkiSha256 !== null && index.spkiSha256.has(spkiSha256));
  if (known) return 'known';
  return index.sources.length === 0 || !index.isWhole ? null : 'unknown';
}

async function* chunks<T>(source: AsyncIterable<T>): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  for await (const item of source) {
    chunk.push(item);
    if (chunk.length < chunkSize) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
