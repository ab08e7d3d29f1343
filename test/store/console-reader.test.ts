import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { issuanceSorts } from '../../src/store/console-reader.js';
import type { OpenStore } from '../../src/store/index.js';
import { endpointKey } from '../../src/model/target.js';
import { dayMinutes, old, openWorld, page, twin, young, youngPre } from './console-world.js';
import { hash, minutes, noon, observation } from './sample.js';

describe('what the console reads', () => {
  let store: OpenStore;
  before(async () => {
    store = await openWorld();
  });
  after(() => store.close());

  it('lists one row an issuance, with where it is served, logged, wrong and owned', async () => {
    const { items } = await store.reader.listIssuances(
      { isCa: false },
      { by: 'notAfter', descending: false },
      page(9),
      noon,
    );
    const row = (seed: string) => items.find(({ subject }) => subject === `CN=${seed}`);
    assert.deepEqual(items.map(({ sha256 }) => sha256).includes(youngPre.sha256), false);
    const facts = (seed: string) => {
      const { servedCount, logged, worstFinding, owner } = row(seed) ?? assert.fail(seed);
      return [servedCount, logged, worstFinding?.severity ?? null, owner];
    };
    assert.deepEqual(facts('old'), [1, false, 'error', 'team-a']);
    assert.deepEqual(facts('young'), [1, true, null, null]);
    assert.deepEqual(facts('lone.example.org'), [0, true, null, null]);
  });

  it('gives issuances in every order, page by page, each once', async () => {
    for (const by of issuanceSorts)
      for (const descending of [false, true]) {
        const whole = await store.reader.listIssuances({}, { by, descending }, page(100), noon);
        const hashes: string[] = [];
        for (let cursor: string | null = null; ;) {
          const part = await store.reader.listIssuances({}, { by, descending }, page(1, cursor), noon);
          hashes.push(...part.items.map(({ sha256 }) => sha256));
          cursor = part.nextCursor;
          if (cursor === null) break;
        }
        assert.deepEqual(
          hashes,
          whole.items.map(({ sha256 }) => sha256),
          `${by} ${descending}`,
        );
        assert.equal(new Set(hashes).size, hashes.length);
      }
  });

  for (const [name, filter, expected] of [
    ['part of a name', { q: 'SHOP.exam' }, ['old', 'young']],
    ['the beginning of a hash', { q: young.sha256.slice(0, 10) }, ['young']],
    ['a serial number', { q: old.serialNumber.match(/../g)?.join(':') ?? '' }, ['old']],
    ['a key', { q: hash('spki shared') }, ['old', 'twin.example.net']],
    ['owner', { owner: 'team-a' }, ['old']],
    ['served', { served: true }, ['old', 'twin.example.net', 'young']],
    ['never served', { everServed: false, hostSuffix: 'example.org' }, ['lone.example.org']],
    ['a domain', { hostSuffix: 'shop.example.com' }, ['old', 'young']],
    ['expired', { expired: true }, []],
    ['limits of a credential', { withinDomains: ['example.net'] }, ['twin.example.net']],
    ['key size', { keyBits: 257 }, []],
  ] as const)
    it(`filters issuances by ${name}`, async () => {
      const { items } = await store.reader.listIssuances(
        { isCa: false, ...filter },
        { by: 'issuer', descending: false },
        page(9),
        noon,
      );
      assert.deepEqual(items.map(({ commonNames }) => commonNames[0]).sort(), expected);
      const { total } = await store.reader.countIssuances({ isCa: false, ...filter }, noon);
      assert.ok((total ?? -1) >= expected.length);
    });

  it('knows what came before and after a certificate, and who shares its key', async () => {
    const ofOld = await store.reader.relatives(old.sha256);
    assert.equal(ofOld.predecessor, null);
    assert.equal(ofOld.successor?.sha256, young.sha256);
    assert.deepEqual(
      ofOld.sameKey.map(({ subject }) => subject),
      ['CN=twin.example.net'],
    );
    const ofYoung = await store.reader.relatives(young.sha256);
    assert.equal(ofYoung.predecessor?.sha256, old.sha256);
    assert.equal(ofYoung.successor, null);
    assert.deepEqual(await store.reader.relatives(hash('nothing')), {
      predecessor: null,
      successor: null,
      sameKey: [],
    });
  });

  it('knows an issuance, and who served what when', async () => {
    const both = await store.reader.issuance(young.tbsSha256 ?? '');
    assert.deepEqual(
      both.map(({ sha256, servedCount }) => [sha256, servedCount]),
      [
        [young.sha256, 1],
        [youngPre.sha256, 0],
      ],
    );
    const spans = await store.reader.servedSpans([old.sha256, young.sha256]);
    assert.deepEqual(spans.map(({ endpointKey: key }) => key.split('|')[0]).sort(), [
      'a.shop.example.com',
      'b.shop.example.com',
    ]);
    const key = endpointKey(observation('b.shop.example.com').target);
    assert.deepEqual(
      (await store.reader.endpointSpans(key)).map(({ sha256 }) => sha256),
      [old.sha256],
    );
    assert.deepEqual(
      (await store.reader.endpointsByKey([key, 'x||1||'])).map(({ lastOutcome }) => lastOutcome),
      ['ok'],
    );
  });

  it('has the figures of the overview', async () => {
    const figures = await store.reader.overviewFigures(minutes(10));
    assert.deepEqual(figures, {
      certificatesServed: 3,
      certificatesValid: 6,
      endpoints: 4,
      endpointsAnswering: 3,
      endpointsObservedToday: 4,
      names: figures.names,
      servedInInventory: 1,
    });
    assert.ok(figures.names >= 4);
    assert.deepEqual(await store.reader.endpointOutcomes(), { ok: 3, timeout: 1 });
    assert.deepEqual(await store.reader.servedByIssuer(), [{ key: 'CN=Test CA', served: 3 }]);
    assert.deepEqual(await store.reader.servedByOwner(), [
      { key: '', served: 2 },
      { key: 'team-a', served: 1 },
    ]);
    assert.deepEqual(await store.reader.servedByEnvironment(), [
      { key: '', served: 2 },
      { key: 'prod', served: 1 },
    ]);
  });

  it('tells by day what is overdue, not installed and on course', async () => {
    const days = await store.reader.expiryDays(noon, 90);
    const sum = (of: 'overdue' | 'notInstalled' | 'onCourse') => days.reduce((n, day) => n + day[of], 0);
    assert.deepEqual([sum('overdue'), sum('notInstalled'), sum('onCourse')], [0, 1, 2]);
    assert.equal(days[0]?.notInstalled, 1);
    assert.equal(days[0]?.day.toISOString(), '2026-12-03T00:00:00.000Z');
    const later = await store.reader.expiryDays(minutes(60 * dayMinutes), 90);
    assert.equal(
      later.reduce((n, { overdue }) => n + overdue, 0),
      2,
    );
  });

  it('knows everything ever issued for a domain', async () => {
    const figures = await store.reader.domainFigures('shop.example.com', noon);
    const { byMonth, byIssuer, ...counts } = figures;
    assert.deepEqual(counts, { names: 2, certificates: 2, unexpired: 2, everServed: 2, servedNow: 2 });
    assert.equal(
      byMonth.reduce((n, { served, neverServed }) => n + served + neverServed, 0),
      2,
    );
    assert.deepEqual(byIssuer, [{ issuer: 'CN=Test CA', certificates: 2 }]);
    assert.equal((await store.reader.domainFigures('example.org', noon)).everServed, 0);
  });

  it('lists matched log entries, latest first, without those kept only because all are', async () => {
    const { items } = await store.reader.listCtMatches({}, page(9));
    assert.deepEqual(
      items.map(({ leafIndex, names: shown, log: name }) => [leafIndex, shown[0], name]),
      [
        [2, 'lone.example.org', 'Log A'],
        [1, 'shop.example.com', 'Log A'],
      ],
    );
    const first = await store.reader.listCtMatches({}, page(1));
    const second = await store.reader.listCtMatches({}, page(1, first.nextCursor));
    assert.deepEqual(
      [...first.items, ...second.items].map(({ leafIndex }) => leafIndex),
      [2, 1],
    );
    assert.equal(second.nextCursor, null);
    for (const [filter, count] of [
      [{ watch: 'look-alike' }, 1],
      [{ item: 'example.com' }, 1],
      [{ q: 'lone' }, 1],
      [{ logId: 'other' }, 0],
      [{ from: minutes(1) }, 1],
      [{ to: minutes(1) }, 1],
    ] as const) {
      assert.equal((await store.reader.listCtMatches(filter, page(9))).items.length, count);
      assert.deepEqual(await store.reader.countCtMatches(filter), { total: count, partial: false });
    }
  });

  it('pages through the audit trail, entries of one instant too', async () => {
    const subjects: string[] = [];
    for (let cursor: string | null = null; ;) {
      const part = await store.reader.listAudit({ action: 'scan.start' }, page(1, cursor));
      subjects.push(...part.items.map(({ subject }) => subject));
      cursor = part.nextCursor;
      if (cursor === null) break;
    }
    assert.deepEqual([...subjects].sort(), ['s0', 's1', 's2', 's3']);
    assert.deepEqual([subjects[0], subjects[3]], ['s3', 's0']);
    assert.equal((await store.reader.listAudit({ actor: 'otto' }, page(9))).items.length, 2);
  });

  for (const [q, within, expected] of [
    [
      'shop',
      null,
      ['name shop.example.com', 'name www.shop.example.com', 'endpoint', 'endpoint', 'finding', 'finding'],
    ],
    [old.sha256.slice(0, 12), null, ['certificate shop.example.com']],
    [
      (young.spkiSha256 ?? '').toUpperCase(),
      null,
      ['certificate shop.example.com', 'certificate shop.example.com'],
    ],
    ['192.0.2', null, ['endpoint', 'endpoint', 'endpoint', 'endpoint']],
    ['example.net', ['c.example.net'], ['endpoint', 'finding']],
    ['example', [], []],
    ['%_%', null, []],
  ] as const)
    it(`finds what belongs to ${q.slice(0, 14)}${within === null ? '' : ' within limits'}`, async () => {
      const hits = await store.reader.search(q, within);
      const shown = hits.map(({ kind, title }) =>
        kind === 'name' || kind === 'certificate' ? `${kind} ${title}` : kind,
      );
      if (q === 'example.net') assert.deepEqual([...new Set(shown)], expected);
      else assert.deepEqual(shown, expected);
    });

  it('samples what is served with SCTs, and whether a log had it', async () => {
    const sample = await store.reader.recallSample(new Date(0));
    assert.deepEqual(
      sample.map(({ sha256, logged }) => [sha256, logged]).sort(),
      [
        [old.sha256, false],
        [young.sha256, true],
        [twin.sha256, false],
      ].sort(),
    );
  });
});
