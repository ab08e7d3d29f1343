import type { Certificate } from './certificate.js';
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
}

/** The stable JSON form of one inspected certificate. Keys are only ever added. */
export interface InspectLine {
  readonly file: string;
  readonly certificate: CertificateLine | null;
  readonly validation: {
    readonly verdict: Validation['verdict'];
    readonly errors: readonly ValidationError[];
    /** The store's name and date, for example `file roots.pem 2026-08-01`. */
    readonly rootStore: string;
    /** SHA-256 of the path used, leaf first, root last; empty when none was found. */
    readonly path: readonly string[];
  } | null;
  readonly findings: readonly FindingLine[];
}

/** The line of one inspected certificate. Texts are hostile; write it through `jsonLine`. */
export function inspectLine({ file, certificate, validation, verdicts }: InspectResult): InspectLine {
  return {
    file,
    certificate: certificate === null ? null : certificateLine(certificate),
    validation: validation === null ? null : validationLine(validation),
    findings: verdicts.map(findingLine),
  };
}

function validationLine({
  verdict,
  errors,
  rootStore,
  path,
}: Validation): NonNullable<InspectLine['validation']> {
  const lines = errors.map(({ code, message, section }) => ({ code, message, section }));
  return { verdict, errors: lines, rootStore, path };
}
