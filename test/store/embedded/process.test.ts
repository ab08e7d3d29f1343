import assert from 'node:assert/strict';
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Database } from '../../../src/store/database.js';
import { folderOwner } from '../../../src/store/embedded/owner.js';
import { dialectOf } from '../../../src/store/dialect.js';
import { openStore } from '../../../src/store/index.js';
import { migrate } from '../../../src/store/migrate.js';
import { migrations } from '../../../src/store/migrations/index.js';
import { processIdentity } from '../../../src/store/process-identity.js';
import { BlockBuilder } from '../../../src/store/rows/block.js';
import { observationCodec } from '../../../src/store/rows/observation.js';
import { openEngine } from '../engine.js';
import { enginePid, killAgainAndAgain } from '../kills.js';
import { embeddedConfig, log, observation, temporaryFolder } from '../sample.js';

function isAlive(pid: number): boolean {
  return processIdentity(pid) !== '';
}

async function gone(pid: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (isAlive(pid)) {
    assert.ok(Date.now() < deadline, `process ${pid} still lives`);
    await delay(10);
  }
}

describe('the engine process', () => {
  it('refuses a second owner of its folder within two seconds, names the first, and leaves it at work', async () => {
    const folder = temporaryFolder();
    const store = await openStore(embeddedConfig(folder), log);
    try {
      const start = performance.now();
      await assert.rejects(
        openStore(embeddedConfig(folder), log),
        new RegExp(`in use by another Certglass .*process ${process.pid}\\b`),
      );
      const tookMs = performance.now() - start;
      assert.ok(tookMs < 2_000, `took ${tookMs} ms`);
      await store.writeObservations([observation('still.example.com')]);
      assert.equal(
        (await store.reader.listObservations({ host: 'still.example.com' }, { limit: 9, cursor: null })).items
          .length,
        1,
      );
    } finally {
      await store.close();
    }
  });

  it('whose service died while it was being opened belongs to nobody, whoever its parent is then', async () => {
    const dataDir = join(temporaryFolder(), 'engine');
    const child = fork(new URL('../../../src/store/embedded/child.js', import.meta.url));
    const { pid: dead } = spawnSync(process.execPath, ['--version']);
    const limits = { readers: 1, memoryMiB: 700, queryMemoryMiB: 300, querySeconds: 20, readerCpuMs: 800 };
    const passwords = { writerPassword: 'writer', readerPassword: '' };
    const folders = { dataDir, backupDir: join(dataDir, 'backups'), uploadDir: join(dataDir, 'uploads') };
    const bytes = { maxStatementBytes: 1e6, maxUploadBytes: 1e6 };
    const options = {
      ...limits,
      ...passwords,
      ...folders,
      ...bytes,
      database: 'certglass',
      port: 0,
      servicePid: dead,
    };
    child.send({ type: 'open', options });
    await once(child, 'message');
    const owner = folderOwner(dataDir);
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.deepEqual(owner, { enginePid: child.pid, servicePid: null });
  });

  it('that ends before it says a word is a sentence, not a wait without end', async () => {
    const before = process.env['NODE_OPTIONS'];
    process.env['NODE_OPTIONS'] = '--require=/nothing/is/here.cjs';
    try {
      const opening = openStore(embeddedConfig(temporaryFolder()), log);
      await assert.rejects(opening, /cannot be opened: the engine process ended at once \(1\)/);
    } finally {
      if (before === undefined) delete process.env['NODE_OPTIONS'];
      else process.env['NODE_OPTIONS'] = before;
    }
  });

  it('is opened again when it is killed, and what was being written is stored once', async () => {
    const folder = temporaryFolder();
    const engine = await openEngine(folder);
    const first = engine.pid;
    assert.ok(first);
    process.kill(first, 'SIGKILL');
    await gone(first);
    // The exit is heard of a moment after the process is gone.
    while (engine.pid === first) await delay(5);
    const { url } = await engine.address();
    assert.equal(await (await fetch(`${url}/ping`)).text(), 'Ok.\n');
    assert.notEqual(engine.pid, first);
    await engine.close();
    assert.equal(engine.pid, null);
  });

  it('that keeps what is past its retention is opened again when it may delete it, and only then', async () => {
    const engine = await openEngine(temporaryFolder(), {}, undefined, true);
    try {
      const first = engine.pid;
      engine.deleteExpired(false);
      assert.equal(engine.pid, first);
      engine.deleteExpired(true);
      while (engine.pid === first) await delay(5);
      await engine.address();
      const second = engine.pid;
      engine.deleteExpired(true);
      assert.equal(engine.pid, second);
    } finally {
      await engine.close();
    }
  });

  it('is ended and opened again when it hangs', async () => {
    const engine = await openEngine(temporaryFolder(), {}, 300);
    const first = engine.pid;
    assert.ok(first);
    process.kill(first, 'SIGSTOP');
    while (engine.pid === first) await delay(5);
    const { url } = await engine.address();
    assert.equal(await (await fetch(`${url}/ping`)).text(), 'Ok.\n');
    await engine.close();
  });

  it('that cannot be opened again has what is written put into the spool, and takes it once it can', async () => {
    const folder = temporaryFolder();
    const store = await openStore(embeddedConfig(folder, { spool: { afterMs: 0 } }), log);
    const data = join(folder, 'engine');
    const version = join(data, 'certglass-engine-version');
    const was = readFileSync(version);
    writeFileSync(version, '99.1.1.1\n');
    process.kill(enginePid(folder), 'SIGKILL');
    try {
      await store.writeObservations([observation('spooled.example.com')]);
      assert.ok((await store.health()).spooledBytes > 0);
      const told = async (): Promise<boolean> => /newer chdb/.test((await store.health()).detail);
      while (!(await told())) await delay(20);
      writeFileSync(version, was);
      while ((await store.health()).spooledBytes > 0) await delay(20);
      const page = await store.reader.listObservations({}, { limit: 9, cursor: null });
      assert.equal(page.items.length, 1);
    } finally {
      await store.close();
    }
  });

  it('loses and doubles nothing when it, or the service, is killed at random moments under ingest', async () => {
    let state = 6;
    // Numerical Recipes' generator: the moments are the same in every run, as far as the machine lets them.
    const random = (): number => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
    const { acknowledged, lost, doubled } = await killAgainAndAgain(temporaryFolder(), 8, random);
    assert.ok(acknowledged >= 8 * 12, `only ${acknowledged} rows were acknowledged`);
    assert.deepEqual({ lost, doubled }, { lost: 0, doubled: 0 });
  });

  it('is given a batch again whose token it noted before it died, but whose rows it had not put in place', async () => {
    const folder = temporaryFolder();
    const engine = await openEngine(folder);
    const config = embeddedConfig(folder);
    const database = new Database(config, engine);
    try {
      await migrate(database, dialectOf(config), migrations, log);
      const block = new BlockBuilder(observationCodec);
      block.add([observation('token.example.com')]);
      const batch = {
        table: 'observations',
        columns: observationCodec.columns.map((column) => column.name),
        rows: 1,
        pieces: block.finish(),
        token: 'a token',
      };
      const rows = async (): Promise<number> =>
        Number((await database.rows<{ rows: string }>('SELECT count() AS rows FROM observations'))[0]?.rows);
      await database.insert(batch);
      await database.insert(batch);
      assert.equal(await rows(), 1, 'the same process takes it once');
      const [part] = await database.rows<{ path: string }>(
        `SELECT path FROM system.parts WHERE table = 'observations' AND active`,
      );
      const pid = Number(engine.pid);
      process.kill(pid, 'SIGKILL');
      await gone(pid);
      // What the disk looks like when the engine dies between noting the token and putting the rows in place.
      rmSync(String(part?.path), { recursive: true });
      while (engine.pid === pid) await delay(5);
      await database.insert(batch);
      await database.insert(batch);
      assert.equal(await rows(), 1, 'the next process takes it once');
    } finally {
      await database.close();
    }
  });

  it('dies with its parent, and the next service takes the folder at once', async () => {
    const folder = temporaryFolder();
    const parent = fork(new URL('../service-to-kill.js', import.meta.url), [folder, 'example.com'], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await once(parent, 'message');
    const pid = enginePid(folder);
    assert.ok(isAlive(pid));
    parent.kill('SIGKILL');
    const store = await openStore(embeddedConfig(folder), log);
    try {
      assert.ok(!isAlive(pid), 'the old engine has let go');
    } finally {
      await store.close();
    }
  });

  it('refuses a folder that a newer engine wrote, and says so', async () => {
    const folder = temporaryFolder();
    await (await openEngine(folder)).close();
    writeFileSync(join(folder, 'engine', 'certglass-engine-version'), '99.1.1.1\n');
    await assert.rejects(openEngine(folder), /written by engine 99\.1\.1\.1.*newer chdb/);
  });

  it('says what to do when the folder cannot be used', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'engine'), 'a file');
    await assert.rejects(openEngine(folder), /cannot be opened: a file stands where a folder/);
  });
});
