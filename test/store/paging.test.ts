import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openStore, type OpenStore } from '../../src/store/index.js';
import type { FindingFilter } from '../../src/store/reader.js';
import { embeddedConfig, finding, hash, log, minutes, observation, temporaryFolder } from './sample.js';

describe('lists while what they list changes', () => {
  let store: OpenStore;
  before(async () => {
    store = await openStore(embeddedConfig(temporaryFolder()), log);
  });
  after(() => store.close());

  /** Pages through findings; `between` is done after every page. */
  async function page(filter: FindingFilter, limit: number, between: () => Promise<void>): Promise<string[]> {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const found = await store.reader.listFindings(filter, { limit, cursor });
      ids.push(...found.items.map((item) => item.id));
      cursor = found.nextCursor;
      await between();
    } while (cursor !== null);
    return ids;
  }

  it('gives every finding that stays once and in order, whatever is written meanwhile', async () => {
    const many = Array.from({ length: 40 }, (_, index) =>
      finding(`stays ${index}`, { rule: 'weak-key', openedAt: minutes(index % 4), lastSeenAt: minutes(10) }),
    );
    await store.writeFindings(many);
    let round = 0;
    const ids = await page({ rule: 'weak-key' }, 7, async () => {
      round += 1;
      // Seen again, twice over; and others that are opened later.
      const again = many.map((one) => ({ ...one, lastSeenAt: minutes(10 + round) }));
      await store.writeFindings(again);
      await store.writeFindings(again);
      await store.writeFindings([
        finding(`new ${round}`, { rule: 'weak-key', openedAt: minutes(100 + round) }),
      ]);
    });
    const rank = (one: (typeof many)[number]): string => `${one.openedAt.toISOString()} ${one.id}`;
    const expected = [...many].sort((a, b) => (rank(a) < rank(b) ? 1 : -1)).map((one) => one.id);
    assert.deepEqual(ids, expected);
  });

  it('shows a finding as it is: opened anew in its new place, and not among those it has left', async () => {
    const first = finding('comes back', { rule: 'shadow', openedAt: minutes(1), lastSeenAt: minutes(1) });
    const resolved = { ...first, state: 'resolved', revision: 2, resolvedAt: minutes(2) } as const;
    const other = finding('other', { rule: 'shadow', openedAt: minutes(3) });
    const again = { ...first, revision: 3, openedAt: minutes(5), lastSeenAt: minutes(5) };
    const list = async (filter: FindingFilter): Promise<string[]> =>
      (await store.reader.listFindings({ rule: 'shadow', ...filter }, { limit: 50, cursor: null })).items.map(
        (item) =>
          `${item.id === first.id ? 'first' : 'other'} ${item.state} ${item.openedAt.getTime() - minutes(0).getTime()}`,
      );
    await store.writeFindings([first, other]);
    assert.deepEqual(await list({}), ['other open 180000', 'first open 60000']);
    await store.writeFindings([resolved]);
    assert.deepEqual(await list({ states: ['open'] }), ['other open 180000']);
    assert.deepEqual(await list({ states: ['resolved'] }), ['first resolved 60000']);
    await store.writeFindings([again]);
    assert.deepEqual(await list({}), ['first open 300000', 'other open 180000']);
    assert.deepEqual(await list({ states: ['resolved'] }), []);
    // What arrives late is older, and changes nothing.
    await store.writeFindings([resolved]);
    assert.deepEqual(await list({}), ['first open 300000', 'other open 180000']);
    assert.equal((await store.reader.findingById(first.id))?.state, 'open');
    assert.deepEqual(await list({ id: first.id }), ['first open 300000']);
  });

  it('finds a page behind hundreds of findings that were opened anew', async () => {
    const many = Array.from({ length: 300 }, (_, index) =>
      finding(`flaps ${index}`, { rule: 'expiring', openedAt: minutes(index), lastSeenAt: minutes(index) }),
    );
    await store.writeFindings([finding('oldest', { rule: 'expiring', openedAt: minutes(-1) }), ...many]);
    await store.writeFindings(
      many.map((one) => ({ ...one, revision: 2, openedAt: minutes(-2), severity: 'notice' })),
    );
    const errors = await page({ rule: 'expiring', severities: ['error'] }, 5, () => Promise.resolve());
    assert.deepEqual(errors, [finding('oldest').id]);
    const all = await page({ rule: 'expiring' }, 50, () => Promise.resolve());
    assert.equal(all.length, 301);
    assert.equal(new Set(all).size, 301);
  });

  it('counts what came twice or out of order once', async () => {
    const host = 'twice.example.net';
    const looks = [3, 1, 2].map((minute) => observation(host, { observedAt: minutes(minute) }));
    await store.writeObservations(looks);
    await store.writeObservations(looks.slice(1));
    const filter = { host };
    const limit = { limit: 50, cursor: null };
    assert.deepEqual(
      (await store.reader.listObservations(filter, limit)).items.map((item) => item.observedAt),
      [minutes(3), minutes(2), minutes(1)],
    );
    const [state, ...others] = (await store.reader.listEndpoints(filter, limit)).items;
    assert.deepEqual(others, []);
    assert.deepEqual([state?.firstSeenAt, state?.lastObservedAt], [minutes(1), minutes(3)]);
    const hours = await store.reader.observationsPerHour(minutes(-60), minutes(60));
    assert.deepEqual(
      hours.map((row) => row.observations),
      [3],
    );
    const detail = await store.reader.certificateDetail(hash(`sha256 ${host}`));
    assert.equal(detail?.servedEver.length, 1);
    assert.equal((await store.reader.issuerBreakdown(minutes(0)))[0]?.certificates, 2);
  });
});
