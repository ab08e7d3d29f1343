import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { isLocked, whyNotOpen, type OpenFailure } from '../../../src/store/embedded/why-not-open.js';
import { openStore } from '../../../src/store/index.js';
import { embeddedConfig, log, temporaryFolder } from '../sample.js';

const backupDir = temporaryFolder();
for (const [name, seconds] of [
  ['monday', 1_000],
  ['tuesday', 2_000],
] as const) {
  mkdirSync(join(backupDir, name));
  writeFileSync(join(backupDir, name, '.backup'), '');
  utimesSync(join(backupDir, name, '.backup'), seconds, seconds);
}
mkdirSync(join(backupDir, 'cut-off'));

const folders = { dataDir: '/data/engine', backupDir, memoryMiB: 900 };
const failure: OpenFailure = {
  reason: 'locked',
  message: "Failed to create connection for path '/data/engine'",
  owner: { enginePid: null, servicePid: null },
  said: '',
  signal: null,
};
const restore = 'move /data/engine away and bring back the backup: certglass store restore tuesday';
const attach =
  "Cannot attach table `certglass`.`observations` from metadata file store/50f/x/observations.sql from query ATTACH TABLE certglass.observations UUID 'x' (`endpoint` String)";

describe('why an engine does not open its folder', () => {
  for (const [what, change, expected] of [
    [
      'an empty definition',
      {
        said: 'Code: 62. DB::Exception: Empty query: Cannot parse definition from metadata file store/50f/x/observations.sql. (SYNTAX_ERROR)',
      },
      `the definition of table observations is damaged (file store/50f/x/observations.sql); ${restore}`,
    ],
    [
      'a definition that was cut',
      {
        said: 'Code: 62. DB::Exception: Syntax error (in file store/50f/x/sightings.sql): failed at position 60 (()',
      },
      `the definition of table sightings is damaged (file store/50f/x/sightings.sql); ${restore}`,
    ],
    [
      'a damaged database',
      {
        said: 'Code: 62. DB::Exception: Unrecognized token: Syntax error (in file metadata/certglass.sql): failed at position 1',
      },
      `the definition of database certglass is damaged (file metadata/certglass.sql); ${restore}`,
    ],
    [
      'a damaged file of a table',
      {
        said: `Code: 722. DB::Exception: Waited job failed: Code: 695. DB::Exception: Load job 'load table certglass.observations' failed: Code: 246. DB::Exception: Bad version file: /data/format_version.txt: ${attach}`,
      },
      `the table observations is damaged (Bad version file: /data/format_version.txt); ${restore}`,
    ],
    [
      'too few files',
      { said: `DB::ErrnoException: Cannot open file x, errno: 24, strerror: Too many open files: ${attach}` },
      /may open no more than \d+ files; raise the limit to 1024 or more/,
    ],
    [
      'a full disk',
      { reason: 'other', message: 'ENOSPC: no space left on device, write' },
      'its disk is full; free some space, or give another folder as store.dataDir',
    ],
    [
      'a read-only disk',
      { said: 'errno: 30, strerror: Read-only file system' },
      /its disk is mounted read-only/,
    ],
    [
      'a capability that counts for nothing in a user namespace',
      {
        said: 'DB::ErrnoException: Failed to set the nice value 0 for thread 0: , errno: 13, strerror: Permission denied',
      },
      /start Certglass without that capability \(setpriv/,
    ],
    [
      'a forbidden folder',
      { said: 'strerror: Permission denied' },
      /may not write there; give it the folder/,
    ],
    [
      'too little memory',
      { said: 'Code: 241. DB::Exception: (total) memory limit exceeded (MEMORY_LIMIT_EXCEEDED)' },
      /the engine ran out of memory.*; give it 1300 MiB, or lower store\.embedded\.memoryMiB \(900\)/,
    ],
    [
      'the kernel, out of memory',
      { reason: 'other', message: 'the engine process ended at once (SIGKILL)', signal: 'SIGKILL' },
      /ended by SIGKILL, as the system does when memory runs out; .*give it 1300 MiB/,
    ],
    [
      'a crash',
      { reason: 'other', message: 'the engine process ended at once (SIGSEGV)', signal: 'SIGSEGV' },
      `the engine process was ended by SIGSEGV, which damaged data or too little memory cause; ${restore}`,
    ],
    [
      'a newer engine',
      {
        reason: 'newer',
        message: 'the data folder was written by engine 99.1: install the newer chdb again',
      },
      'the data folder was written by engine 99.1: install the newer chdb again',
    ],
    ['no chdb', { reason: 'no-chdb', message: "Cannot find module 'chdb'" }, /is not installed/],
  ] as const)
    it(`names ${what}`, () => {
      const said = whyNotOpen({ ...failure, ...(change as Partial<OpenFailure>) }, folders);
      if (typeof expected === 'string')
        assert.equal(said, `the data folder /data/engine cannot be opened: ${expected}`);
      else assert.match(said, expected);
    });

  it('knows a lock from all else that is told in the same way', () => {
    const said =
      'Code: 76. DB::Exception: Cannot lock file /data/engine/status. Another server instance in same directory is already running. (CANNOT_OPEN_FILE)';
    assert.equal(isLocked({ ...failure, said }), true);
    assert.equal(isLocked({ ...failure, said: attach }), false);
    assert.match(
      whyNotOpen({ ...failure, said, owner: { enginePid: 7, servicePid: 8 } }, folders),
      /in use by another Certglass \(service process 8, engine process 7\)/,
    );
  });

  it('is said for a real folder, and what is left to do without a backup', async () => {
    const dataDir = temporaryFolder();
    await (await openStore(embeddedConfig(dataDir), log)).close();
    const files = readdirSync(dataDir, { recursive: true, encoding: 'utf8' });
    truncateSync(join(dataDir, String(files.find((path) => path.endsWith('/schema_migrations.sql')))), 0);
    // With the note of the last run its definition would be written anew.
    rmSync(join(dataDir, 'store-ledger.json'));
    await assert.rejects(
      openStore(embeddedConfig(dataDir), log).then((store) => store.close()),
      /definition of table schema_migrations is damaged .*there is no backup in/,
    );
  });
});
