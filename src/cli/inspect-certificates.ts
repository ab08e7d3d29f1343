import type { KnownKeys } from '../key-evidence/known-keys.js';
import type { KeyEvidence } from '../model/key-evidence.js';
import type { Certificate } from '../model/certificate.js';
import type { InspectResult } from '../model/inspect-line.js';
import type { RevocationStatus } from '../model/network.js';
import type { Verdict } from '../model/observation.js';
import type { Policy } from '../model/policy.js';
import type { Validation } from '../model/validation.js';
import { judge } from '../rules/judge.js';
import { unreadableCertificate } from '../rules/profile/unreadable-certificate.js';
import type { Bundle, BundleItem } from '../x509/files/bundle.js';
import type { PolicyDemand } from '../x509/path/policies.js';
import { readPool, type CertificatePool } from '../x509/path/pool.js';
import { validatePath, type Profile } from '../x509/path/validate.js';
import { readCertificate } from '../x509/read/read-certificate.js';
import { bestOf } from '../trust/trust.js';
import type { RootStore } from '../x509/path/root-store.js';
import type { Evidence } from './inspect-evidence.js';

/** What certificates from files are judged by. */
export interface InspectSettings {
  /** Null: no path is validated. */
  /** Null: paths are not validated. */
  readonly rootStores: readonly RootStore[] | null;
  /** DER of further certificates that may stand in a path; unverified. */
  readonly intermediates: readonly Uint8Array[];
  /** The same, read. */
  readonly pool: CertificatePool;
  /** DER of CRLs; unverified. */
  readonly crls: readonly Uint8Array[];
  /** Refuse what no CRL tells the status of. */
  readonly requireCrls: boolean;
  /** Most intermediates of a path; null: the usual limit. */
  readonly maxIntermediates: number | null;
  readonly policies: PolicyDemand;
  /** Whom the certificates have to be for; null: whomever. */
  readonly host: string | null;
  readonly purpose: 'server' | 'client';
  /** Null: the one usual for the purpose. */
  readonly profile: Profile | null;
  readonly policy: Policy;
  readonly evidence: Evidence;
  /** The operator's file; null when there is none. */
  readonly knownKeys: KnownKeys | null;
  /** What it says of the keys in hand; null when there is none. */
  readonly keys: KeyEvidence | null;
  /** What lists and responders said, by SHA-256; empty when none was asked. */
  readonly revocations: ReadonlyMap<string, RevocationStatus>;
  /** To try on PKCS #12 files. */
  readonly passwords: readonly string[];
  /** The instant everything is judged at. */
  readonly now: Date;
}

/** Far above the largest certificate anybody has seen; reading costs time in proportion. */
const maxCertificateBytes = 16_000_000;

/**
 * Every certificate of a file, judged by itself, in order. What is no CA has to serve the purpose, and the host. CA certificates came
 * to help, wherever they stand: they have to be good as CAs; but in a file of CAs alone the first is what a host asked for is held
 * against. A broken wrapping is a problem of its certificate.
 */
export function* inspectBundle(
  file: string,
  { items }: Bundle,
  settings: InspectSettings,
): Generator<InspectResult, void, undefined> {
  const pool = poolOf(items, settings);
  const issuers = findIssuers(items, settings);
  let isSubject = settings.host !== null && items.every((item) => isSmall(item) && readItem(item).isCa);
  for (const item of items) {
    if (!isSmall(item)) {
      yield nothingFound(file, `${item.der.length} bytes are too many for a certificate`);
      continue;
    }
    const certificate = readItem(item);
    const isHelper = certificate.isCa && !isSubject;
    isSubject = false;
    const validation = validate(certificate, isHelper, pool, settings);
    const candidates = issuers(certificate);
    yield {
      file,
      certificate,
      validation,
      verdicts: judgeFile(certificate, isHelper, validation, settings),
      isHelper,
      transparency: settings.evidence.transparencyOf(certificate, candidates),
      ocsp: settings.evidence.ocspOf(certificate, candidates),
      revocation: settings.revocations.get(certificate.sha256) ?? null,
    };
  }
}

