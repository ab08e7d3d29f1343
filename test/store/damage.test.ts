import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openStore, type OpenStore } from '../../src/store/index.js';
import { embeddedConfig, log, observation, temporaryFolder } from './sample.js';

/** Files of this name below a folder. */
function filesNamed(folder: string, name: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(`/${name}`))
    .map((path) => join(folder, path));
}

async function withStore<T>(dataDir: string, work: (store: OpenStore) => Promise<T>): Promise<T> {
  const store = await openStore(embeddedConfig(dataDir), log);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** A closed store with one part of looks; the folder of that part. */
async function filled(dataDir: string): Promise<string> {
  await withStore(dataDir, (store) => store.writeObservations([observation('damaged.example.com')]));
  const files = filesNamed(join(dataDir, 'engine'), 'columns.txt');
  const part = files.find((file) => readFileSync(file, 'utf8').includes('`scan_id`'));
  assert.ok(part !== undefined);
  return join(part, '..');
}

describe('damage', () => {
  it('is none in a store that is well', async () => {
    const dataDir = temporaryFolder();
    await filled(dataDir);
    assert.deepEqual(await withStore(dataDir, (store) => store.damage()), []);
  });

  it('is told of a part that the engine sets aside at its start', async () => {
    const dataDir = temporaryFolder();
    rmSync(join(await filled(dataDir), 'data.cmrk4'), { force: true });
    const lines = await withStore(dataDir, (store) => store.damage());
    assert.equal(lines.length, 1);
    assert.match(
      String(lines[0]),
      /part broken-on-start_202611_\S+ of observations was set aside: broken-on-start/,
    );
  });

  for (const [what, fromEnd, expected] of [
    ['a checksum that fails', 1, /^CHECKSUM_DOESNT_MATCH 1 times since the database started, last: /],
    ['a length that is wrong', 20, /^a query could not read: .*while reading from part/],
  ] as const) {
    it(`is told of ${what} while rows are read`, async () => {
      const dataDir = temporaryFolder();
      const file = join(await filled(dataDir), 'data.bin');
      const content = readFileSync(file);
      content[content.length - fromEnd] = (content.at(-fromEnd) ?? 0) ^ 1;
      writeFileSync(file, content);
      const lines = await withStore(dataDir, async (store) => {
        await assert.rejects(store.reader.listObservations({}, { limit: 10, cursor: null }));
        return store.damage();
      });
      assert.match(String(lines[0]), expected);
    });
  }

  it('is told of a batch of the spool that was set aside', async () => {
    const dataDir = temporaryFolder();
    await filled(dataDir);
    const name = '000000000001-000000000001.batch';
    writeFileSync(join(dataDir, 'spool', name), 'no batch');
    const lines = await withStore(dataDir, async (store) => {
      while ((await store.health()).spooledBytes > 0) await new Promise(setImmediate);
      return store.damage();
    });
    assert.deepEqual(lines, [`batch ${name}.damaged of the spool was set aside`]);
  });
});
