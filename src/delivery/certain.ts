import type { Takes } from '../alerts/channel.js';
import type { Finding } from '../model/finding.js';
import { changesPerQuery, type UndecidedChange } from '../store/outbox.js';

/** Until when nothing is said of a finding, because it is not certain yet, or only a part of it has ended; null: it may be alerted now. */
export type WaitsFor = (finding: Finding, now: Date) => Date | null;

/** The changes of findings that wait for nothing, and when the first of the others may be asked about again. Streams wait for nothing. */
export function certain(
  { waits, channel }: { waits?(): WaitsFor; readonly channel: { readonly takes: Takes } },
  changes: readonly UndecidedChange[],
  now: Date,
): { readonly changes: readonly UndecidedChange[]; readonly waitsUntil: Date | null } {
  // In a storm nothing waits: what waits would be found first again, and hide the rest.
  const isStorm = changes.length === changesPerQuery;
  if (waits === undefined || channel.takes === 'stream' || isStorm) return { changes, waitsUntil: null };
  const newest = new Map<string, Finding>();
  for (const { finding } of changes)
    if ((newest.get(finding.id)?.revision ?? 0) < finding.revision) newest.set(finding.id, finding);
  const waitsFor = waits();
  const waiting = new Map<string, number>();
  for (const finding of newest.values()) {
    const until = waitsFor(finding, now);
    if (until !== null) waiting.set(finding.id, until.getTime());
  }
  return {
    changes: changes.filter(({ finding }) => !waiting.has(finding.id)),
    waitsUntil: waiting.size === 0 ? null : new Date(Math.min(...waiting.values())),
  };
}
