import type { WaitsFor } from '../delivery/certain.js';
import type { Doubts } from '../judging/doubts.js';
import type { OpenFindings } from '../judging/open-findings.js';
import type { Finding } from '../model/finding.js';

/** The last of a group to be resolved makes the channels decide again anyway. */
const askAgainMs = 3_600_000;

/**
 * Which findings are not alerted yet: those that only one probe has shown, and the end of one at some of the addresses of a host while the
 * same certificate or fault is still open at others.
 */
export function alertWaits(
  doubts: Pick<Doubts, 'waitsUntil'>,
  open: Pick<OpenFindings, 'ofRule'>,
): () => WaitsFor {
  return () => {
    const parts = new Map<string, ReadonlySet<string>>();
    const openParts = (rule: string): ReadonlySet<string> => {
      const known = parts.get(rule) ?? new Set([...open.ofRule(rule)].filter(isAtEndpoint).map(partOf));
      parts.set(rule, known);
      return known;
    };
    return (finding, now) => {
      if (finding.state !== 'resolved') return doubts.waitsUntil(finding.id, now);
      if (!isAtEndpoint(finding) || !openParts(finding.rule).has(partOf(finding))) return null;
      return new Date(now.getTime() + askAgainMs);
    };
  };
}

function isAtEndpoint({ subject, host }: Finding): boolean {
  return subject.kind === 'endpoint' && host !== null;
}

function partOf({ cause, host }: Finding): string {
  return `${cause} ${host}`;
}
