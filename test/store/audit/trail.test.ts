import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { ChainEnd } from '../../../src/store/audit/chain.js';
import { AuditTrail } from '../../../src/store/audit/trail.js';
import { trimAudit } from '../../../src/store/audit/trim.js';
import { storeConfig } from '../../../src/store/config.js';
import { Database } from '../../../src/store/database.js';
import { dialectOf } from '../../../src/store/dialect.js';
import { migrate } from '../../../src/store/migrate.js';
import { migrations } from '../../../src/store/migrations/index.js';
import { createStreamRows } from '../../../src/store/queries/stream-rows.js';
import type { AuditEntry } from '../../../src/model/audit-entry.js';
import { Writer } from '../../../src/store/writer.js';
import { openEngine } from '../engine.js';
import { log, minutes, temporaryFolder } from '../sample.js';

const config = storeConfig.parse({ batch: { ageMs: 0 } });
const dialect = dialectOf(config);

/** What somebody did in this minute. */
function act(minute: number, change: Partial<AuditEntry> = {}): AuditEntry {
  return {
    at: minutes(minute),
    actor: 'ada',
    action: 'scan.start',
    subject: `s${minute}`,
    details: { n: minute },
    ...change,
  };
}

describe('the audit trail', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'end.json');
  let database: Database;
  let writer: Writer;
  before(async () => {
    database = new Database(config, await openEngine(folder));
    await migrate(database, dialect, migrations, log);
    writer = new Writer(config.batch, (batch) => database.insert(batch));
  });
  after(() => database.close());
  beforeEach(async () => {
    await database.command('TRUNCATE TABLE audit');
    rmSync(file, { force: true });
  });

  const open = (path = file): Promise<AuditTrail> =>
    AuditTrail.open({ database, writer, streamRows: createStreamRows(database), file: path });
  const remove = (condition: string): Promise<void> =>
    database.command(`ALTER TABLE audit DELETE WHERE ${condition} SETTINGS mutations_sync = 2`);
  const faults = async (expected: readonly ChainEnd[] = []): Promise<readonly string[]> =>
    (await (await open()).check(expected, false)).faults;
  const trim = async (days: number, now: Date): Promise<number> => {
    const trail = await open();
    return trimAudit(database, dialect, days, now, (entries) => trail.append(entries));
  };

  it('orders what is written at the same time, and links each entry to the one before, over restarts too', async () => {
    const trail = await open();
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => trail.append([act(1, { subject: `s${index}` })])),
    );
    await trail.append([act(1), act(1)]);
    const again = await open();
    await again.append([act(2)]);
    const { chains, faults: found, earlier } = await again.check([], false);
    assert.deepEqual([found, earlier], [[], 0]);
    assert.deepEqual(
      chains.map(({ first, number, entries }) => [first, number, entries]),
      [[1, 44, 44]],
    );
    const rows = await database.rows<{ subject: string }>('SELECT subject FROM audit FINAL ORDER BY number');
    assert.deepEqual(
      rows.slice(1, 41).map(({ subject }) => subject),
      Array.from({ length: 40 }, (_, index) => `s${index}`),
    );
  });

  it('keeps what text can be: half characters, quotes, keys that are numbers, fractions', async () => {
    const details = { 10: 'a', 2: 'b', text: '"\ud800\u0000\u2028', number: 1.5e21, list: [null, -0] };
    await (await open()).append([act(1, { subject: 'x\udfff"', details })]);
    assert.deepEqual(await faults(), []);
  });

  it('names an entry that was removed, and several', async () => {
    await (await open()).append([1, 2, 3, 4, 5, 6].map((minute) => act(minute)));
    await remove('number = 3');
    assert.deepEqual(await faults(), [
      'entry 3 is missing, written between 2026-11-23T12:01:00.123Z and 2026-11-23T12:03:00.123Z',
    ]);
    await remove('number = 4');
    assert.match(String(await faults()), /^entries 3 to 4 are missing/);
  });

  it('names an entry that was changed, and one that was changed with its hash', async () => {
    await (await open()).append([1, 2, 3].map((minute) => act(minute)));
    await database.command(`INSERT INTO audit SELECT * REPLACE ('bob' AS actor) FROM audit WHERE number = 3`);
    await remove(`number = 3 AND actor = 'ada'`);
    assert.deepEqual(await faults(), ['entry 3 (2026-11-23T12:02:00.123Z, bob, scan.start s2) was changed']);
  });

  it('sees one entry too many', async () => {
    await (await open()).append([act(1), act(2)]);
    await database.command(`INSERT INTO audit SELECT * REPLACE ('bob' AS actor) FROM audit WHERE number = 3`);
    assert.match(String(await faults()), /entry 3 .* was changed/);
  });

  it('sees what was taken off the end, and everything gone', async () => {
    const trail = await open();
    for (const minute of [1, 2, 3]) await trail.append([act(minute)]);
    await remove('number >= 3');
    assert.match(String(await faults()), /^entry 3 is missing/);
    await database.command('TRUNCATE TABLE audit');
    assert.match(String(await faults()), /^entries 1 to 3 are missing/);
  });

  it('writes the last entries again when the process died before they were stored', async () => {
    const trail = await open();
    await trail.append([act(1)]);
    await trail.append([act(2), act(3)]);
    await remove('number >= 3');
    assert.deepEqual(await faults(), []);
    await (await open()).append([act(4)]);
    assert.deepEqual(await faults(), []);
  });

  it('goes on from the database when the file is gone or unreadable', async () => {
    await (await open()).append([act(1)]);
    rmSync(file);
    await (await open()).append([act(2)]);
    writeFileSync(file, 'no JSON');
    const trail = await open();
    await trail.append([act(3)]);
    const { chains, faults: found } = await trail.check([], false);
    assert.deepEqual([found, chains.length, chains[0]?.number], [[], 1, 4]);
  });

  it('gives a number again when the database refused its entry', async () => {
    const trail = await open();
    await trail.append([act(1)]);
    const write = writer.write.bind(writer);
    writer.write = () => Promise.reject(new Error('refused'));
    await assert.rejects(trail.append([act(2)]), /refused/);
    writer.write = write;
    assert.equal(readFileSync(file, 'utf8'), '[]');
    await trail.append([act(3)]);
    assert.deepEqual((await trail.check([], false)).faults, []);
  });

  it('notes what was written before there were chains, and sees when that is changed', async () => {
    const old = `INSERT INTO audit (at, actor, action, subject, details) SELECT now64(3) - number, 'ada', 'x', toString(number), '{}' FROM numbers(3)`;
    await database.command(old);
    const trail = await open();
    await trail.append([act(1)]);
    assert.deepEqual(
      [(await trail.check([], false)).earlier, (await trail.check([], false)).faults],
      [3, []],
    );
    await remove(`number = 0 AND subject = '1'`);
    assert.deepEqual(await faults(), [
      'of the 3 entries from before the trail was chained some were changed, removed or added',
    ]);
  });

  it('deletes entries after their retention, and verifies without them', async () => {
    await database.command(
      `INSERT INTO audit (at, actor, action, subject, details) VALUES ('2020-01-01', 'a', 'b', 'c', '{}')`,
    );
    await (await open()).append([1, 2, 3, 4].map((minute) => act(minute)));
    const day = 24 * 60;
    assert.equal(await trim(1, minutes(day)), 1);
    assert.equal(await trim(1, minutes(day + 3)), 3);
    assert.equal(await trim(1, minutes(day + 3)), 0);
    assert.equal(await trim(0, minutes(90 * day)), 0);
    const { chains, faults: found, earlier } = await (await open()).check([], false);
    assert.deepEqual(
      [found, earlier, chains.map(({ first, entries }) => [first, entries])],
      [[], 0, [[4, 4]]],
    );
    await remove('number = 4');
    assert.match(
      String(await faults()),
      /^entries 1 to 4 are missing.*no entry says that their retention ended/,
    );
  });

  it('holds what an earlier check or export saw', async () => {
    const trail = await open();
    await trail.append([act(1), act(2)]);
    const [seen] = (await trail.check([], false)).chains;
    assert.ok(seen);
    await trail.append([act(3)]);
    assert.deepEqual(await faults([seen]), []);
    await trim(1, minutes(25 * 60));
    assert.deepEqual(await faults([seen]), [], 'deleted after its retention');
    assert.match(
      String(await faults([{ ...seen, number: 99 }])),
      /entry 99 of chain .* is missing or was replaced/,
    );
  });

  it('takes a trail that was imported beside its own, and misses it when it goes', async () => {
    await (await open(join(folder, 'elsewhere.json'))).append([act(1), act(2)]);
    await database.command(`INSERT INTO audit SELECT * REPLACE ('another' AS chain) FROM audit WHERE 0`);
    const own = '11111111-1111-4111-8111-111111111111';
    const rest = { actor: '', action: '', subject: '', details: '{}', previous: '', hash: '' };
    writeFileSync(file, JSON.stringify([{ chain: own, number: 0, at: minutes(0), ...rest }]));
    const trail = await open();
    await trail.append([act(3)]);
    const { chains, faults: found } = await trail.check([], false);
    assert.deepEqual([found, chains.length], [[], 2]);
    const other = chains.find(({ chain }) => chain !== own);
    await remove(`chain = '${other?.chain}' AND number = 3`);
    assert.match(String(await faults()), /does not reach entry 3/);
  });
});
