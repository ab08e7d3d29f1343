import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openStore, type OpenStore } from '../../../src/store/index.js';
import { embeddedConfig, log, observation, temporaryFolder } from '../sample.js';

describe('what reaches the end of its retention', () => {
  let store: OpenStore;
  const now = new Date();
  const daysAgo = (days: number): Date => new Date(now.getTime() - days * 86_400_000);
  before(async () => {
    store = await openStore(embeddedConfig(temporaryFolder()), log);
  });
  after(() => store.close());

  it('is noted in the audit trail once, which is checked as a whole', async () => {
    await store.writeObservations(
      [1, 759.5, 758.5].map((days) => observation('a.example.com', { observedAt: daysAgo(days) })),
    );
    await store.expire(now);
    await store.expire(now);
    await store.expire(new Date(now.getTime() + 86_400_000));
    const { items } = await store.reader.listAudit({ action: 'store.expire' }, { limit: 10, cursor: null });
    assert.deepEqual(
      items.map(({ details }) => details),
      [daysAgo(758), daysAgo(759)].map((before) => ({
        observations: { days: 760, before: before.toISOString(), rows: 1 },
      })),
    );
    const { faults, chains } = await store.checkAudit();
    assert.deepEqual([faults, chains.map(({ entries }) => entries)], [[], [4]]);
    assert.equal(items[0]?.number, 4);
  });
});
