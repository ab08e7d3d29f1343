import { certificateLine, type CertificateLine } from '../model/observation-line.js';
import type { CtEntry, CtMatch } from '../model/ct-entry.js';
import { fitWidth } from '../lib/display-width.js';
import { printable } from '../lib/printable.js';
import { paint, type Look } from './look.js';
import { dayText, whenText } from './render-text.js';

/** A matched log entry as `certglass ct tail --json` prints it. Keys are only ever added. */
export interface EntryLine {
  readonly type: 'entry';
  /** Description of the log. */
  readonly log: string;
  readonly logId: string;
  readonly leafIndex: number;
  readonly timestamp: string;
  readonly entryType: CtEntry['entryType'];
  readonly verified: boolean;
  readonly leafHash: string | null;
  readonly certificate: CertificateLine;
  /** SHA-256 of the issuing certificates. */
  readonly chain: readonly string[];
  readonly matches: readonly CtMatch[];
}

/** What was read of one log; the form of the contract. */
export interface LogSummary {
  readonly log: string;
  readonly entries: number;
  readonly matched: number;
  readonly malformed: number;
  readonly seconds: number;
  readonly entriesPerSecond: number;
  /** Everything up to the tree head seen at the start was hashed to its signed root. */
  readonly verified: boolean;
  readonly treeSize: number;
  readonly position: number;
  /** Why the log was not read to its end, or what it did wrong; null when all is well. */
  readonly error: string | null;
}

/** The JSON form of an entry. Texts are hostile: write it through `jsonLine`. */
export function entryLine(log: string, entry: CtEntry): EntryLine {
  const { logId, leafIndex, timestamp, entryType, verified, leafHash, certificate, chain, matches } = entry;
  return {
    type: 'entry',
    log,
    logId,
    leafIndex,
    timestamp: timestamp.toISOString(),
    entryType,
    verified,
    leafHash,
    certificate: certificateLine(certificate),
    chain,
    matches,
  };
}

/** An entry as one line for people. */
export function entryText(log: string, entry: CtEntry): string {
  const { certificate, matches, leafIndex, timestamp, entryType } = entry;
  const names = certificate.names.slice(0, 10).join(' ');
  const more = certificate.names.length > 10 ? ` and ${certificate.names.length - 10} more` : '';
  const why = matches.map(({ watch, item, value }) => `${watch} ${item || value}`.trim()).join(', ');
  const text =
    `${timestamp.toISOString()} ${log} #${leafIndex} ${entryType} [${why}] ${names}${more}` +
    ` issuer="${certificate.issuer}" sha256=${certificate.sha256}`;
  return printable(text, 2000);
}

/** An entry as a few lines for a terminal: what for, by whom and until when, where it was logged, and why it is shown. */
export function entryBlock(log: string, entry: CtEntry, look: Look, now: Date): string {
  const { certificate, matches, leafIndex, timestamp, entryType } = entry;
  const line = (label: string, text: string): string => {
    const rest = printable(text, 2000);
    const fitted = look.width === null ? rest : fitWidth(rest, look.width - labelWidth);
    return `${paint(`  ${label}`.padEnd(labelWidth), 'dim', look)}${fitted}`;
  };
  const more = certificate.names.length > 10 ? ` and ${certificate.names.length - 10} more` : '';
  const names = printable(certificate.names.slice(0, 10).join(' ') || certificate.subject, 1000) + more;
  const { notAfter } = certificate;
  return [
    paint(look.width === null ? names : fitWidth(names, look.width), 'bold', look),
    line('issuer', certificate.issuer),
    line('expires', `${dayText(notAfter)}, ${whenText(notAfter, now)}`),
    line(
      'logged',
      `${timestamp.toISOString().slice(0, 16).replace('T', ' ')} UTC as ${entryType}, ${log} #${leafIndex}`,
    ),
    line('matches', matches.map(({ watch, item, value }) => `${watch} ${item || value}`.trim()).join(', ')),
    line('sha256', certificate.sha256),
    '',
  ].join('\n');
}

const labelWidth = 11;

/** A summary as one line for people. */
export function summaryText(summary: LogSummary): string {
  const { log, entries, matched, malformed, seconds, entriesPerSecond, verified, error } = summary;
  const state = verified ? 'verified' : 'NOT VERIFIED';
  const text =
    `${log}: ${entries} entries, ${matched} matched, ${malformed} malformed, ` +
    `${seconds.toFixed(1)} s, ${Math.round(entriesPerSecond)}/s, ${state}${error === null ? '' : `: ${error}`}`;
  return printable(text, 2000);
}
