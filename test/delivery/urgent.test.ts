import assert from 'node:assert/strict';
import { it, mock } from 'node:test';
import type { SendResult } from '../../src/alerts/channel.js';
import type { Delivery } from '../../src/model/delivery.js';
import { deliveryId } from '../../src/delivery/compose.js';
import { createUrgentAlerts } from '../../src/delivery/urgent.js';
import { words } from '../alerts/samples.js';
import { finding, log } from '../store/sample.js';
import { failed, openRouting, scripted, took } from './samples.js';

const away = finding('away.example.com');

/** Two channels of which one answers as told and the other wants nothing; what was sent and stored. */
function setUp(answers: readonly SendResult[]) {
  const stored: Delivery[] = [];
  const channel = scripted('webhook');
  channel.answers = [...answers];
  const tell = createUrgentAlerts({
    store: { writeDeliveries: async (deliveries) => void stored.push(...deliveries) },
    channels: [channel, scripted('quiet', { minSeverity: 'critical' })],
    routing: openRouting,
    words,
    signal: new AbortController().signal,
    log,
  });
  return { sent: channel.messages, stored, tell };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const id = deliveryId('webhook', [{ findingId: away.id, revision: away.revision }]);

it('alerts each channel that wants it once, and notes that for the outbox', async () => {
  const { sent, stored, tell } = setUp([took]);
  for (let look = 0; look < 3; look += 1) {
    tell(away);
    await settle();
  }
  assert.deepEqual(
    sent.map((message) => message.id),
    [id],
  );
  assert.deepEqual(
    stored.map((one) => [one.id, one.channel, one.state, one.items]),
    [[id, 'webhook', 'sent', [{ findingId: away.id, revision: away.revision }]]],
  );
  tell({ ...away, revision: away.revision + 2 });
  await settle();
  assert.equal(sent.length, 2, 'another state is told as well');
});

it('tries a channel that failed again after a minute, not at every look', async () => {
  let nowMs = 0;
  const clock = mock.method(performance, 'now', () => nowMs);
  try {
    const { sent, stored, tell } = setUp([failed, took]);
    for (; nowMs <= 120_000; nowMs += 5_000) {
      tell(away);
      await settle();
      assert.equal(stored.length, nowMs < 60_000 ? 0 : 1);
    }
    assert.deepEqual(
      sent.map((message) => message.id),
      [id, id],
    );
  } finally {
    clock.mock.restore();
  }
});
