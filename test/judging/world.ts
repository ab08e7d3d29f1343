import { openLedger } from '../../src/judging/finding-ledger.js';
import { createJudging, type Judging } from '../../src/judging/judging.js';
import type { Certificate } from '../../src/model/certificate.js';
import type { CtEntry } from '../../src/model/ct-entry.js';
import type { Finding } from '../../src/model/finding.js';
import type { Observation } from '../../src/model/observation.js';
import type { Policy } from '../../src/model/policy.js';
import { rules } from '../../src/rules/index.js';
import type { Rule } from '../../src/rules/rule.js';
import { worseThan } from '../../src/rules/worse-than.js';
import { openStore, type OpenStore } from '../../src/store/index.js';
import { readCertificate } from '../../src/x509/read/read-certificate.js';
import { aPolicy } from '../rules/support.js';
import { ctEntry, embeddedConfig, log, observation, temporaryFolder } from '../store/sample.js';
import { issueCa, issueFor, type CertificateSpec } from '../support/pki.js';

/** What a test may change of the world while it runs. */
export interface Surroundings {
  policy: Policy;
  rules: readonly Rule[];
  unsettled: readonly string[];
  scannedSince: Date | null;
  version: string;
}

/** Judging over an embedded store of its own. */
export interface World extends Judging {
  readonly store: OpenStore;
  /** Open findings, `rule key-or-host` each, sorted. */
  open(): readonly string[];
  /** The last revision of the findings of a rule, with the reasons of those that are resolved. */
  history(rule: string): Promise<readonly string[]>;
  readonly findings: () => readonly Finding[];
  close(): Promise<void>;
}

/** A finding ends with the first probe that does not show it. */
export const atOnce = { resolveAfterProbes: 1, resolveAfterMinutes: 0 };

/** Opens a store and wires judging over it; `store` continues one that was opened before. */
export async function openWorld(change: Partial<Surroundings> = {}, given?: OpenStore): Promise<World> {
  const surroundings: Surroundings = {
    policy: aPolicy(atOnce),
    rules,
    unsettled: [],
    scannedSince: null,
    version: '1',
    ...change,
  };
  const store = given ?? (await openStore(embeddedConfig(temporaryFolder()), log));
  const ledger = await openLedger(store, worseThan);
  const judging = createJudging({
    store,
    ledger,
    policy: surroundings.policy,
    rules: surroundings.rules,
    readCertificate,
    validate: () => ({ verdict: 'valid', errors: [], rootStore: 'test', path: [] }) as never,
    keyWatch: {
      evidence: () => Promise.resolve({ compromised: new Set(), sharedPrimes: new Map() }),
      unsettledRules: () => surroundings.unsettled,
    },
    inventorySources: change.policy === undefined ? [] : ['files'],
    scannedSince: () => Promise.resolve(surroundings.scannedSince),
    version: surroundings.version,
    onFindings: () => undefined,
    signal: new AbortController().signal,
    log,
  });
  const told = ({ rule, host, subject }: Finding): string => `${rule} ${host ?? subject.key}`;
  return {
    ...judging,
    store,
    findings: () => [...ledger.open],
    open: () => [...ledger.open].map(told).sort(),
    async history(rule) {
      const { items } = await store.reader.listFindings({ rule }, { limit: 100, cursor: null });
      return items.map((one) => `${one.host} ${one.resolution ?? one.state}`).sort();
    },
    close: () => store.close(),
  };
}

const authority = issueCa();

/** A certificate for `name`, as read. Valid from a day ago for 90 days. */
export function leafOf(name: string, spec: CertificateSpec = {}): Certificate {
  const at = Date.now();
  const dates = { notBefore: new Date(at - 86_400_000), notAfter: new Date(at + 89 * 86_400_000) };
  return readCertificate(issueFor(name, { issuer: authority, ...dates, ...spec }).der);
}

/** A weak key: RSA with 1024 bits. */
export const weak: CertificateSpec = { key: { rsa: 1024 } };

/** An observation of `host` that brought `leaf`. */
export function serving(host: string, leaf: Certificate, observedAt = new Date()): Observation {
  return observation(host, { certificate: leaf, chain: [leaf], observedAt });
}

let index = 0;

/** A log entry with `leaf`. */
export function logging(leaf: Certificate): CtEntry {
  index += 1;
  const entryType = leaf.isPrecertificate ? 'precertificate' : 'x509';
  return ctEntry('x', index, { certificate: leaf, chain: [], entryType, seenAt: new Date() });
}
