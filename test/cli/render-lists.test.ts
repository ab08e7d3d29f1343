import assert from 'node:assert/strict';
import { it } from 'node:test';
import { renderCtLogs } from '../../src/cli/render-lists.js';
import { position } from '../store/sample.js';

it('heads the logs with what a reader asks: which end is read from, how far behind, how long it still takes', () => {
  const at = new Date('2026-11-23T12:00:00Z');
  const { followerState, updatedAt, ...rest } = position({ etaSeconds: 7_200 });
  assert.ok(followerState);
  const log = { ...rest, updatedAt: updatedAt.toISOString() };
  const logs = [log, { ...log, cursor: 'backfill' }] as unknown as Parameters<typeof renderCtLogs>[0];
  const [head, newest, oldest] = renderCtLogs(logs, { width: null, colour: false }, at).split('\n');
  assert.match(head ?? '', /^LOG +READS FROM +SIZE +VERIFIED +BEHIND +TIME BEHIND +PER SECOND +TIME LEFT/);
  assert.match(newest ?? '', /^Log A +newest +100 +90 +10 /);
  assert.match(oldest ?? '', /^Log A +oldest /);
  assert.doesNotMatch(newest ?? '', /bG9n/);
});
