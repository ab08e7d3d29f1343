import type { Finding } from '../../src/model/finding.js';

/** What a finding that was just opened at `now` has beside what it is about. */
export function freshFields(now: Date) {
  return {
    evidence: [],
    cause: 'c'.repeat(32),
    dueAt: null,
    owner: null,
    environment: null,
    tags: [],
    state: 'open',
    revision: 1,
    change: 'opened',
    until: null,
    resolution: null,
    firstSeenAt: now,
    openedAt: now,
    lastSeenAt: now,
    resolvedAt: null,
    assignee: null,
    ticket: null,
    changedBy: 'certglass',
    note: null,
  } satisfies Partial<Finding>;
}
