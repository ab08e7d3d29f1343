import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { reviewKinds, type ReviewKind, type ReviewRecord, type Reviews } from '../../../src/model/review.js';
import { differences } from '../../../src/reports/reviews/differences.js';
import { createReviews } from '../../../src/service/reviews.js';
import type { OpenStore } from '../../../src/store/index.js';
import { certificate, minutes, observation } from '../../store/sample.js';
import { from, inputOf, openWorld, to } from '../world.js';

describe('reviews over a known past', () => {
  let store: OpenStore;
  let reviews: Reviews;
  let now = to;
  const policy: Record<string, unknown> = { expiringDays: 30, ownedDomains: ['example.com'] };
  before(async () => {
    store = await openWorld();
    reviews = createReviews({
      store,
      now: () => now,
      input: (start, end) => ({
        ...inputOf(store),
        from: start > from ? start : from,
        to: end,
        policy,
        rules: { expired: 'critical' },
        configuration: { ct: { enabled: true } },
      }),
    });
  });
  after(() => store.close());

  async function start(kind: ReviewKind): Promise<ReviewRecord> {
    const review = await reviews.start(kind, 'ada');
    assert.ok(typeof review === 'object', String(review));
    return review;
  }

  it('gather what there is to go through', async () => {
    const titles: Record<string, readonly string[]> = {
      inventory: ['Owner shop team', 'No owner', 'inventory: Certificates valid in the period'],
      policy: ['policy.expiringDays', 'Rules'],
      annual: ['policy.ownedDomains', 'Scope: ct', 'People', 'Exercise', 'Audit trail'],
      ciphers: ['version TLSv1.3', 'suite TLS_AES_128_GCM_SHA256', 'group X25519', 'Trends', 'Plan'],
    };
    for (const kind of reviewKinds) {
      const { items, differences: changed, previous } = await start(kind);
      const present = items.map(({ title }) => title);
      for (const title of titles[kind] ?? [])
        assert.ok(present.includes(title), `${kind}: ${title}: ${present}`);
      assert.equal(new Set(items.map(({ id }) => id)).size, items.length);
      assert.deepEqual([changed, previous], [[], null]);
    }
    const policyReview = (await reviews.list()).find(({ kind }) => kind === 'policy');
    assert.match(
      String(policyReview?.items.find(({ title }) => title.startsWith('Exception'))?.detail),
      /approved by ada, until .*: =2\+2/,
    );
  });

  it('keep who confirmed what when, and close only when nothing is left', async () => {
    const { id, items } = (await reviews.list()).find(({ kind }) => kind === 'ciphers')!;
    assert.match(String(await reviews.start('ciphers', 'ada')), new RegExp(`${id} is open`));
    assert.match(String(await reviews.confirm(id, ['none'], '', 'rita')), /has no item none/);
    const [first] = items;
    await reviews.confirm(id, [String(first?.id)], 'only the shop', 'rita');
    assert.match(String(await reviews.close(id, '', 'otto')), /items are not confirmed yet, for example/);
    now = minutes(20_000);
    await reviews.confirm(id, null, '', 'otto');
    const closed = await reviews.close(id, 'fine', 'otto');
    assert.ok(closed !== null && typeof closed === 'object');
    assert.match(closed.sha256, /^[0-9a-f]{64}$/);
    const confirmed = closed.review.items.map(({ confirmedBy, note }) => [confirmedBy, note]);
    assert.deepEqual(confirmed[0], ['rita', 'only the shop']);
    assert.ok(confirmed.slice(1).every(([by]) => by === 'otto'));
    assert.match(String(await reviews.confirm(id, null, '', 'x')), /was closed on .* by otto/);
    assert.match(String(await reviews.close(id, '', 'x')), /was closed on/);
    assert.equal(await reviews.close('none', '', 'x'), null);
    const due = (await reviews.due()).find(({ kind }) => kind === 'ciphers');
    assert.equal(due?.dueAt?.getTime(), now.getTime() + 366 * 86_400_000);
  });

  it('say what changed since the last one', async () => {
    const close = async (kind: ReviewKind): Promise<void> => {
      const open = (await reviews.list()).find((one) => one.kind === kind && one.closedAt === null);
      await reviews.confirm(String(open?.id), null, '', 'ada');
      assert.equal(typeof (await reviews.close(String(open?.id), '', 'ada')), 'object');
    };
    await close('policy');
    policy['expiringDays'] = 20;
    now = minutes(20_001);
    assert.deepEqual((await start('policy')).differences.slice(-1), ['policy.expiringDays: 30, now 20']);
    const old = certificate('old tls');
    await store.writeObservations([
      observation('old.example.com', {
        observedAt: minutes(20_002),
        certificate: old,
        chain: [old],
        tls: {
          version: 'TLSv1',
          cipher: 'TLS_RSA_WITH_RC4_128_SHA',
          group: null,
          alpn: null,
          clientCertificateRequested: false,
          ocspResponse: null,
        },
      }),
    ]);
    now = minutes(20_003);
    const { differences: changed, previous } = await start('ciphers');
    assert.ok(previous !== null);
    assert.ok(changed.includes('version TLSv1: new, 1'), changed.join('; '));
    assert.ok(changed.includes('suite TLS_RSA_WITH_RC4_128_SHA: new, 1'));
  });
});

it('compares snapshots line by line, a thousand at most', () => {
  assert.deepEqual(differences({ a: '1', b: '2', c: '3' }, { b: '2', c: '4', d: '5' }), [
    'a: gone, was 1',
    'c: 3, now 4',
    'd: new, 5',
  ]);
  const many = Object.fromEntries(Array.from({ length: 1_500 }, (_, index) => [`k${index}`, '1']));
  assert.equal(differences({}, many).length, 1_000);
  assert.equal(differences({}, many).at(-1), 'and 501 more');
});
