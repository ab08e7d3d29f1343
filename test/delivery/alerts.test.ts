import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startAlerts, type Alerts } from '../../src/delivery/alerts.js';
import { openStore, type OpenStore } from '../../src/store/index.js';
import { words } from '../alerts/samples.js';
import { embeddedConfig, finding, log, temporaryFolder } from '../store/sample.js';
import { failed, openRouting, scripted, took, type ScriptedChannel } from './samples.js';

describe('alerts', () => {
  let store: OpenStore;
  let stop: AbortController;
  let works: ScriptedChannel;
  let alerts: Alerts;
  let hanging: () => void;

  before(async () => {
    store = await openStore(embeddedConfig(temporaryFolder()), log);
    stop = new AbortController();
    works = scripted('webhook:works');
    const hangs = scripted('webhook:hangs');
    hangs.channel.send = () => new Promise((resolve) => (hanging = () => resolve(took)));
    const channels = [hangs, works];
    const evaluator = { incident: async () => [] };
    alerts = startAlerts({
      store,
      channels,
      routing: openRouting,
      words,
      evaluator,
      signal: stop.signal,
      log,
    });
  });
  after(async () => {
    stop.abort();
    hanging();
    await alerts.stop();
    await store.close();
  });

  /** Waits until the working channel got as many messages. */
  async function received(count: number): Promise<void> {
    while (works.messages.length < count) await new Promise((resolve) => setImmediate(resolve));
  }

  async function open(host: string): Promise<void> {
    await store.writeFindings([finding(host, { openedAt: new Date(), lastSeenAt: new Date() })]);
    alerts.flush();
  }

  it('lets no channel wait for a receiver that hangs', async () => {
    await open('one.example.com');
    await received(1);
    await open('two.example.com');
    await received(2);
  });

  it('sends a sample that says it is one', async () => {
    const count = works.messages.length;
    assert.deepEqual(await alerts.test('webhook:works', new Date()), took);
    assert.equal(works.messages[count]?.kind, 'test');
    assert.match(works.messages[count]?.alerts[0]?.title ?? '', /^This is a test: /);
    assert.equal(await alerts.test('webhook:nothing', new Date()), null);
  });

  it('stores what became of a sample, so that the channel counts as tested', async () => {
    works.answers = [failed];
    await alerts.test('webhook:works', new Date());
    const page = { limit: 10, cursor: null };
    const { items } = await store.reader.listDeliveries({ channel: 'webhook:works', state: 'failed' }, page);
    assert.deepEqual(
      items.map(({ state, attempts, items: about, lastDetail }) => [state, attempts, about, lastDetail]),
      [['failed', 1, [], failed.detail]],
      'a sample is not tried again',
    );
    const state = (await store.reader.channelStates()).find(({ name }) => name === 'webhook:works');
    assert.ok(state !== undefined && state.lastSentAt !== null && state.pending === 0);
  });

  it('sends at its start what the last process left unsent, although no finding changes', async () => {
    const folder = temporaryFolder();
    const left = await openStore(embeddedConfig(folder), log);
    await left.writeFindings([finding('left.example.com', { openedAt: new Date(), lastSeenAt: new Date() })]);
    const ending = new AbortController();
    const channel = scripted('webhook:late');
    const sent = new Promise<void>((resolve) => {
      channel.channel.send = async () => {
        resolve();
        return took;
      };
    });
    const evaluator = { incident: async () => [] };
    const parts = { store: left, channels: [channel], routing: openRouting, words, evaluator, log };
    const started = startAlerts({ ...parts, signal: ending.signal });
    await sent;
    ending.abort();
    await started.stop();
    await left.close();
  });

  it('sends a stored delivery again, if its channel is still there', async () => {
    const { items } = await store.reader.listDeliveries(
      { channel: 'webhook:works' },
      { limit: 1, cursor: null },
    );
    const count = works.messages.length;
    assert.equal((await alerts.sendAgain(items[0]!))?.state, 'pending');
    await received(count + 1);
    assert.equal(works.messages.at(-1)?.id, items[0]?.id);
    assert.equal(await alerts.sendAgain({ ...items[0]!, channel: 'gone' }), null);
  });
});
