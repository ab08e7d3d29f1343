import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startAlerts } from '../../src/delivery/alerts.js';
import { webhookConfig, createWebhook } from '../../src/alerts/webhook.js';
import type { Delivery } from '../../src/model/delivery.js';
import type { Finding } from '../../src/model/finding.js';
import { createOutbox, deliveryId, retryDelayMs, type Outbox } from '../../src/delivery/outbox.js';
import { openStore, type OpenStore } from '../../src/store/index.js';
import { startWebhookSink, webhookSecret, type WebhookSink } from '../support/webhook-sink.js';
import { embeddedConfig, finding, log, temporaryFolder } from '../store/sample.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

describe('the outbox', () => {
  let store: OpenStore;
  let sink: WebhookSink;
  let outcomes: string[];
  let outbox: Outbox;
  let clock = Date.now();

  const channelOf = (name: string, { url }: WebhookSink) =>
    createWebhook(
      webhookConfig.parse({
        type: 'webhook',
        name,
        url,
        secrets: [webhookSecret],
        allowPrivate: true,
        groupIntervalSeconds: 0,
      }),
      log,
    );
  const channelName = 'webhook:oncall';
  const openOutbox = (): Outbox =>
    createOutbox({
      store,
      channel: channelOf('oncall', sink),
      onOutcome: async ({ ok, detail, undelivered }) =>
        void outcomes.push(`${ok} ${detail}${undelivered.map((id) => ` ${id}`).join('')}`),
      log,
      signal: new AbortController().signal,
    });
  /** Opens a finding that nobody was told of. */
  const open = async (host: string): Promise<Finding> => {
    const opened = finding(host, { openedAt: new Date(clock), lastSeenAt: new Date(clock) });
    await store.writeFindings([opened]);
    return opened;
  };
  /** Lets the clock pass the next try. */
  const later = async (ms: number): Promise<void> => {
    clock += ms;
    await outbox.flush(new Date(clock));
  };
  const stored = async (of: Finding): Promise<Delivery | undefined> => {
    const page = await store.reader.listDeliveries({}, { limit: 100, cursor: null });
    return page.items.find(({ items }) => items.some(({ findingId }) => findingId === of.id));
  };

  before(async () => {
    [store, sink] = await Promise.all([
      openStore(embeddedConfig(temporaryFolder()), log),
      startWebhookSink(),
    ]);
    outcomes = [];
    outbox = openOutbox();
  });
  after(async () => {
    await sink.close();
    await store.close();
  });

  it('tells a state once, however often it is asked to', async () => {
    const one = await open('once.example.com');
    await Promise.all([later(1), later(1), later(1)]);
    await later(hourMs);
    assert.deepEqual(
      sink.requests.map(({ json }) => json.data.findings.map(({ id }) => id)),
      [[one.id]],
    );
    assert.equal((await stored(one))?.state, 'sent');
    assert.deepEqual(outcomes, ['true status 204']);
  });

  it('tries again under the same id until it is heard, and makes a dead channel known from the fourth failure on', async () => {
    const start = sink.requests.length;
    outcomes.splice(0);
    sink.answers = Array.from({ length: 5 }, () => ({ status: 500 }));
    const two = await open('retried.example.com');
    for (let tries = 1; tries <= 5; tries += 1) {
      await later(hourMs);
      assert.equal((await stored(two))?.attempts, tries);
      assert.equal(outcomes.length, Math.max(0, tries - 3));
    }
    assert.ok((outbox.nextAttemptAt()?.getTime() ?? 0) > Date.now());
    await later(hourMs);
    const tried = sink.requests.slice(start);
    assert.equal(tried.length, 6);
    assert.equal(new Set(tried.map(({ id }) => id)).size, 1);
    assert.equal(outcomes.at(-1), 'true status 204');
    assert.equal(outbox.nextAttemptAt(), null);
  });

  it('goes on after a crash between deciding and sending', async () => {
    const three = await open('crashed.example.com');
    const items = [{ findingId: three.id, revision: three.revision }];
    const id = deliveryId(channelName, items);
    const at = new Date(clock);
    const decided = {
      id,
      channel: channelName,
      items,
      state: 'pending',
      attempts: 0,
      createdAt: at,
    } as const;
    await store.writeDeliveries([{ ...decided, nextAttemptAt: at, sentAt: null, lastDetail: null }]);
    const start = sink.requests.length;
    outbox = openOutbox();
    await later(1);
    await later(1);
    assert.deepEqual(
      sink.requests.slice(start).map((request) => request.id),
      [id],
    );
  });

  it('stops at once where a receiver is gone for good, and sends again when asked', async () => {
    outcomes.splice(0);
    sink.answers = [{ status: 410 }];
    const four = await open('gone.example.com');
    await later(1);
    const failed = await stored(four);
    assert.equal(failed?.state, 'failed');
    assert.deepEqual(outcomes, [`false status 410 ${failed.id}`]);
    const start = sink.requests.length;
    await later(hourMs);
    assert.equal(sink.requests.length, start);
    await open('after-gone.example.com');
    await later(hourMs);
    assert.equal(outcomes.at(-1), `false status 204 ${failed.id}`);
    await outbox.sendAgain(failed, new Date(clock));
    await later(1);
    assert.equal(sink.requests.length, start + 2);
    assert.equal((await stored(four))?.state, 'sent');
    assert.equal(outcomes.at(-1), 'true status 204');
  });

  it('does not count a failed delivery once what it was to tell is over', async () => {
    sink.answers = [{ status: 410 }];
    const brief = await open('brief.example.com');
    await later(1);
    assert.match(outcomes.at(-1) ?? '', /^false status 410 [0-9a-f]{32}$/);
    await store.writeFindings([{ ...brief, revision: 2, state: 'resolved', resolvedAt: new Date(clock) }]);
    await later(hourMs);
    assert.equal(outcomes.at(-1), 'true status 204');
  });

  it('lets no channel wait for a receiver that hangs', async () => {
    const silent = await startWebhookSink();
    silent.answers = ['silence'];
    const stop = new AbortController();
    const channels = [channelOf('hangs', silent), channelOf('works', sink)];
    const alerts = startAlerts(store, channels, { incident: async () => [] }, stop.signal, log);
    const start = sink.requests.length;
    alerts.flush();
    await silent.received(1);
    await sink.received(start + 1);
    await open('meanwhile.example.com');
    alerts.flush();
    await sink.received(start + 2);
    assert.equal(silent.requests.length, 1);
    stop.abort();
    await alerts.stop();
    await silent.close();
  });

  it('gives up after four days, and says so', async () => {
    sink.answers = [{ status: 500 }, { status: 500 }];
    const five = await open('late.example.com');
    await later(1);
    const pending = await stored(five);
    assert.equal(pending?.state, 'pending');
    await store.writeDeliveries([{ ...pending, createdAt: new Date(Date.now() - 4 * dayMs - 1) }]);
    outcomes.splice(0);
    await later(hourMs);
    assert.equal((await stored(five))?.state, 'failed');
    assert.deepEqual(outcomes, [`false status 500 ${pending.id}`]);
  });

  it('says nothing of states that people made, and of old ones', async () => {
    const start = sink.requests.length;
    const six = finding('person.example.com', { openedAt: new Date(clock), lastSeenAt: new Date(clock) });
    const old = new Date(clock - 15 * dayMs);
    await store.writeFindings([
      { ...six, state: 'silenced', changedBy: 'ada' },
      finding('old.example.com', { openedAt: old, lastSeenAt: old }),
    ]);
    await later(1);
    assert.equal(sink.requests.length, start);
  });
});

it('waits twice as long after each failure, up to four hours, and longer when the receiver says so', () => {
  const delays = [1, 2, 3, 10, 20, 1000].map((attempts) => retryDelayMs(attempts, null, () => 0.5));
  assert.deepEqual(delays, [5_000, 10_000, 20_000, 2_560_000, 4 * hourMs, 4 * hourMs]);
  assert.deepEqual([retryDelayMs(1, null, () => 0), retryDelayMs(1, null, () => 1)], [4_000, 6_000]);
  assert.equal(
    retryDelayMs(1, 60_000, () => 0.5),
    60_000,
  );
  assert.equal(
    retryDelayMs(10, 60_000, () => 0.5),
    2_560_000,
  );
});
