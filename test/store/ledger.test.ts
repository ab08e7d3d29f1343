import assert from 'node:assert/strict';
import { readdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openStore, type OpenStore } from '../../src/store/index.js';
import type { Ledger } from '../../src/store/ledger.js';
import { acceptLosses, lossesBetween } from '../../src/store/losses.js';
import { embeddedConfig, log, observation, position, temporaryFolder } from './sample.js';

type Parts = Ledger['tables'][number]['parts'];
const part = (minBlock: number, maxBlock: number, rows = 10, expiresAt = 0): Parts[number] => ({
  partition: 'all',
  minBlock,
  maxBlock,
  rows,
  expiresAt,
});
const ledger = (parts: Parts, change: Partial<Ledger> = {}): Ledger => ({
  at: null,
  database: 'd',
  tables: [
    { name: 'other', uuid: 'o', parts: [] },
    { name: 'scans', uuid: 's', parts },
  ],
  positions: [],
  definitions: {},
  ...change,
});
const now = new Date('2026-12-01T00:00:00Z');
const nowSeconds = now.getTime() / 1_000;
const tail = (index: number, cursor = 'tail'): Partial<Ledger> => ({
  positions: [{ log: 'l', cursor, description: 'Log', index }],
});

describe('losses between two notes', () => {
  for (const [what, before, after, expected] of [
    ['nothing when nothing changed', ledger([part(1, 3)]), ledger([part(1, 3)]), []],
    ['nothing when parts were merged', ledger([part(1, 3), part(4, 4)]), ledger([part(1, 4)]), []],
    ['nothing when parts end to end cover one', ledger([part(1, 4)]), ledger([part(1, 2), part(3, 6)]), []],
    [
      'a part that none covers',
      ledger([part(1, 3), part(4, 4, 7)]),
      ledger([part(1, 3)]),
      ['1 of 2 parts of the table scans are gone, with 7 rows'],
    ],
    [
      'a hole of one block',
      ledger([part(1, 4)]),
      ledger([part(1, 2), part(4, 6)]),
      ['1 of 1 parts of the table scans are gone, with 10 rows'],
    ],
    [
      'a part in another partition only',
      ledger([part(1, 1)]),
      ledger([{ ...part(1, 1), partition: '2026' }]),
      ['1 of 1 parts of the table scans are gone, with 10 rows'],
    ],
    [
      'nothing when the retention was over at that instant',
      ledger([part(1, 1, 9, nowSeconds)]),
      ledger([]),
      [],
    ],
    [
      'rows whose retention ends a second later',
      ledger([part(1, 1, 9, nowSeconds + 1)]),
      ledger([]),
      ['1 of 1 parts of the table scans are gone, with 9 rows'],
    ],
    ['nothing of an empty part', ledger([part(1, 1, 0)]), ledger([]), []],
    [
      'a table',
      ledger([part(1, 1)]),
      ledger([], { tables: [{ name: 'other', uuid: 'o', parts: [] }] }),
      ['the table scans is gone, with 10 rows'],
    ],
    [
      'nothing when an upgrade made the table anew',
      ledger([part(1, 1)]),
      ledger([], {
        tables: ledger([]).tables.map((table) => (table.uuid === 's' ? { ...table, uuid: 't' } : table)),
      }),
      [],
    ],
    [
      'another database',
      ledger([part(1, 1)]),
      ledger([], { database: 'e' }),
      ['the whole database is gone: 10 rows in 2 tables'],
    ],
    ['nothing when the other database held nothing', ledger([]), ledger([], { database: 'e' }), []],
    ['nothing when a position moved on', ledger([], tail(5)), ledger([], tail(6)), []],
    [
      'a position that is behind',
      ledger([], tail(5)),
      ledger([], tail(4)),
      ['the position in the log Log was 5 and stands at 4: what is between is read again'],
    ],
    [
      'a position that is gone',
      ledger([], tail(5)),
      ledger([]),
      ['the position in the log Log was 5 and is not known any more: what is between is read again'],
    ],
    ['nothing of the other cursors, which start anew', ledger([], tail(5, 'gap')), ledger([]), []],
  ] as const)
    it(`are ${what}`, () => assert.deepEqual(lossesBetween(before, after, new Map(), now), expected));

  it('leave out parts that were set aside as broken, and what a trimmed audit trail lost', () => {
    assert.deepEqual(
      lossesBetween(ledger([part(1, 1)]), ledger([]), new Map([['scans', [part(1, 1)]]]), now),
      [],
    );
    const audit = (parts: Parts): Ledger => ledger([], { tables: [{ name: 'audit', uuid: 'a', parts }] });
    assert.deepEqual(lossesBetween(audit([part(1, 1), part(2, 2)]), audit([part(2, 2)]), new Map(), now), []);
    assert.equal(lossesBetween(audit([part(1, 1)]), audit([]), new Map(), now).length, 1);
  });
});

