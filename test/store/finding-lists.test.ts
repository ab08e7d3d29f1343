import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { findingSorts } from '../../src/store/console-reader.js';
import type { OpenStore } from '../../src/store/index.js';
import { openWorld, page } from './console-world.js';
import { hash, minutes } from './sample.js';

describe('findings as the console reads them', () => {
  let store: OpenStore;
  before(async () => {
    store = await openWorld();
  });
  after(() => store.close());

  const idOf = (seed: string): string => hash(seed).slice(0, 32);
  const labelOf = new Map(['1', '2', '3', '4', '5'].map((seed) => [idOf(seed), seed]));

  it('gives findings in every order, page by page, each once', async () => {
    for (const by of findingSorts)
      for (const descending of [false, true]) {
        const whole = await store.reader.sortedFindings({}, { by, descending }, page(100));
        assert.equal(whole.items.length, 5);
        const ids: string[] = [];
        for (let cursor: string | null = null; ;) {
          const part = await store.reader.sortedFindings({}, { by, descending }, page(2, cursor));
          ids.push(...part.items.map(({ id }) => id));
          cursor = part.nextCursor;
          if (cursor === null) break;
        }
        assert.deepEqual(
          ids,
          whole.items.map(({ id }) => id),
          `${by} ${descending}`,
        );
      }
  });

  it('puts the worst first, and of those what hurts soonest', async () => {
    const { items } = await store.reader.sortedFindings(
      { states: ['open'] },
      { by: 'severity', descending: true },
      page(9),
    );
    assert.deepEqual(
      items.map(({ id }) => labelOf.get(id)),
      ['3', '1', '2'],
    );
  });

  it('refuses a cursor of another order', async () => {
    const { nextCursor } = await store.reader.sortedFindings({}, { by: 'host', descending: true }, page(1));
    await assert.rejects(
      store.reader.sortedFindings({}, { by: 'host', descending: false }, page(1, nextCursor)),
      { name: 'BadCursorError' },
    );
  });

  for (const [name, filter, expected] of [
    ['owner', { owners: ['team-a'] }, ['1']],
    ['no owner', { owners: [''], states: ['open'] }, ['2', '3']],
    ['cause', { cause: 'c1' }, ['1', '2']],
    ['tag', { tags: ['edge', 'other'] }, ['3']],
    ['rules', { rules: ['weak-key', 'x'] }, ['3']],
    ['due before', { dueBefore: minutes(40) }, ['3']],
    ['due after', { dueAfter: minutes(40) }, ['1', '2']],
    ['ids', { ids: [idOf('4'), idOf('9')] }, ['4']],
    ['words', { q: 'SHOP.example' }, ['1', '2']],
    ['a rule as words', { q: 'weak-key' }, ['3']],
    ['host suffix', { hostSuffix: 'example.net' }, ['3', '4']],
    ['the limits of a credential', { withinDomains: ['shop.example.com'] }, ['1', '2']],
    ['limits by tag', { withinDomains: [], withinTags: ['edge'] }, ['3']],
    ['limits that let nothing through', { withinDomains: [] }, []],
  ] as const)
    it(`filters and counts findings by ${name}`, async () => {
      const order = { by: 'openedAt', descending: false } as const;
      const { items } = await store.reader.sortedFindings(filter, order, page(9));
      assert.deepEqual(items.map(({ id }) => labelOf.get(id)).sort(), expected);
      assert.deepEqual(await store.reader.countFindings(filter), { total: expected.length, partial: false });
      const listed = await store.reader.listFindings(filter, page(9));
      if (!('ids' in filter))
        assert.deepEqual(listed.items.map(({ id }) => labelOf.get(id)).sort(), expected);
    });

  it('groups findings by cause and by host, worst first', async () => {
    const causes = await store.reader.findingGroups({ states: ['open'] }, 'cause', page(9));
    assert.deepEqual([causes.total, causes.partial], [2, false]);
    assert.deepEqual(
      causes.items.map(({ key, count, severity, dueAt, hosts, owners, finding: worst }) => [
        key,
        count,
        severity,
        dueAt,
        hosts,
        owners,
        labelOf.get(worst.id),
      ]),
      [
        ['c2', 1, 'critical', minutes(10), ['c.example.net'], [], '3'],
        ['c1', 2, 'critical', minutes(40), ['a.shop.example.com', 'b.shop.example.com'], ['team-a'], '1'],
      ],
    );
    const first = await store.reader.findingGroups({}, 'host', page(1));
    const second = await store.reader.findingGroups({}, 'host', page(9, first.nextCursor));
    assert.deepEqual(
      [...first.items, ...second.items].map(({ key, count }) => [key, count]),
      [
        ['c.example.net', 2],
        ['a.shop.example.com', 1],
        ['b.shop.example.com', 1],
        ['', 1],
      ],
    );
  });

  it('counts facets, each as if it were not filtered itself', async () => {
    const facets = await store.reader.findingFacets({ states: ['open'], severities: ['critical'] });
    assert.deepEqual(facets.severity, { critical: 2, error: 1 });
    assert.deepEqual(facets.state, { open: 2 });
    assert.deepEqual(facets.owner, { '': 1, 'team-a': 1 });
    assert.deepEqual(facets.rule, { expired: 1, 'weak-key': 1 });
    assert.deepEqual(
      Object.values(facets.subjectKind).reduce((sum, n) => sum + n, 0),
      2,
    );
  });

  it('knows how each channel is doing', async () => {
    const states = await store.reader.channelStates();
    assert.deepEqual(
      states.map(({ name, pending, retrying, failed, lastSentAt }) => [
        name,
        pending,
        retrying,
        failed,
        lastSentAt,
      ]),
      [
        ['chat', 1, 0, 0, null],
        ['email', 1, 0, 0, null],
      ],
    );
  });

  it('knows the deliveries of a finding and its relatives', async () => {
    assert.deepEqual(
      (await store.reader.deliveriesOf(idOf('1'))).map(({ channel }) => channel),
      ['email'],
    );
    const one = await store.reader.findingById(idOf('1'));
    assert.ok(one !== null);
    assert.deepEqual(
      (await store.reader.relatedFindings(one)).map(({ id }) => labelOf.get(id)),
      ['2'],
    );
  });
});
