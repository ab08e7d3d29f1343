import type { KnownKeys } from '../key-evidence/known-keys.js';
import type { KeyEvidence } from '../model/key-evidence.js';
import type { Bundle } from '../x509/files/bundle.js';
import { knownKeyHash } from '../x509/keys/known-keys.js';
import { readCertificate } from '../x509/read/read-certificate.js';
import { parseLogList } from '../ct/log-list.js';
import { readBounded } from '../lib/read-bounded.js';
import type { Certificate } from '../model/certificate.js';
import type { OcspLine, TransparencyLine } from '../model/inspect-line.js';
import { ctPolicies, judgeCtPolicy } from '../x509/sct/ct-policy.js';
import { checkOcsp, type OcspVerdict } from '../x509/revocation/ocsp.js';
import { createSctChecker, type SctReport } from '../x509/sct/sct-report.js';

/** What others say of certificates, to be verified: signed certificate timestamps and an OCSP response. */
export interface Evidence {
  /** Null for certificates without SCTs, and where no log list was given. `issuers` may have issued it. */
  transparencyOf(certificate: Certificate, issuers: readonly Certificate[]): TransparencyLine | null;
  /** Null where no response was given, or it is about another certificate. */
  ocspOf(certificate: Certificate, issuers: readonly Certificate[]): OcspLine | null;
}

const maxBytes = 20_000_000;

/** Reads a log list (v3) and the DER of an OCSP response, where they are given. Throws one sentence when either cannot be used. */
export async function readEvidence(
  logList: string | undefined,
  ocsp: string | undefined,
  now: Date,
): Promise<Evidence> {
  const logs = logList === undefined ? null : readLogs(logList, await readBounded(logList, maxBytes));
  const check = logs === null ? null : createSctChecker(logs);
  const response = ocsp === undefined ? null : await readBounded(ocsp, maxBytes);
  const verdictOf = (certificate: Certificate, issuers: readonly Certificate[]): OcspVerdict | null => {
    if (response === null) return null;
    const verdicts = issuers.map((issuer) => checkOcsp(response, certificate, issuer, now));
    return verdicts.find(({ status }) => status !== 'unusable') ?? verdicts[0] ?? null;
  };
  return {
    transparencyOf(certificate, issuers) {
      if (check === null || certificate.isCa || certificate.isPrecertificate) return null;
      const ocspList = verdictOf(certificate, issuers)?.sctList ?? null;
      const common = { certificate, tlsList: null, ocspList, now };
      // Names can be alike: the issuer is the one whose key the logs saw.
      const reports = [...issuers, null].map((issuer) => check({ ...common, issuer }));
      return transparencyLine(
        certificate,
        reports.reduce((a, b) => (validCount(b) > validCount(a) ? b : a)),
        now,
      );
    },
    ocspOf(certificate, issuers) {
      const verdict = verdictOf(certificate, issuers);
      return verdict === null || verdict.reason === aboutAnother ? null : ocspLine(verdict);
    },
  };
}

const aboutAnother = 'the response is about another certificate';

function readLogs(path: string, bytes: Buffer) {
  try {
    return parseLogList(bytes).logs;
  } catch (error) {
    throw new Error(`${path} is no log list: ${(error as Error).message}`, { cause: error });
  }
}

function validCount({ scts }: SctReport): number {
  return scts.filter(({ verdict }) => verdict === 'valid').length;
}

function transparencyLine(
  certificate: Certificate,
  { scts, problems }: SctReport,
  now: Date,
): TransparencyLine {
  return {
    scts: scts.map(({ source, sct, log, verdict }) => ({
      source,
      logId: sct.logId,
      log: log?.description ?? null,
      operator: log?.operator ?? null,
      timestamp: isoOf(sct.timestampMs),
      verdict,
    })),
    problems,
    policies: ctPolicies.map((policy) => {
      const { isCompliant, requiredScts, countedScts, reasons } = judgeCtPolicy(
        certificate,
        scts,
        policy,
        now,
      );
      return { policy: policy.name, compliant: isCompliant, requiredScts, countedScts, reasons };
    }),
  };
}

/** Null for an instant that no Date can hold. */
function isoOf(ms: number): string | null {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : null;
}

function ocspLine({ status, reason, revocationReason, signer, ...times }: OcspVerdict): OcspLine {
  return {
    status,
    reason,
    revokedAt: times.revokedAt?.toISOString() ?? null,
    revocationReason,
    thisUpdate: times.thisUpdate?.toISOString() ?? null,
    nextUpdate: times.nextUpdate?.toISOString() ?? null,
    signer,
  };
}

/** What the operator's file of known private keys says of the keys of a bundle; null without a file. */
export async function readKeyEvidence(
  { items }: Bundle,
  knownKeys: KnownKeys | null,
): Promise<KeyEvidence | null> {
  if (knownKeys === null) return null;
  const hashes = new Set(items.map(({ der }) => knownKeyHash(readCertificate(der))));
  const compromised = new Set<string>();
  for (const hash of hashes) if (hash !== null && (await knownKeys.has(hash))) compromised.add(hash);
  return { compromised, sharedPrimes: new Map() };
}
