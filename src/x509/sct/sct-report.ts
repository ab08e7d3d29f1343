import type { KeyObject } from 'node:crypto';
import type { Certificate } from '../../model/certificate.js';
import {
  embeddedEntry,
  embeddedSctList,
  isSctSignedBy,
  logKey,
  readSctList,
  type Sct,
  type SignedEntry,
} from './sct.js';

/** What must be known of a log; entries of a log list fit. */
export interface CtLog {
  /** Base64 of SHA-256 over the key. */
  readonly logId: string;
  readonly description: string;
  readonly operator: string;
  /** Who ran it before, and until when; earliest first. */
  readonly previousOperators: readonly { readonly name: string; readonly until: Date }[];
  readonly protocol: 'rfc6962' | 'static-ct';
  /** Base64 of the DER SubjectPublicKeyInfo. */
  readonly key: string;
  /** As in log list v3: `pending`, `qualified`, `usable`, `readonly`, `retired`, `rejected`, or anything else. */
  readonly state: string;
  /** When the state began; null when not said. */
  readonly stateSince: Date | null;
}

/** How an SCT came. */
export type SctSource = 'embedded' | 'tls' | 'ocsp';

/** `unverified`: the issuer is not known, without which an embedded SCT says nothing. */
export type SctVerdict =
  'valid' | 'unknown-log' | 'bad-signature' | 'future' | 'missing-leaf-index' | 'unverified';

/** One SCT and what it is worth. */
export interface CheckedSct {
  readonly source: SctSource;
  readonly sct: Sct;
  /** Null when no log of the list has this id. */
  readonly log: CtLog | null;
  readonly verdict: SctVerdict;
}

/** A certificate and the SCTs that came with it. Lists are the raw SignedCertificateTimestampLists. */
export interface SctInput {
  readonly certificate: Certificate;
  /** The final issuer; null when not known. */
  readonly issuer: Certificate | null;
  readonly tlsList: Uint8Array | null;
  readonly ocspList: Uint8Array | null;
  readonly now: Date;
}

/** All SCTs of a certificate, checked, and one sentence for each that could not be read. */
export interface SctReport {
  readonly scts: readonly CheckedSct[];
  readonly problems: readonly string[];
}

/** Checks SCTs against the logs of one list, whose keys are loaded once. */
export function createSctChecker(logs: readonly CtLog[]): (input: SctInput) => SctReport {
  const keys = new Map<string, { log: CtLog; key: KeyObject | null }>();
  for (const log of logs) keys.set(log.logId, { log, key: logKey(log.key) });

  function checkOne(sct: Sct, source: SctSource, entry: SignedEntry | null, now: Date): CheckedSct {
    const { log, key } = keys.get(sct.logId) ?? { log: null, key: null };
    const judge = (): SctVerdict => {
      if (log === null || key === null) return 'unknown-log';
      if (entry === null) return 'unverified';
      if (!isSctSignedBy(sct, entry, key)) return 'bad-signature';
      // Chrome and static-ct-api: without its index the entry of a static log cannot be found.
      if (log.protocol === 'static-ct' && sct.leafIndex === null) return 'missing-leaf-index';
      return sct.timestampMs > now.getTime() ? 'future' : 'valid';
    };
    return { source, sct, log, verdict: judge() };
  }

  return ({ certificate, issuer, tlsList, ocspList, now }) => {
    const whole: SignedEntry = { type: 'x509', bytes: certificate.der };
    const embedded = embeddedSctList(certificate);
    const entry = issuer === null || embedded === null ? null : embeddedEntry(certificate, issuer);
    const sources = [
      { source: 'embedded', list: embedded, entry },
      { source: 'tls', list: tlsList, entry: whole },
      { source: 'ocsp', list: ocspList, entry: whole },
    ] as const;
    const read = sources.flatMap((one) => (one.list === null ? [] : [{ ...one, ...readSctList(one.list) }]));
    return {
      scts: read.flatMap((one) => one.scts.map((sct) => checkOne(sct, one.source, one.entry, now))),
      problems: read.flatMap((one) => one.problems.map((problem) => `${one.source}: ${problem}`)),
    };
  };
}