function isSmall({ der }: BundleItem): boolean {
  return der.length <= maxCertificateBytes;
}

/** A file in which nothing could be taken for a certificate, with the reason as a clause. */
export function nothingFound(file: string, reason: string): InspectResult {
  const { id, severity, title } = unreadableCertificate;
  const verdict: Verdict = {
    rule: id,
    severity,
    title,
    details: { code: 'no-certificate', message: reason },
  };
  return {
    file,
    certificate: null,
    validation: null,
    verdicts: [verdict],
    isHelper: false,
    transparency: null,
    ocsp: null,
    revocation: null,
  };
}

function readItem({ der, problem }: BundleItem): Certificate {
  const certificate = readCertificate(der);
  if (problem === null) return certificate;
  const fault = { code: 'bad-encoding', message: problem, fatal: true };
  return { ...certificate, problems: [fault, ...certificate.problems] };
}

function judgeFile(
  certificate: Certificate,
  isHelper: boolean,
  validation: Validation | null,
  { host, purpose, policy, keys, profile, rootStores, now, revocations }: InspectSettings,
): readonly Verdict[] {
  const revocation = revocations.get(certificate.sha256);
  return judge({
    certificate,
    source: 'file',
    chain: [],
    host: isHelper || purpose === 'client' ? null : host,
    observation: null,
    validation,
    inventory: null,
    ...(keys === null ? {} : { keys }),
    // Asked for by name, and with no root that could say whose it is.
    ...(profile === 'web-pki' && rootStores === null ? { isPublic: true } : {}),
    ...(revocation === undefined ? {} : { revocation }),
    policy,
    now,
  });
}

/** What may stand in a path: the other certificates of the file, and those that were given to help. */
function poolOf(items: readonly BundleItem[], { rootStores, pool }: InspectSettings): CertificatePool {
  return rootStores === null
    ? pool
    : readPool(
        items.filter(isSmall).map(({ der }) => der),
        pool,
      );
}

function validate(
  certificate: Certificate,
  isHelper: boolean,
  pool: CertificatePool,
  { rootStores, crls, requireCrls, maxIntermediates, policies, host, purpose, profile, now }: InspectSettings,
): Validation | null {
  if (rootStores === null) return null;
  const common = {
    certificate: certificate.der,
    intermediates: [],
    pool,
    at: now,
    purpose: isHelper ? ('ca' as const) : purpose,
    host: isHelper ? null : host,
    crls,
    requireCrls,
    policies,
    ...(maxIntermediates === null ? {} : { maxIntermediates }),
    // A CA's certificate is held against the rules of what stands below it.
    profile: profile ?? (purpose === 'server' ? ('web-pki' as const) : ('rfc5280' as const)),
  };
  return bestOf(rootStores, (rootStore) => validatePath({ ...common, rootStore }));
}

/** Which certificates of the file, of the intermediates and of the roots bear the name of a certificate's issuer. */
function findIssuers(
  items: readonly BundleItem[],
  { rootStores, intermediates }: InspectSettings,
): (certificate: Certificate) => readonly Certificate[] {
  const read = (): readonly Certificate[] => {
    const anchors = (rootStores ?? []).flatMap((store) => [...store.anchorsBySubject.values()].flat());
    return [...items, ...intermediates.map((der) => ({ der })), ...anchors.map((one) => one.certificate)]
      .filter(({ der }) => der.length <= maxCertificateBytes)
      .map(({ der }) => readCertificate(der));
  };
  let bySubject: ReadonlyMap<string | null, Certificate[]> | null = null;
  return ({ issuerSha256 }) => {
    bySubject ??= groupBySubject(read());
    return (bySubject.get(issuerSha256) ?? []).slice(0, maxIssuers);
  };
}

/** CAs have few keys under one name. */
const maxIssuers = 8;

function groupBySubject(certificates: readonly Certificate[]): ReadonlyMap<string | null, Certificate[]> {
  const groups = new Map<string | null, Certificate[]>();
  for (const certificate of certificates) {
    const same = groups.get(certificate.subjectSha256);
    if (same === undefined) groups.set(certificate.subjectSha256, [certificate]);
    else same.push(certificate);
  }
  return groups;
}
