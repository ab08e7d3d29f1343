import type { Finding } from '../../model/finding.js';
import { severities, type Severity } from '../../model/severity.js';

/** Many findings made fit for one message: some shown, all counted. */
export interface Digest<T> {
  /** Worst first, open before resolved, then by host and id: the same findings always give the same message. */
  readonly shown: readonly T[];
  /** How many are not shown, in all and by rule (most first). */
  readonly omitted: number;
  readonly omittedByRule: readonly { readonly rule: string; readonly count: number }[];
  /** Of all of them, shown or not. */
  readonly total: number;
  readonly resolved: number;
  /** Not resolved, by severity; worst first, zeros left out. */
  readonly open: readonly { readonly severity: Severity; readonly count: number }[];
}

/** Bounds of one message. */
export interface DigestLimits {
  readonly maxItems: number;
  /** UTF-8 bytes of all rendered items together. */
  readonly maxBytes: number;
}

/** Renders findings in order of weight until a limit is reached, and counts the rest. `size` gives UTF-8 bytes. */
export function digest<T>(
  findings: readonly Finding[],
  limits: DigestLimits,
  render: (finding: Finding) => T,
  size: (item: T) => number,
): Digest<T> {
  const sorted = findings.toSorted(byWeight);
  const shown: T[] = [];
  let bytes = 0;
  for (const finding of sorted.slice(0, limits.maxItems)) {
    const item = render(finding);
    bytes += size(item);
    if (bytes > limits.maxBytes) break;
    shown.push(item);
  }
  const rest = sorted.slice(shown.length);
  const open = sorted.filter(({ state }) => state !== 'resolved');
  return {
    shown,
    omitted: rest.length,
    omittedByRule: [...tally(rest.map(({ rule }) => rule))]
      .map(([rule, count]) => ({ rule, count }))
      .sort((a, b) => b.count - a.count || compare(a.rule, b.rule)),
    total: sorted.length,
    resolved: sorted.length - open.length,
    open: [...tally(open.map(({ severity }) => severity))]
      .map(([severity, count]) => ({ severity, count }))
      .sort((a, b) => weight(b.severity) - weight(a.severity)),
  };
}

/** A finding's details as (key, text) pairs, made fit for a message. */
export interface BoundedDetails {
  readonly entries: readonly (readonly [string, string])[];
  /** How many were left out. */
  readonly left: number;
}

const maxDetailBytes = 3_000;

/** At most 20 details of at most 300 characters each, and at most 3,000 bytes of JSON together. `write` words what is no string. */
export function boundedDetails(
  finding: Finding,
  write: (value: unknown) => string | undefined = JSON.stringify,
): BoundedDetails {
  const all = Object.entries(finding.details);
  const entries: (readonly [string, string])[] = [];
  let bytes = 0;
  for (const [key, value] of all.slice(0, 20)) {
    const text = typeof value === 'string' ? value : (write(value) ?? 'null');
    const entry = [cut(key, 60), cut(text, 300)] as const;
    bytes += Buffer.byteLength(JSON.stringify(entry));
    if (bytes > maxDetailBytes) break;
    entries.push(entry);
  }
  return { entries, left: all.length - entries.length };
}

/** The first `maxLength` UTF-16 units, and three dots when there were more. */
export function cut(text: string, maxLength: number): string {
  return text.length > maxLength ? `${text.slice(0, maxLength)}...` : text;
}

function byWeight(a: Finding, b: Finding): number {
  return (
    Number(a.state === 'resolved') - Number(b.state === 'resolved') ||
    weight(b.severity) - weight(a.severity) ||
    compare(a.host ?? '', b.host ?? '') ||
    compare(a.id, b.id)
  );
}

function weight(severity: Severity): number {
  return severities.indexOf(severity);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function tally<K>(keys: readonly K[]): Map<K, number> {
  const counts = new Map<K, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
