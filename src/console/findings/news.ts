import type { Finding } from '../api/types.js';
import { listOf } from '../lib/url-state.js';
import type { FindingsState } from './state.js';

/** A change that came while the list was shown, and when. */
export interface Heard {
  readonly finding: Finding;
  readonly at: Date;
}

/** Changes that no reader of the console made. */
const own = new Set<Finding['change']>(['opened', 'reopened', 'severity-raised', 'resolved']);

/** What came since the list was loaded and concerns it: `3 new, 1 resolved`; null: nothing. */
export function newsText(heard: readonly Heard[], state: FindingsState, loadedAt: Date): string | null {
  const latest = new Map(
    heard
      .filter(({ at, finding }) => at > loadedAt && own.has(finding.change) && fits(finding, state))
      .map(({ finding }) => [finding.id, finding]),
  );
  const resolved = [...latest.values()].filter(({ change }) => change === 'resolved').length;
  const fresh = latest.size - resolved;
  const parts = [
    ...(fresh === 0 ? [] : [`${fresh} new`]),
    ...(resolved === 0 ? [] : [`${resolved} resolved`]),
  ];
  return parts.length === 0 ? null : parts.join(', ');
}

/** True when the filters let the finding through, or let it through before it was resolved. */
function fits(finding: Finding, state: FindingsState): boolean {
  const among = (list: string, value: string | null): boolean =>
    list === '' || listOf(list).includes(value ?? '');
  const text = `${finding.title} ${finding.host ?? ''} ${finding.subject.key}`.toLowerCase();
  return (
    (state.state === 'open' || finding.state === state.state) &&
    among(state.severity, finding.severity) &&
    among(state.rule, finding.rule) &&
    among(state.subjectKind, finding.subject.kind) &&
    among(state.owner, finding.owner) &&
    among(state.environment, finding.environment) &&
    among(state.assignee, finding.assignee) &&
    among(state.host, finding.host) &&
    among(state.cause, finding.cause) &&
    text.includes(state.q.toLowerCase())
  );
}
