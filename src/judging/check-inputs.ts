import type { Certificate } from '../model/certificate.js';
import type { CtEntry } from '../model/ct-entry.js';
import type { EndpointState } from '../model/endpoint-state.js';
import type { KeyWatch } from '../model/key-evidence.js';
import type { Policy } from '../model/policy.js';
import type { Validation } from '../model/validation.js';
import type { CheckInput } from '../rules/rule.js';
import type { EndpointCursor } from '../store/judging.js';
import type { InventoryIndex, Store } from '../store/store.js';
import { standing } from './inventory-standing.js';
import { readIssuances, type IssuancesNow } from './issuances.js';
import { recentStates, type RecentState } from './recent.js';
import { createServedReader, type ServedNow } from './served.js';
import { createCertificateFetch, type Fetched } from './stored-certificates.js';

/** What is needed to make inputs of checks out of what is stored. */
export interface InputSources {
  readonly store: Pick<
    Store,
    'answers' | 'certificates' | 'misses' | 'endpoints' | 'recentProbes' | 'inventoryIndex' | 'judging'
  >;
  readonly policy: Policy;
  readCertificate(der: Uint8Array): Certificate;
  validate(leaf: Certificate, chain: readonly Certificate[], at: Date): Validation;
  /** What is known of keys beyond what each tells by itself. */
  readonly keyWatch: Pick<KeyWatch, 'evidence' | 'unsettledRules'>;
  /** Names of the inventory sources that are configured. */
  readonly inventorySources: readonly string[];
  /** See ServedSources. */
  scannedSince(): Promise<Date | null>;
}

/** Inputs of checks, read from the store. */
export interface CheckInputs {
  /** What these endpoints serve now, their usual certificate first. */
  served(keys: readonly string[], now: Date): Promise<ServedNow>;
  /** The same for a page of all endpoints; `next` is null on the last. */
  servedPage(
    after: EndpointCursor | null,
    limit: number,
    now: Date,
  ): Promise<ServedNow & { readonly keys: readonly string[]; readonly next: EndpointCursor | null }>;
  /** In which states these endpoints were seen within the last day. */
  recent(keys: readonly string[], now: Date): Promise<ReadonlyMap<string, readonly RecentState[]>>;
  /** These issuances, with everywhere they are served and logged. */
  issuances(keys: readonly string[], now: Date): Promise<IssuancesNow>;
  /** A page of what is logged and not expired, without what `skip` names by SHA-256; `next` is null on the last. */
  loggedPage(
    after: string,
    limit: number,
    now: Date,
    skip: (sha256: string) => boolean,
  ): Promise<{ readonly inputs: readonly CheckInput[]; readonly next: string | null }>;
  /** One entry of a log, as it is read. */
  ofEntry(entry: CtEntry, now: Date): Promise<CheckInput>;
  /** What the inventories hold; read again after a minute or after {@link refresh}. */
  inventory(now: Date): Promise<InventoryIndex>;
  refresh(): void;
  /** Rules whose evidence is still being gathered: what they said before stands. */
  unsettledRules(): readonly string[];
}

const inventoryKeptMs = 60_000;

/** See {@link CheckInputs}. */
export function createCheckInputs(sources: InputSources): CheckInputs {
  const { store, policy, keyWatch } = sources;
  const fetch = createCertificateFetch(sources);
  let kept: { readonly atMs: number; readonly index: Promise<InventoryIndex> } | null = null;

  function inventory(now: Date): Promise<InventoryIndex> {
    if (kept === null || Math.abs(now.getTime() - kept.atMs) >= inventoryKeptMs) {
      const index = store.inventoryIndex(now, policy.inventoryMaxAgeHours, sources.inventorySources);
      kept = { atMs: now.getTime(), index };
      index.catch(() => (kept = null));
    }
    return kept.index;
  }

  const standingNow = async (now: Date) => {
    const index = await inventory(now);
    return (certificate: Certificate) => standing(certificate, index);
  };
  const { read, judgeable } = createServedReader({ ...sources, fetch, inventory: standingNow });
  const recent = (keys: readonly string[], now: Date) => recentStates({ store, judgeable }, keys, now);

  const logged = async (
    certificate: Certificate,
    chain: readonly Certificate[],
    keys: Fetched['keys'],
    now: Date,
  ) => loggedInput(certificate, chain, { keys, policy, now, index: await inventory(now) });

  async function served(keys: readonly string[], now: Date): Promise<ServedNow> {
    const states: EndpointState[] = [];
    for await (const state of store.endpoints(keys)) states.push(state);
    const known = new Set(states.map(({ key }) => key));
    const { absent, ...rest } = await read(states, now);
    const erased = keys.filter((key) => !known.has(key)).map((key) => [key, 'gone'] as const);
    return { ...rest, absent: new Map([...absent, ...erased]) };
  }

  return {
    served,
    recent,
    inventory,
    refresh: () => (kept = null),
    unsettledRules: () => keyWatch.unsettledRules(),
    async servedPage(after, limit, now) {
      const { states, next } = await store.judging.endpointPage(after, limit);
      return { ...(await read(states, now)), keys: states.map(({ key }) => key), next };
    },
    issuances: (keys, now) => readIssuances({ store, policy, fetch, served, recent, logged }, keys, now),
    async loggedPage(after, limit, now, skip) {
      const all = await store.judging.loggedPage(after, now, limit);
      const page = all.filter(({ sha256 }) => !skip(sha256));
      const { certificatesOf, keys } = await fetch(page.flatMap(({ sha256, chain }) => [sha256, ...chain]));
      const inputs: CheckInput[] = [];
      for (const { sha256, chain } of page) {
        const [certificate, ...rest] = certificatesOf([sha256, ...chain]);
        if (certificate?.sha256 === sha256) inputs.push(await logged(certificate, rest, keys, now));
      }
      return { inputs, next: all.length < limit ? null : (all.at(-1)?.sha256 ?? null) };
    },
    async ofEntry({ certificate, chainCertificates }, now) {
      const keys = await keyWatch.evidence([certificate, ...chainCertificates]);
      return logged(certificate, chainCertificates, keys, now);
    },
  };
}

function loggedInput(
  certificate: Certificate,
  chain: readonly Certificate[],
  {
    index,
    ...context
  }: Required<Pick<CheckInput, 'keys' | 'policy' | 'now'>> & { readonly index: InventoryIndex },
): CheckInput {
  const inventory = standing(certificate, index);
  return {
    ...context,
    certificate,
    source: 'logged',
    chain,
    host: null,
    observation: null,
    validation: null,
    inventory,
  };
}