describe('a store', () => {
  const dataDir = temporaryFolder();
  const config = embeddedConfig(dataDir);
  const engine = join(dataDir, 'engine');
  const fileOf = (name: string): string =>
    join(
      engine,
      String(
        readdirSync(engine, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith(`/${name}`)),
      ),
    );
  async function damageAfter(work: (store: OpenStore) => Promise<unknown> = async () => undefined) {
    const store = await openStore(config, log);
    try {
      await work(store);
      return await store.damage();
    } finally {
      await store.close();
    }
  }

  it('misses nothing after it was filled, erased from, and opened again', async () => {
    await damageAfter(async (store) => {
      await store.writeObservations([observation('kept.example.com'), observation('erased.example.net')]);
      await store.writeCtPosition(position());
    });
    assert.deepEqual(await damageAfter((store) => store.erase({ domain: 'example.net' }, 'test')), []);
    assert.deepEqual(await damageAfter(), []);
  });

  it('brings back definitions that are missing or damaged, says so until that is accepted, and loses no row', async () => {
    const looks = fileOf('observations.sql');
    const definition = readFileSync(looks);
    rmSync(fileOf('sightings.sql'));
    writeFileSync(looks, definition.subarray(0, 90));
    const lines = await damageAfter(async (store) => {
      const { items } = await store.reader.listObservations({}, { limit: 9, cursor: null });
      assert.deepEqual(
        items.map(({ target }) => target.host),
        ['kept.example.com'],
      );
    });
    assert.match(
      lines.join('\n'),
      /^the definition \S+\/sightings\.sql was missing .*\nthe definition \S+\/observations\.sql was damaged and was brought back from a copy$/,
    );
    assert.deepEqual(readFileSync(looks), definition);
    assert.deepEqual(await damageAfter(), lines);
    assert.deepEqual(acceptLosses(dataDir), lines);
    assert.deepEqual(await damageAfter(), []);
  });

  it('makes a missing view again where there is no copy, and names the table that is missing', async () => {
    const ledgerFile = join(dataDir, 'store-ledger.json');
    rmSync(ledgerFile);
    rmSync(fileOf('served_feed.sql'));
    assert.deepEqual(await damageAfter(), ['the view served_feed was missing and was made again']);
    acceptLosses(dataDir);
    rmSync(ledgerFile);
    const definition = fileOf('served.sql');
    renameSync(definition, join(dataDir, 'served.sql'));
    await assert.rejects(
      openStore(config, log),
      /lacks the table served, whose definition is missing; there is no backup/,
    );
    renameSync(join(dataDir, 'served.sql'), definition);
  });

  it('sets a damaged note aside, and misses what vanished since a whole one', async () => {
    writeFileSync(join(dataDir, 'store-ledger.json'), 'null');
    assert.deepEqual(await damageAfter(), ['file store-ledger.json.damaged was set aside and made anew']);
    rmSync(join(dataDir, 'store-ledger.json.damaged'));
    const table = realpathSync(join(engine, 'data', 'certglass', 'observations'));
    for (const name of readdirSync(table).filter((one) => one.startsWith('2026')))
      rmSync(join(table, name), { recursive: true });
    const lines = await damageAfter();
    assert.match(String(lines[0]), /^1 of 1 parts of the table observations are gone, with 1 rows$/);
    assert.match(String(lines[1]), /^what helps, .*there is no backup in .*certglass store accept$/);
    acceptLosses(dataDir);
  });

  it('that was emptied says so', async () => {
    rmSync(engine, { recursive: true });
    assert.match(String((await damageAfter())[0]), /^the whole database is gone: \d+ rows in \d+ tables$/);
  });
});
