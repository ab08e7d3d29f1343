import type { Certificate } from '../model/certificate.js';
import type { Resolution } from '../model/finding.js';
import type { CheckInput } from '../rules/rule.js';
import type { JudgingReader, StoredIssuance } from '../store/judging.js';
import { issuanceSubject, type Issuance } from './grade.js';
import { pastProbes, type RecentState } from './recent.js';
import type { ServedNow } from './served.js';
import { steadinessOf, type SteadyPolicy } from './steadiness.js';
import type { Fetched } from './stored-certificates.js';

/** Issuances as they are to be judged. */
export interface IssuancesNow {
  /** Those of `found` that no endpoint served last, but one did shortly before: the key of that endpoint, and when to probe it again. */
  readonly lately: ReadonlyMap<string, { readonly endpoint: string; readonly until: Date }>;
  readonly found: readonly Issuance[];
  /** Why the others are not judged, by key: they have expired, or are neither served nor logged. */
  readonly absent: ReadonlyMap<string, Resolution>;
}

/** What reading issuances takes. */
export interface IssuanceSources {
  readonly store: { readonly judging: Pick<JudgingReader, 'issuances'> };
  fetch(hashes: readonly string[]): Promise<Fetched>;
  readonly policy: SteadyPolicy;
  served(keys: readonly string[], now: Date): Promise<ServedNow>;
  recent(keys: readonly string[], now: Date): Promise<ReadonlyMap<string, readonly RecentState[]>>;
  logged(
    certificate: Certificate,
    chain: readonly Certificate[],
    keys: Fetched['keys'],
    now: Date,
  ): Promise<CheckInput>;
}

/** Reads issuances with everywhere they are served and logged. What is served is judged as it is served, the rest as it is logged. */
export async function readIssuances(
  { store, policy, fetch, served, recent, logged }: IssuanceSources,
  keys: readonly string[],
  now: Date,
): Promise<IssuancesNow> {
  const stored = await store.judging.issuances(keys);
  const servers = await served([...new Set(stored.flatMap(({ servedBy }) => servedBy))], now);
  const inputsOf = new Map(servedByIssuance(servers));
  const present = new Set(servers.served.map(({ key }) => key));
  const missing = stored.filter((one) => !inputsOf.has(one.key));
  const places = missing.flatMap(({ key, servedBy }) =>
    servedBy.filter((endpoint) => present.has(endpoint)).map((endpoint) => ({ key, endpoint })),
  );
  const states = await recent([...new Set(places.map(({ endpoint }) => endpoint))], now);
  const lately = new Map<string, { readonly endpoint: string; readonly until: Date }>();
  for (const { key, endpoint } of places) {
    const found = servedLately(key, states.get(endpoint) ?? [], policy, now);
    if (found === null || inputsOf.has(key)) continue;
    inputsOf.set(key, { input: found.input, servedAt: [endpoint] });
    lately.set(key, { endpoint, until: found.until });
  }
  const current = stored.filter((one) => inputsOf.has(one.key) || isLoggedNow(one, now));
  const { certificatesOf, keys: keyEvidence } = await fetch(current.flatMap(hashesOf));
  const found: Issuance[] = [];
  for (const one of current) {
    const { key, places } = one;
    const servers = inputsOf.get(key);
    const [certificate, ...chain] = servers === undefined ? bestLogged(one, certificatesOf) : [];
    const ofLog = certificate && (await logged(certificate, chain, keyEvidence, now));
    const wasInUse = one.servedBy.length > 0 || one.wasHeld;
    const input = servers?.input ?? (ofLog && wasInUse ? { ...ofLog, wasInUse } : ofLog);
    const loggedAt = places.map(({ logId, leafIndex }) => `${logId}:${leafIndex}`);
    if (input !== undefined) found.push({ key, input, servedAt: servers?.servedAt ?? [], loggedAt });
  }
  const judged = new Set(found.map(({ key }) => key));
  const wereLogged = new Set(stored.filter(({ places }) => places.length > 0).map(({ key }) => key));
  const absent = keys.filter((key) => !judged.has(key));
  return {
    found,
    lately,
    absent: new Map(absent.map((key) => [key, wereLogged.has(key) ? 'expired' : 'gone'])),
  };
}

/** The input of an issuance that an endpoint served shortly before its last probes; null when it was absent long enough. */
function servedLately(
  key: string,
  states: readonly RecentState[],
  policy: SteadyPolicy,
  now: Date,
): { readonly input: CheckInput; readonly until: Date } | null {
  const inputOf = ({ served }: RecentState): CheckInput | undefined =>
    served.inputs.find(({ certificate }) => issuanceSubject(certificate).key === key);
  const bad = states.find((state) => inputOf(state) !== undefined);
  const input = bad && inputOf(bad);
  const { stands, until } = steadinessOf(
    pastProbes(states, (state) => inputOf(state) !== undefined),
    policy,
    now,
  );
  return input === undefined || !stands ? null : { input, until };
}

/** True until the certificate has expired: the one rule for when something that is only logged is judged. */
export function isCurrent({ notAfter }: Pick<Certificate, 'notAfter'>, now: Date): boolean {
  return notAfter === null || notAfter >= now;
}

function isLoggedNow({ places, certificates }: StoredIssuance, now: Date): boolean {
  return places.length > 0 && certificates.some((certificate) => isCurrent(certificate, now));
}

function hashesOf({ certificates, places }: StoredIssuance): readonly string[] {
  return [...certificates.map(({ sha256 }) => sha256), ...places.flatMap(({ chain }) => chain)];
}

/** The input of each issuance that endpoints serve, from the first of them, and the keys of all. */
function servedByIssuance({
  served,
}: ServedNow): ReadonlyMap<string, { readonly input: CheckInput; readonly servedAt: readonly string[] }> {
  const found = new Map<string, { input: CheckInput; servedAt: string[] }>();
  for (const { key, inputs } of served)
    for (const input of inputs) {
      const issuance = issuanceSubject(input.certificate).key;
      const known = found.get(issuance);
      if (known === undefined) found.set(issuance, { input, servedAt: [key] });
      else if (!known.servedAt.includes(key)) known.servedAt.push(key);
    }
  return found;
}

/** The certificate (its precertificate where only that is stored with its bytes) and the longest chain that came with either. */
function bestLogged(
  { certificates, places }: StoredIssuance,
  certificatesOf: Fetched['certificatesOf'],
): readonly Certificate[] {
  const [leaf] = certificatesOf(certificates.map(({ sha256 }) => sha256));
  if (leaf === undefined) return [];
  const chains = places.map(({ chain }) => certificatesOf(chain));
  return [leaf, ...chains.reduce((best, chain) => (chain.length > best.length ? chain : best), [])];
}
