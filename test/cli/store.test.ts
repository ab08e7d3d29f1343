import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openStore } from '../../src/store/index.js';
import { embeddedConfig, log, observation, temporaryFolder } from '../store/sample.js';

const main = new URL('../../src/main.js', import.meta.url).pathname;

describe('certglass store', () => {
  const folder = temporaryFolder();

  function run(...words: readonly string[]): { status: number | null; stdout: string; stderr: string } {
    return spawnSync(process.execPath, [main, 'store', ...words], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 60_000,
    });
  }

  function configFor(name: string): string {
    const file = join(folder, `${name}.yaml`);
    writeFileSync(
      file,
      `store:\n  dataDir: ${join(folder, name)}\n  embedded:\n    backupDir: ${join(folder, 'backups')}\n`,
    );
    return file;
  }

  it('plans a cluster without a database at hand', () => {
    const { status, stdout } = run('plan', '--mode', 'cluster', '--cluster', 'main');
    assert.equal(status, 0);
    assert.match(stdout, /^CREATE DATABASE IF NOT EXISTS certglass ON CLUSTER main/);
    assert.match(stdout, /ReplicatedReplacingMergeTree/);
    assert.match(stdout, /CREATE ROLE IF NOT EXISTS certglass_reader/);
  });

  it('exports, imports, backs up, restores and erases', async () => {
    const first = configFor('first');
    const store = await openStore(embeddedConfig(join(folder, 'first')), log);
    await store.writeObservations([observation('cli.example.com')]);
    const busy = run('export', 'out', '--config', first);
    assert.equal(busy.status, 2);
    assert.match(busy.stderr, /^certglass: the data folder .* is in use by another Certglass/);
    await store.close();
    for (const [words, answer] of [
      [['export', 'out', '--config', first], /^\d+ rows in \d+ files/],
      [['import', 'out', '--config', configFor('second')], /same on both sides/],
      [['backup', 'one', '--config', first], /backups\/one\n$/],
      [['backup', 'two', '--base', 'one', '--config', first], /backups\/two\n$/],
      [['restore', 'two', '--config', configFor('third')], /^two is back in .*third\n$/],
      [
        ['erase', '.example.com', '--config', first],
        /^example\.com and everything under it: \d+ rows erased\n$/,
      ],
      [['erase', 'Nobody.Example.', '--config', first], /^nobody\.example: nothing was known\n$/],
    ] as const) {
      const { status, stdout, stderr } = run(...words);
      assert.equal(status, 0, stderr);
      assert.match(stdout, answer);
    }
    for (const [name, endpoints] of [
      ['first', 0],
      ['second', 1],
      ['third', 1],
    ] as const) {
      const reopened = await openStore(embeddedConfig(join(folder, name)), log);
      const page = await reopened.reader.listEndpoints({}, { limit: 9, cursor: null });
      await reopened.close();
      assert.equal(page.items.length, endpoints, name);
    }
  });

  it('says in one sentence what it cannot do', () => {
    const { status, stderr } = run('import', 'nothing-there', '--config', configFor('fourth'));
    assert.equal(status, 2);
    assert.match(stderr, /^certglass: .*nothing-there holds no export: there is no manifest\.json\n$/);
  });
});
