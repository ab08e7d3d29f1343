import { hash } from 'node:crypto';
import { isUnreadable, type Certificate, type ReadProblem } from '../../../src/model/certificate.js';
import type { CtEntry } from '../../../src/model/ct-entry.js';
import { dateOf, MalformedError } from '../../../src/ct/bytes.js';
import { entryTypes } from '../../../src/ct/entry.js';
import { readCertificate, readTbs } from '../../../src/x509/read/read-certificate.js';
import type { Matcher } from '../match/matcher.js';

/** What stands beside a leaf, not covered by its hash. */
export interface Extras {
  /** The submitted precertificate; null for a certificate entry. */
  readonly precertificate: Uint8Array | null;
  /** SHA-256 of the issuing certificates, hex. */
  readonly chain: readonly string[];
  /** Their bytes, where the protocol sends them. */
  readonly chainCertificates: readonly Uint8Array[];
}

/** The part of a {@link CtEntry} that the entry's bytes tell. */
export type FoundEntry = Pick<
  CtEntry,
  | 'leafIndex'
  | 'timestamp'
  | 'entryType'
  | 'certificate'
  | 'chain'
  | 'chainCertificates'
  | 'matches'
  | 'leafHash'
> & {
  /** issuer_key_hash of a precertificate entry, hex; null for others. */
  readonly issuerKeyHash: string | null;
};

/** One entry to be read in full. */
export interface RawEntry {
  readonly leafIndex: number;
  readonly timestampMs: number;
  /** 0, 1, or anything else for an entry of unknown type or no readable structure. */
  readonly entryType: number;
  /** Certificate or TBSCertificate; the whole leaf where the type is unknown. */
  readonly bytes: Uint8Array;
  /** Hex; null but for precertificates. */
  readonly issuerKeyHash: string | null;
  /** Reads what stands beside the leaf; throws {@link MalformedError}. */
  readonly extras: () => Extras;
  readonly leafHash: string;
}

/** Reads an entry in full and says why it matters; `entry` is null when it does not. */
export function readEntry(
  raw: RawEntry,
  match: Matcher,
): { readonly entry: FoundEntry | null; readonly unreadable: boolean } {
  const { certificate, extras } = certificateOf(raw);
  const matches = match(certificate);
  const unreadable = isUnreadable(certificate);
  if (matches.length === 0) return { entry: null, unreadable };
  const entry = {
    leafIndex: raw.leafIndex,
    timestamp: dateOf(raw.timestampMs),
    entryType: typeName(raw.entryType),
    certificate,
    chain: extras?.chain ?? [],
    chainCertificates: (extras?.chainCertificates ?? []).map((der) => readCertificate(new Uint8Array(der))),
    matches,
    leafHash: raw.leafHash,
    issuerKeyHash: raw.issuerKeyHash,
  };
  return { entry, unreadable };
}

/** An entry on which our reader fails: told as unreadable, for it could be for any watched name, with its bytes. */
export function unreadEntry(raw: RawEntry): { readonly entry: FoundEntry; readonly unreadable: true } {
  const message = 'reading the certificate takes too long or fails; please report it with the bytes';
  const problem: ReadProblem = { code: 'undecodable', message, fatal: true };
  const der = new Uint8Array(raw.bytes);
  const certificate: Certificate = {
    ...readCertificate(new Uint8Array()),
    der,
    sha256: hash('sha256', der, 'hex'),
    sha1: hash('sha1', der, 'hex'),
    problems: [problem],
  };
  const entry: FoundEntry = {
    leafIndex: raw.leafIndex,
    timestamp: dateOf(raw.timestampMs),
    entryType: typeName(raw.entryType),
    certificate,
    chain: [],
    chainCertificates: [],
    matches: [{ watch: 'unreadable', item: '', value: problem.code, reason: message }],
    leafHash: raw.leafHash,
    issuerKeyHash: raw.issuerKeyHash,
  };
  return { entry, unreadable: true };
}

function typeName(entryType: number): CtEntry['entryType'] {
  if (entryType === entryTypes.x509) return 'x509';
  return entryType === entryTypes.precertificate ? 'precertificate' : 'unknown';
}

/** Bytes are copied: they outlive the page they were found in. */
function certificateOf(raw: RawEntry): { certificate: Certificate; extras: Extras | null } {
  const { extras, problem } = readExtras(raw);
  const bytes = new Uint8Array(raw.bytes);
  if (raw.entryType !== entryTypes.precertificate)
    return { certificate: withProblem(readCertificate(bytes), problem), extras };
  const tbs = readTbs(bytes);
  if (extras === null || extras.precertificate === null)
    return { certificate: withProblem(tbs, problem), extras };
  const submitted = readCertificate(new Uint8Array(extras.precertificate));
  if (submitted.tbsSha256 === tbs.tbsSha256 && tbs.tbsSha256 !== null)
    return { certificate: submitted, extras };
  // A Precertificate Signing Certificate signed it: the log has put its issuer in (RFC 6962 section 3.2).
  const reissued = submitted.issuerSha256 !== tbs.issuerSha256 && describe(submitted) === describe(tbs);
  return { certificate: reissued ? tbs : withProblem(tbs, mismatch), extras };
}

/** What a change of issuer leaves as it was. */
function describe({
  serialNumber,
  subjectSha256,
  spkiSha256,
  notBefore,
  notAfter,
  names,
}: Certificate): string {
  return JSON.stringify([serialNumber, subjectSha256, spkiSha256, notBefore, notAfter, names]);
}

/** extra_data is not hashed: the log may serve any. What was logged is the TBSCertificate of the leaf. */
const mismatch: ReadProblem = {
  code: 'precertificate-mismatch',
  message: 'the precertificate the log serves is not the one it logged; this is the logged TBSCertificate',
  fatal: false,
};

function readExtras(raw: RawEntry): { extras: Extras | null; problem: ReadProblem | null } {
  try {
    return { extras: raw.extras(), problem: null };
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    return { extras: null, problem: { code: 'bad-extra-data', message: error.message, fatal: false } };
  }
}

function withProblem(certificate: Certificate, problem: ReadProblem | null): Certificate {
  return problem === null ? certificate : { ...certificate, problems: [...certificate.problems, problem] };
}
