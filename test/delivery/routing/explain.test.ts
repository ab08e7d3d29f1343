import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explainAlert } from '../../../src/delivery/routing/explain.js';
import type { Delivery } from '../../../src/model/delivery.js';
import type { Finding } from '../../../src/model/finding.js';
import { finding } from '../../alerts/samples.js';
import { routes, settings } from '../samples.js';

const now = new Date('2026-11-23T20:00:00Z');
const openedAt = new Date('2026-11-23T19:00:00Z');

function explain(keys: object, parts: Partial<Finding> = {}, deliveries: readonly Partial<Delivery>[] = []) {
  const about: Finding = { ...finding(), severity: 'error', openedAt, ...parts };
  const { id: findingId, revision } = about;
  const stored = deliveries.map((one): Delivery => ({
    id: 'a'.repeat(32),
    channel: 'webhook:a',
    items: [{ findingId, revision }],
    state: 'pending',
    attempts: 1,
    createdAt: new Date('2026-11-23T19:01:00Z'),
    nextAttemptAt: null,
    sentAt: null,
    lastDetail: null,
    ...one,
  }));
  const channel = { name: 'webhook:a', takes: 'digest', settings: settings(keys) } as const;
  const list = [
    { name: 'pci', tags: ['pci'], channels: ['webhook:b'] },
    { name: 'rest', channels: ['webhook:a'] },
  ];
  const routing = { routes: routes(list, ['a', 'b']), themeOf: () => 'time' };
  return explainAlert(about, stored, [channel], routing, now)[0]!;
}

const quietHours = { from: '18:00', to: '08:00' };

describe('what is said of an alert', () => {
  it('names every step on the way to the decision', () => {
    const { status, at, steps } = explain({ quietHours, repeatHours: 24 });
    assert.deepEqual([status, at?.toISOString()], ['held', '2026-11-24T08:00:00.000Z']);
    assert.deepEqual(steps, [
      'keys of the channel: match',
      'route "pci": it has none of the tags pci',
      'route "rest": matches, leads to webhook:a',
      'quiet hours: until 2026-11-24T08:00:00.000Z',
      'grouping: shares a message with all that changed; at least 60 seconds between messages',
    ]);
  });

  for (const [name, keys, parts, deliveries, expected] of [
    ['nothing decided yet', {}, {}, [], 'due 20:00 Sent with the next message: route "rest" matches.'],
    [
      'a critical one in quiet hours',
      { quietHours },
      { severity: 'critical' },
      [],
      'due 20:00 Sent with the next message: route "rest" matches.',
    ],
    ['unwanted', { minSeverity: 'critical' }, {}, [], 'skipped - Not sent: error is below critical.'],
    ['silenced', {}, { state: 'silenced' }, [], 'skipped - Not sent: it was silenced.'],
    [
      'sent',
      {},
      {},
      [{ state: 'sent', sentAt: openedAt, lastDetail: 'status 204' }],
      'sent 19:00 Sent: the receiver answered status 204.',
    ],
    [
      'commented on after it was sent',
      {},
      { revision: 2, change: 'commented', changedBy: 'ada' },
      [
        { state: 'skipped', lastDetail: 'commented is no news' },
        {
          state: 'sent',
          items: [{ findingId: finding().id, revision: 1 }],
          sentAt: openedAt,
          lastDetail: '250 OK',
        },
      ],
      'sent 19:00 Sent: the receiver answered 250 OK.',
    ],
    [
      'raised after it was sent, and held now',
      {},
      { revision: 2 },
      [
        { state: 'held', lastDetail: 'digest', nextAttemptAt: now },
        { state: 'sent', items: [{ findingId: finding().id, revision: 1 }], sentAt: openedAt },
      ],
      'held 20:00 Sent later: waits for digest.',
    ],
    [
      'tried without success',
      {},
      {},
      [{ attempts: 3, lastDetail: 'status 503', nextAttemptAt: now }],
      'pending 20:00 On its way: 3 tries failed, the last with status 503.',
    ],
    [
      'given up',
      {},
      {},
      [{ state: 'failed', attempts: 9, lastDetail: 'status 410' }],
      'failed - Given up after 9 tries: status 410.',
    ],
    [
      'not wanted by an earlier configuration',
      {},
      {},
      [{ state: 'skipped', lastDetail: 'no route leads to this channel' }],
      'skipped - Not sent: no route leads to this channel, decided at 2026-11-23T19:01:00.000Z.',
    ],
    [
      'a wait that is over and left no decision',
      {},
      {},
      [{ state: 'skipped', lastDetail: 'quiet hours' }],
      'due 20:00 Sent with the next message: route "rest" matches.',
    ],
  ] as const)
    it(`${name}: ${expected}`, () => {
      const { status, at, why } = explain(keys, parts, deliveries);
      assert.equal(`${status} ${at?.toISOString().slice(11, 16) ?? '-'} ${why}`, expected);
    });

  it('says when it comes again', () => {
    const next = (deliveries: readonly Partial<Delivery>[]) =>
      explain({ repeatHours: 24 }, {}, deliveries).nextReminderAt?.toISOString() ?? null;
    assert.equal(next([]), '2026-11-24T20:00:00.000Z');
    const sent = { state: 'sent', sentAt: openedAt } as const;
    const reminder = {
      state: 'held',
      lastDetail: 'reminder',
      nextAttemptAt: new Date('2026-11-24T19:01:00Z'),
    } as const;
    assert.equal(next([sent, reminder]), '2026-11-24T19:01:00.000Z');
    assert.equal(next([sent]), null);
  });
});
