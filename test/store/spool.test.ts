import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Database, InsertBatch } from '../../src/store/database.js';
import { DurableSender } from '../../src/store/durable-sender.js';
import { Spool } from '../../src/store/spool.js';
import { log, temporaryFolder } from './sample.js';

function batch(table: string, token: string, rows = 1): InsertBatch {
  return { table, columns: ['a'], rows, pieces: [Buffer.from(token)], token };
}

function openSpool(dir: string): Promise<Spool> {
  return Spool.open(dir, 1_048_576, { rows: 10, maxMiB: 1 }, log);
}

/** Token, rows and bytes of every group, in order; each is dropped when it was looked at. */
async function drain(spool: Spool): Promise<readonly string[]> {
  const groups: string[] = [];
  for (let first = await spool.first(); first !== null; first = await spool.first()) {
    groups.push(
      `${first.table} ${first.token} ${first.rows} ${Buffer.concat(first.pieces).toString('latin1')}`,
    );
    await spool.removeFirst();
  }
  return groups;
}

describe('the spool', () => {
  it('gathers batches of a table into groups of a bounded size, in the order of their first', async () => {
    const dir = temporaryFolder();
    const spool = await openSpool(dir);
    for (const [table, token, rows] of [
      ['looks', 'a', 4],
      ['certificates', 'b', 4],
      ['looks', 'c', 6],
      ['looks', 'd', 1],
      ['certificates', 'e', 40],
      ['certificates', 'f', 7],
    ] as const)
      await spool.append(batch(table, token, rows));
    assert.deepEqual(await drain(spool), [
      'looks a 10 ac',
      'certificates b 4 b',
      'looks d 1 d',
      'certificates e 40 e',
      'certificates f 7 f',
    ]);
    assert.deepEqual([spool.isEmpty, spool.bytes], [true, 0]);
    await spool.close();
    assert.deepEqual(
      readdirSync(dir).filter((name) => name.includes('batch')),
      [],
    );
  });

  it('adds nothing to a group that was handed out, and hands out the same after a crash', async () => {
    const dir = temporaryFolder();
    const first = await openSpool(dir);
    await first.append(batch('looks', 'a'));
    // This one is on its way while the group is asked for.
    const late = first.append(batch('looks', 'b'));
    await Promise.resolve();
    const handedOut = await first.first();
    await late;
    await first.append(batch('looks', 'c'));
    await first.close();
    const second = await openSpool(dir);
    await second.append(batch('looks', 'd'));
    const again = await second.first();
    assert.deepEqual([again?.token, again?.rows], [handedOut?.token, handedOut?.rows]);
    assert.deepEqual(await drain(second), ['looks a 2 ab', 'looks c 1 c', 'looks d 1 d']);
    await second.close();
  });

  it('gives batches one by one when the database refuses their group, and keeps the bad one', async () => {
    const dir = temporaryFolder();
    const spool = await openSpool(dir);
    for (const token of ['a', 'b', 'c']) await spool.append(batch('looks', token));
    assert.equal((await spool.first())?.rows, 3);
    assert.equal(await spool.refuseFirst(), false);
    assert.equal((await spool.first())?.token, 'a alone');
    assert.equal(await spool.refuseFirst(), true);
    assert.deepEqual(await drain(spool), ['looks b alone 1 b', 'looks c alone 1 c']);
    await spool.close();
    assert.deepEqual(
      readdirSync(dir).filter((name) => name.includes('batch')),
      ['000000000001-000000000001.batch.refused'],
    );
    assert.equal(spool.bytes, 0);
  });

  it('keeps a batch alone that the database was asked to take before: it may have done so', async () => {
    const spool = await openSpool(temporaryFolder());
    const stored = new Map<string, string>();
    const held = new Map<string, () => void>();
    // Takes a token once. Answers about `asked` are cut off; the second time about `first` waits until it is let go.
    const insert = async ({ token, pieces }: InsertBatch): Promise<void> => {
      if (token === 'first' && !stored.has('asked')) throw new Error('away');
      if (token === 'asked') await new Promise<void>((resolve) => held.set(token, resolve));
      const isNew = !stored.has(token);
      if (isNew) stored.set(token, Buffer.concat([...pieces]).toString('latin1'));
      if (isNew && token === 'asked') throw new Error('cut off');
    };
    const sender = new DurableSender({ insert } as unknown as Database, spool, 0, log);
    const asked = sender.send(batch('looks', 'asked'));
    await sender.send(batch('audit', 'first'));
    held.get('asked')?.();
    await Promise.all([asked, sender.send(batch('looks', 'behind'))]);
    while (!spool.isEmpty) {
      held.get('asked')?.();
      await new Promise(setImmediate);
    }
    await sender.close();
    assert.deepEqual([...stored.values()].sort(), ['asked', 'behind', 'first']);
  });

  it('sets a file aside whichever of its bytes is changed, wherever it is cut off, and goes on without one that is gone', async () => {
    const dir = temporaryFolder();
    const spool = await openSpool(dir);
    await spool.append(batch('looks', 'a'));
    const names = readdirSync(dir).filter((name) => name.endsWith('.batch'));
    const path = join(dir, String(names[0]));
    const content = readFileSync(path);
    await spool.removeFirst();
    await spool.close();
    const damaged = [
      ...[...content.keys()].map((at) => content.subarray(0, at)),
      ...[...content.keys()].map((at) => content.map((byte, index) => (index === at ? byte ^ 2 : byte))),
      Buffer.concat([content, Buffer.from('x')]),
      Buffer.from('null\nnull\n'),
    ];
    const number = (at: number): string => String(at).padStart(12, '0');
    for (const [index, bytes] of damaged.entries())
      writeFileSync(join(dir, `${number(index + 1)}-${number(index + 1)}.batch`), bytes);
    const again = await openSpool(dir);
    await again.append(batch('looks', 'b'));
    await again.append(batch('audit', 'c'));
    const [gone] = readdirSync(dir).filter((name) => name.startsWith(number(damaged.length + 1)));
    rmSync(join(dir, String(gone)));
    assert.deepEqual(await drain(again), ['audit c 1 c']);
    assert.equal((await again.setAside()).length, damaged.length);
    assert.equal(again.bytes, 0);
    await again.close();
  });

  it('tells since when the database takes nothing, also when all that waits is from before', async () => {
    const dir = temporaryFolder();
    const before = await openSpool(dir);
    await before.append(batch('looks', 'a'));
    await before.close();
    let isWell = false;
    const insert = (): Promise<void> => (isWell ? Promise.resolve() : Promise.reject(new Error('no room')));
    const sender = new DurableSender({ insert } as unknown as Database, await openSpool(dir), 0, log);
    while (sender.state.failingSince === null) await new Promise(setImmediate);
    assert.equal(sender.state.lastError, 'Error: no room');
    isWell = true;
    while (sender.state.spooledBytes > 0) await new Promise(setImmediate);
    const { failingSince, lastError } = sender.state;
    assert.deepEqual([failingSince, lastError], [null, null]);
    await sender.close();
  });

  it('gives what was refused together another name when it comes alone', async () => {
    const spool = await openSpool(temporaryFolder());
    for (const token of ['a', 'b']) await spool.append(batch('looks', token));
    const together = await spool.first();
    await spool.refuseFirst();
    assert.notEqual((await spool.first())?.token, together?.token);
    await spool.close();
  });
});
