import assert from 'node:assert/strict';
import { seen, type Sighting } from '../../src/judging/finding-life.js';
import type { Finding } from '../../src/model/finding.js';

/** When everything here happens. */
export const now = new Date('2026-05-01T12:00:00Z');

/** `now` moved by some milliseconds. */
export const later = (ms: number): Date => new Date(now.getTime() + ms);

/** An expired certificate on an endpoint. */
export function aSighting(changes: Partial<Sighting> = {}): Sighting {
  return {
    rule: 'expired',
    severity: 'error',
    title: 'Certificate has expired',
    subject: { kind: 'endpoint', key: 'a|127.0.0.1|443||' },
    host: 'a',
    certificateSha256: 'ab'.repeat(32),
    details: { notAfter: '2026-04-30T00:00:00.000Z' },
    evidence: [{ label: 'notAfter', value: '2026-04-30', expected: null, source: 'scan', at: null }],
    cause: 'ef'.repeat(16),
    dueAt: null,
    owner: null,
    environment: null,
    tags: [],
    ...changes,
  };
}

/** The finding of {@link aSighting} as it is opened, with changes. */
export function opened(change: Partial<Finding> = {}): Finding {
  const finding = seen(undefined, aSighting(), now);
  assert.ok(finding !== null);
  return { ...finding, ...change };
}

/** `actual` has at least what `expected` says. */
export function includes(actual: object | null | undefined, expected: object): void {
  assert.deepEqual({ ...actual, ...expected }, actual);
}
