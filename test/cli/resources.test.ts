import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fitted, refuseScarcity, tooFewFiles, type Resources } from '../../src/cli/resources.js';
import { temporaryFolder } from '../store/sample.js';

const main = new URL('../../src/main.js', import.meta.url).pathname;
const unlimited: Resources = {
  openFiles: null,
  threads: null,
  addressSpaceMiB: null,
  memoryMiB: null,
  freeDiskMiB: null,
};
const config = {
  store: { mode: 'embedded', dataDir: 'data', minFreeMiB: 1_024, embedded: { memoryMiB: 900 } },
  scan: { concurrency: 256 },
};

describe('resources', () => {
  for (const [what, has, expected] of [
    ['255 open files', { openFiles: 255 }, /255 files open.*at least 256.*ulimit -n 1024/],
    ['127 threads', { threads: 127 }, /127 processes and threads.*at least 128/],
    ['3,899 MiB of address space', { addressSpaceMiB: 3_899 }, /3899 MiB of address space.*3900/],
    ['255 MiB of memory', { memoryMiB: 255 }, /limited to 255 MiB.*256 to start and 1156/],
    ['31 MiB of disk', { freeDiskMiB: 31 }, /31 MiB free.*at least 32/],
  ] as const)
    it(`refuses a start with ${what}, and says the number that is needed`, () => {
      assert.throws(() => refuseScarcity(config, { ...unlimited, ...has }), expected);
    });

  it('starts at the limits, and without any', () => {
    refuseScarcity(config, unlimited);
    refuseScarcity(config, {
      openFiles: 256,
      threads: 128,
      addressSpaceMiB: 3_900,
      memoryMiB: 256,
      freeDiskMiB: 32,
    });
  });

  it('does not ask for what only the embedded engine needs where a server is used', () => {
    const server = { ...config, store: { ...config.store, mode: 'server' } };
    refuseScarcity(server, { ...unlimited, addressSpaceMiB: 1_500, memoryMiB: 200, freeDiskMiB: 1 });
  });

  it('lowers connections and memory to fit, and says what would make that needless', () => {
    const small = fitted(config, { ...unlimited, openFiles: 300, memoryMiB: 600, freeDiskMiB: 500 });
    assert.equal(small.config.scan.concurrency, 108);
    assert.equal(small.config.store.embedded.memoryMiB, 344);
    assert.match(
      small.notes.join('\n'),
      /108 instead of 256.*448[^]*344 instead of 900.*1156[^]*500 MiB free/,
    );
    assert.deepEqual(fitted(config, { ...unlimited, openFiles: 448, memoryMiB: 1_156 }), {
      config,
      notes: [],
    });
  });

  it('is one sentence on standard error, never a stack', { skip: process.platform !== 'linux' }, () => {
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', 'ulimit -n 64; exec "$0" "$@"', process.execPath, main, 'start'],
      { cwd: temporaryFolder(), encoding: 'utf8', timeout: 60_000 },
    );
    assert.equal(stderr, `certglass: ${tooFewFiles(64)}\n`);
    assert.equal(status, 2);
  });
});
