import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Judged } from '../../src/model/judged.js';
import { openStore, type OpenStore } from '../../src/store/index.js';
import {
  certificate,
  ctEntry,
  embeddedConfig,
  log,
  minutes,
  noon,
  observation,
  position,
  temporaryFolder,
} from './sample.js';
import { fill, hosts } from './filled.js';

describe('what judging reads of the store', () => {
  let store: OpenStore;
  before(async () => {
    store = await openStore(embeddedConfig(temporaryFolder()), log);
    await store.writeCtPosition(position());
  });
  after(() => store.close());

  it('reads what is logged and not expired page by page, and issuances with all their places', async () => {
    const old = certificate('old.logged.example', { notAfter: minutes(-1) });
    const twice = certificate('twice.logged.example');
    await store.writeCtEntries([
      ctEntry('x', 100, { certificate: old }),
      ctEntry('x', 101, { certificate: twice }),
      ctEntry('x', 55, { certificate: twice, logId: 'bG9nLWI=' }),
      ctEntry('x', 55, { certificate: twice, logId: 'bG9nLWI=', verified: false }),
    ]);
    const { chain } = ctEntry('x', 101, { certificate: twice });
    const all = await store.judging.loggedPage('', noon, 1_000);
    assert.deepEqual(
      all.filter(({ sha256 }) => [old.sha256, twice.sha256].includes(sha256)),
      [{ sha256: twice.sha256, chain }],
    );
    const paged: (typeof all)[number][] = [];
    for (let after = ''; ; after = paged.at(-1)?.sha256 ?? '') {
      const page = await store.judging.loggedPage(after, noon, 1);
      paged.push(...page);
      if (page.length === 0) break;
    }
    assert.deepEqual(paged, all);
    assert.deepEqual(await store.judging.issuances([String(twice.tbsSha256), 'unknown']), [
      {
        key: twice.tbsSha256,
        certificates: [{ sha256: twice.sha256, notAfter: twice.notAfter }],
        places: [
          { sha256: twice.sha256, logId: 'bG9nLWE=', leafIndex: 101, chain },
          { sha256: twice.sha256, logId: 'bG9nLWI=', leafIndex: 55, chain },
        ],
        servedBy: [],
        wasHeld: false,
      },
    ]);
    const logs = await store.reader.listCtLogs();
    assert.equal(logs.find((row) => row.logId === 'bG9nLWE=')?.behind, 10);
  });

  it('remembers judgements, and says whose time has come', async () => {
    const one = { kind: 'endpoint', key: 'a', dueAt: minutes(5), issuances: ['x', 'y'] } as const;
    const other = { kind: 'issuance', key: 'x', dueAt: minutes(3), issuances: [] } as const;
    const never = { kind: 'endpoint', key: 'b', dueAt: null, issuances: [] } as const;
    await store.writeJudged([one, other, never]);
    const { judging } = store;
    assert.deepEqual(
      await judging.judged('endpoint', ['a', 'b', 'c']),
      new Map<string, Judged>([
        ['a', one],
        ['b', never],
      ]),
    );
    assert.deepEqual(await judging.dueJudged(minutes(2), 10), []);
    assert.deepEqual(await judging.dueJudged(minutes(5), 10), [other, one]);
    assert.deepEqual(await judging.dueJudged(minutes(5), 1), [other]);
    await store.writeJudged([{ ...other, dueAt: null }]);
    assert.deepEqual(await judging.dueJudged(minutes(5), 10), [one]);
  });

  it('reads endpoints page by page, and knows who served an issuance last', async () => {
    await fill(store);
    const keys: string[] = [];
    let after: Parameters<OpenStore['judging']['endpointPage']>[0] = null;
    do {
      const page: Awaited<ReturnType<OpenStore['judging']['endpointPage']>> =
        await store.judging.endpointPage(after, 2);
      keys.push(...page.states.map(({ key }) => key));
      after = page.next;
    } while (after !== null);
    assert.equal(keys.length, hosts.length + 1);
    assert.equal(new Set(keys).size, keys.length);
    const leaf = certificate('a.example.com');
    const other = observation('other.example.com', {
      certificate: leaf,
      chain: [leaf],
      observedAt: minutes(300),
    });
    await store.writeObservations([other]);
    const [issuance] = await store.judging.issuances([String(leaf.tbsSha256)]);
    assert.deepEqual(
      issuance?.servedBy.map((key) => key.split('|')[0]),
      ['other.example.com', 'a.example.com'],
    );
  });
});
