import { createHash } from 'node:crypto';
import { toJson } from '../rows/json.js';
import type { AuditEntry } from '../../model/audit-entry.js';

/** An entry of the audit trail in its place. `details` is JSON; `previous` is empty in the first entry of a chain. */
export interface ChainedEntry {
  readonly chain: string;
  /** From 1. */
  readonly number: number;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly details: string;
  /** Hash of the entry before. */
  readonly previous: string;
  /** See {@link hashOfEntry}. */
  readonly hash: string;
}

/** Where a chain ends. */
export type ChainEnd = Pick<ChainedEntry, 'chain' | 'number' | 'hash'>;

/**
 * SHA-256, hex, over the UTF-8 of a JSON array without spaces: chain, number, time (ISO 8601, milliseconds, UTC), actor, action, subject,
 * details (an object) and the hash of the entry before.
 */
export function hashOfEntry(entry: Omit<ChainedEntry, 'hash'>): string {
  const { chain, number, at, actor, action, subject, details, previous } = entry;
  const values = [chain, number, at.toISOString(), actor, action, subject, JSON.parse(details), previous];
  return createHash('sha256').update(JSON.stringify(values)).digest('hex');
}

/** The entry that follows the end of a chain. */
export function follow(end: ChainEnd, { at, actor, action, subject, details }: AuditEntry): ChainedEntry {
  const entry = {
    chain: end.chain,
    number: end.number + 1,
    at,
    actor: wellFormed(actor),
    action: wellFormed(action),
    subject: wellFormed(subject),
    details: toJson(details),
    previous: end.hash,
  };
  return { ...entry, hash: hashOfEntry(entry) };
}

/** As UTF-8 holds it: the hash is over what can be read again. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
