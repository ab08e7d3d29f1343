import type { Certificate } from './certificate.js';
import type { RevocationStatus } from './network.js';
import type { Verdict } from './observation.js';
import { certificateLine, findingLine, type CertificateLine, type FindingLine } from './observation-line.js';
import type { Validation, ValidationError } from './validation.js';

/** What was found in one place of a file. */
export interface InspectResult {
  /** As named on the command line, or below the folder named there. */
  readonly file: string;
  /** Null when nothing in the file could be taken for a certificate. */
  readonly certificate: Certificate | null;
  /** Null when no roots were given. */
  readonly validation: Validation | null;
  readonly verdicts: readonly Verdict[];
  /** A CA certificate that came along with others to help: its faults count where a path of theirs goes through it. */
  readonly isHelper: boolean;
  readonly transparency: TransparencyLine | null;
  readonly ocsp: OcspLine | null;
  /** What lists and responders say; null when none was asked. */
  readonly revocation: RevocationStatus | null;
  /** Absent when not asked for; a sentence where they cannot be described. */
  readonly extensions?: readonly ExtensionLine[] | string;
}

/** One extension in words. Texts are hostile. */
export interface ExtensionLine {
  /** Dotted object identifier. */
  readonly oid: string;
  /** Null for an unknown one. */
  readonly name: string | null;
  readonly critical: boolean;
  /** What it says; of an unknown one its octets in hex. */
  readonly lines: readonly string[];
}

/** The SCTs of a certificate, verified against a log list, and what browsers' policies say of them. */
export interface TransparencyLine {
  readonly scts: readonly {
    readonly source: string;
    /** Base64. */
    readonly logId: string;
    /** The log's description and operator; null when the list does not hold it. */
    readonly log: string | null;
    readonly operator: string | null;
    /** ISO; null when out of range. */
    readonly timestamp: string | null;
    /** `valid`, or why it is worth nothing. */
    readonly verdict: string;
  }[];
  /** One sentence for each SCT that cannot be read. */
  readonly problems: readonly string[];
  readonly policies: readonly {
    readonly policy: string;
    /** Null when it cannot be told. */
    readonly compliant: boolean | null;
    readonly requiredScts: number;
    readonly countedScts: number;
    readonly reasons: readonly string[];
  }[];
}

/** What a verified OCSP response says of a certificate; times are ISO. */
export interface OcspLine {
  readonly status: 'good' | 'revoked' | 'unknown' | 'unusable';
  /** Why it is unusable. */
  readonly reason: string | null;
  readonly revokedAt: string | null;
  readonly revocationReason: string | null;
  readonly thisUpdate: string | null;
  readonly nextUpdate: string | null;
  readonly signer: 'issuer' | 'delegate' | null;
}

/** What revocation lists and OCSP responders say of a certificate; times are ISO. */
export interface RevocationLine {
  readonly status: RevocationStatus['outcome'];
  readonly reason: string | null;
  readonly revokedAt: string | null;
  readonly method: 'crl' | 'ocsp' | null;
  readonly source: string | null;
  readonly thisUpdate: string | null;
  readonly nextUpdate: string | null;
  /** Why the status is not known. */
  readonly detail: string | null;
}

/** The stable JSON form of one inspected certificate. Keys are only ever added. */
export interface InspectLine {
  readonly file: string;
  readonly certificate: CertificateLine | null;
  readonly validation: {
    readonly verdict: Validation['verdict'];
    /** `faulty`: invalid by faults of form alone, which every client takes. */
    readonly grade: Validation['grade'];
    readonly errors: readonly ValidationError[];
    /** Faults of form that the profile tolerates. */
    readonly warnings: readonly ValidationError[];
    /** The store's name and date, for example `file roots.pem 2026-08-01`. */
    readonly rootStore: string;
    /** SHA-256 of the path used, leaf first, root last; empty when none was found. */
    readonly path: readonly string[];
  } | null;
  readonly findings: readonly FindingLine[];
  /** Null without a log list. */
  readonly transparency: TransparencyLine | null;
  /** Null without an OCSP response about the certificate. */
  readonly ocsp: OcspLine | null;
  /** Null unless lists and responders were asked. */
  readonly revocation: RevocationLine | null;
  /** Every extension in words; null unless asked for, or where they cannot be described. */
  readonly extensions: readonly ExtensionLine[] | null;
}

/** The line of one inspected certificate. Texts are hostile; write it through `jsonLine`. */
export function inspectLine(result: InspectResult): InspectLine {
  const { file, certificate, validation, verdicts, transparency, ocsp, revocation } = result;
  return {
    file,
    certificate: certificate === null ? null : certificateLine(certificate),
    validation: validation === null ? null : validationLine(validation),
    findings: verdicts.map(findingLine),
    transparency,
    ocsp,
    revocation: revocation === null ? null : revocationLine(revocation),
    extensions: typeof result.extensions === 'object' ? result.extensions : null,
  };
}

function revocationLine(status: RevocationStatus): RevocationLine {
  const { outcome, reason, revokedAt, method, source, thisUpdate, nextUpdate, detail } = status;
  const iso = (date: Date | null): string | null => date?.toISOString() ?? null;
  const times = { revokedAt: iso(revokedAt), thisUpdate: iso(thisUpdate), nextUpdate: iso(nextUpdate) };
  return { status: outcome, reason, method, source, ...times, detail };
}

function validationLine({
  verdict,
  grade,
  errors,
  warnings,
  rootStore,
  path,
}: Validation): NonNullable<InspectLine['validation']> {
  const lines = (list: readonly ValidationError[]): ValidationError[] =>
    list.map(({ code, message, section }) => ({ code, message, section }));
  return { verdict, grade, errors: lines(errors), warnings: lines(warnings), rootStore, path };
}
