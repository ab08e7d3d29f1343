import type { Finding } from '../model/finding.js';
import type { Policy } from '../model/policy.js';

/** What is known by one probe only, and the endpoints that are to be probed again for it. */
export interface Doubts {
  /** A finding about an endpoint was opened by the probe made then. */
  opened(finding: Finding, probedAt: Date, now: Date): void;
  /** A probe made then shows what this finding is about. */
  shown(findingId: string, probedAt: Date): void;
  /** It was resolved. */
  resolved(findingId: string): void;
  /** Findings of the endpoint stand although its last probe did not show them: to be probed again then; null: none do. */
  absent(endpointKey: string, probeAgainAt: Date | null): void;
  /** When the finding may be alerted; null: now. */
  waitsUntil(findingId: string, now: Date): Date | null;
  /** Endpoints that are to be probed again now, at most `limit`; each is named again later unless the doubt is settled. */
  due(now: Date, limit: number): readonly string[];
}

interface Unconfirmed {
  readonly key: string;
  readonly probedAt: Date;
  readonly until: Date;
  nextProbeMs: number;
  waitMs: number;
}

/** A finding is alerted then although nothing has probed its endpoint a second time. */
const confirmWithinMs = 900_000;
const shortestWaitMs = 2_000;

/** See {@link Doubts}. In memory: after a restart everything counts as confirmed. `onConfirmed`: a finding may be alerted now. */
export function createDoubts(policy: Pick<Policy, 'confirmAfterSeconds'>, onConfirmed: () => void): Doubts {
  const unconfirmed = new Map<string, Unconfirmed>();
  const absent = new Map<string, number>();

  return {
    opened(finding, probedAt, now) {
      const waitMs = policy.confirmAfterSeconds * 1_000;
      if (waitMs === 0 || finding.subject.kind !== 'endpoint') return;
      unconfirmed.set(finding.id, {
        key: finding.subject.key,
        probedAt,
        until: new Date(now.getTime() + confirmWithinMs),
        nextProbeMs: probedAt.getTime() + waitMs,
        waitMs: Math.max(shortestWaitMs, waitMs),
      });
    },
    shown(findingId, probedAt) {
      const waiting = unconfirmed.get(findingId);
      if (waiting === undefined || probedAt <= waiting.probedAt) return;
      unconfirmed.delete(findingId);
      onConfirmed();
    },
    resolved: (findingId) => void unconfirmed.delete(findingId),
    absent(endpointKey, probeAgainAt) {
      if (probeAgainAt === null) absent.delete(endpointKey);
      else absent.set(endpointKey, probeAgainAt.getTime());
    },
    waitsUntil(findingId, now) {
      const waiting = unconfirmed.get(findingId);
      if (waiting === undefined) return null;
      if (waiting.until > now) return waiting.until;
      unconfirmed.delete(findingId);
      return null;
    },
    due(now, limit) {
      const keys = new Set<string>();
      for (const [id, waiting] of unconfirmed) {
        if (keys.size >= limit) break;
        if (waiting.until <= now) unconfirmed.delete(id);
        if (waiting.nextProbeMs > now.getTime()) continue;
        keys.add(waiting.key);
        // An endpoint that does not answer is asked again at twice the distance each time.
        waiting.nextProbeMs = now.getTime() + waiting.waitMs;
        waiting.waitMs *= 2;
      }
      for (const [key, atMs] of absent) {
        if (keys.size >= limit) break;
        if (atMs > now.getTime()) continue;
        keys.add(key);
        absent.set(key, now.getTime() + 60_000);
      }
      return [...keys];
    },
  };
}
