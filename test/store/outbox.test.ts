import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openStore, type OpenStore } from '../../src/store/index.js';
import {
  certificate,
  delivery,
  embeddedConfig,
  finding,
  log,
  minutes,
  noon,
  observation,
  temporaryFolder,
} from './sample.js';

describe('what alerting reads of the store', () => {
  let store: OpenStore;
  before(async () => {
    store = await openStore(embeddedConfig(temporaryFolder()), log);
  });
  after(() => store.close());

  it('gives each channel each change once, the worst first and then the newest', async () => {
    const since = minutes(1_000);
    const late = { openedAt: minutes(1_001), lastSeenAt: minutes(1_001) };
    const a = finding('untold-a', { ...late, severity: 'error' });
    const b = finding('untold-b', {
      ...late,
      severity: 'error',
      openedAt: minutes(1_002),
      lastSeenAt: minutes(1_002),
    });
    const c = finding('untold-c', { ...late, severity: 'critical' });
    await store.writeFindings([finding('untold-before'), a, b, c]);
    const ids = async (channel: string): Promise<string[]> =>
      (await store.outbox.undecidedChanges(channel, since)).map(
        ({ finding: one, last }) =>
          `${one.host}/${one.revision}${last === null ? '' : ` after ${last.revision}`}`,
      );
    assert.deepEqual(await ids('email'), ['untold-c/1', 'untold-b/1', 'untold-a/1']);
    await store.writeDeliveries([delivery('email', 'untold-a')]);
    assert.deepEqual(await ids('email'), ['untold-c/1', 'untold-b/1']);
    assert.deepEqual((await ids('webhook')).length, 3);
    await store.writeFindings([{ ...a, revision: 2, state: 'resolved', resolvedAt: minutes(1_003) }]);
    assert.deepEqual(await ids('email'), ['untold-c/1', 'untold-a/2 after 1', 'untold-b/1']);
  });

  it('gives what is held once it is due, and says when the next is', async () => {
    const held = {
      ...delivery('held', 'waits'),
      state: 'held' as const,
      nextAttemptAt: minutes(10),
      lastDetail: 'digest',
    };
    await store.writeDeliveries([held]);
    assert.deepEqual(await store.outbox.waitingDeliveries('held', minutes(9)), []);
    assert.deepEqual(await store.outbox.nextHeldAt('held'), minutes(10));
    assert.deepEqual(await store.outbox.waitingDeliveries('held', minutes(10)), [held]);
    assert.equal(await store.outbox.nextHeldAt('nothing'), null);
    const { items } = await store.reader.listDeliveries({ channel: 'held' }, { limit: 10, cursor: null });
    assert.deepEqual(items, [held]);
    await store.writeDeliveries([{ ...held, state: 'skipped', nextAttemptAt: null }]);
    const list = async (filter: { state?: 'skipped' }) =>
      (await store.reader.listDeliveries({ channel: 'held', ...filter }, { limit: 10, cursor: null })).items
        .length;
    assert.deepEqual([await list({}), await list({ state: 'skipped' })], [0, 1]);
  });

  it('keeps what was sent, by thread', async () => {
    const sent = delivery('threads', 'kept');
    const [item] = sent.items;
    const kept = { id: sent.id, channel: 'threads', thread: 'incident-1', createdAt: noon, body: '{"a":1}' };
    await store.writeMessages([kept]);
    await store.writeDeliveries([sent]);
    assert.equal(await store.outbox.messageBody(sent.id), '{"a":1}');
    assert.equal(await store.outbox.messageBody('unknown'), null);
    const last = await store.outbox.lastMessages('threads', [item!.findingId, 'unknown']);
    assert.deepEqual(
      [...last],
      [[item!.findingId, { delivery: sent.id, revision: 1, thread: 'incident-1' }]],
    );
    const members = await store.outbox.threadFindings('threads', ['incident-1', 'incident-2']);
    assert.deepEqual([...members], [['incident-1', [item!.findingId]]]);
  });

  it('gives findings as they are, as they were, and the certificates they are about', async () => {
    const one = finding('states');
    await store.writeFindings([one, { ...one, revision: 2, severity: 'critical' }]);
    const now = await store.outbox.findingsById([one.id, 'unknown']);
    assert.deepEqual(
      [...now.values()].map(({ revision }) => revision),
      [2],
    );
    const states = await store.outbox.findingStates([{ findingId: one.id, revision: 1 }]);
    assert.deepEqual([...states.keys()], [`${one.id}:1`]);
    await store.writeObservations([observation('named')]);
    const { sha256, subject, notAfter } = certificate('named');
    const named = await store.outbox.namedCertificates([sha256, '0'.repeat(64)]);
    assert.deepEqual([...named.keys()], [sha256]);
    assert.deepEqual([named.get(sha256)?.subject, named.get(sha256)?.notAfter], [subject, notAfter]);
  });
});
