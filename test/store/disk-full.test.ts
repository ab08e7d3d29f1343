import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openStore, type OpenStore } from '../../src/store/index.js';
import { embeddedConfig, finding, log, minutes, observation, temporaryFolder } from './sample.js';

const folder = temporaryFolder();
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=160m', 'tmpfs', folder]).status === 0;
const ballast = join(folder, 'ballast');

/** Fills the disk until only so many bytes are free. */
function fill(freeBytes: number): void {
  const file = openSync(ballast, 'w');
  const mebibyte = Buffer.alloc(1_048_576, 1);
  try {
    for (;;) {
      const { bavail, bsize } = statfsSync(folder);
      const left = bavail * bsize - freeBytes;
      if (left <= 0) return;
      writeSync(file, mebibyte, 0, Math.min(mebibyte.length, left));
    }
  } finally {
    closeSync(file);
  }
}

describe('a store whose disk is full', { skip: mounted ? false : 'no right to mount a small disk' }, () => {
  let store: OpenStore;
  const looks = async (): Promise<number> =>
    (await store.reader.listObservations({ host: 'full.example.com' }, { limit: 1_000, cursor: null })).items
      .length;
  const look = (index: number): Promise<void> =>
    store.writeObservations([observation('full.example.com', { observedAt: minutes(index) })]);
  async function untilBlocked(isBlocked: boolean): Promise<string> {
    for (const deadline = Date.now() + 20_000; ; await delay(50)) {
      const { blocked, detail } = await store.health();
      if (blocked === isBlocked) return detail;
      assert.ok(Date.now() < deadline, `blocked: ${blocked}, ${detail}`);
    }
  }
  before(() => assert.ok(mounted));
  after(() => {
    if (mounted) spawnSync('umount', [folder]);
  });

  it('takes nothing in, answers what it has, and goes on by itself once there is room', async () => {
    store = await openStore(embeddedConfig(folder, { minFreeMiB: 0, spool: { afterMs: 100 } }), log);
    try {
      for (let index = 0; index < 5; index += 1) await look(index);
      fill(0);
      let isDone = false;
      const waiting = look(5).then(() => (isDone = true));
      assert.match(await untilBlocked(true), /the spool cannot be written: .*ENOSPC/);
      assert.equal(await looks(), 5);
      assert.equal(isDone, false);
      rmSync(ballast);
      await waiting;
      while ((await store.health()).spooledBytes > 0) await delay(20);
      assert.equal(await looks(), 6);
      assert.equal((await store.health()).ok, true);
    } finally {
      await store.close();
    }
  });

  it('keeps every acknowledged row readable when the disk fills up in the middle of inserts and merges', async () => {
    store = await openStore(embeddedConfig(folder, { minFreeMiB: 0, spool: { afterMs: 100 } }), log);
    try {
      let next = 100;
      let isOver = false;
      const writers = [0, 1].map(async () => {
        while (!isOver) await look(next++);
      });
      await delay(200);
      fill(100_000);
      await looks();
      isOver = true;
      rmSync(ballast);
      await Promise.all(writers);
      while ((await store.health()).spooledBytes > 0) await delay(20);
      assert.equal(await looks(), 6 + next - 100);
    } finally {
      await store.close();
    }
  });

  it('stops before it is full, and keeps room for what must be told', async () => {
    store = await openStore(embeddedConfig(folder, { minFreeMiB: 48 }), log);
    try {
      fill(40 * 1_048_576);
      await delay(1_100);
      const waiting = look(6);
      assert.match(await untilBlocked(true), /has less than 48 MiB free/);
      const before = await looks();
      await store.writeFindings([finding('told.example.com')]);
      assert.equal((await store.reader.findingById(finding('told.example.com').id))?.state, 'open');
      assert.equal(await looks(), before);
      rmSync(ballast);
      await waiting;
      assert.equal(await looks(), before + 1);
      await untilBlocked(false);
    } finally {
      await store.close();
    }
  });
});
