import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { it } from 'node:test';
import { seeded } from '../ct/shared.js';
import { coverageUnderKills } from '../support/ct-coverage.js';
import { generatedEntries, startCtLog, writeLogList } from '../support/ct-log.js';

const entriesPerLog = 2000;

it(
  'certglass ct tail misses no entry under SIGKILL and with faults in 5 of 100 answers',
  { timeout: 180_000 },
  async () => {
    const entries = generatedEntries(entriesPerLog);
    const logs = await Promise.all(
      (['rfc6962', 'static-ct'] as const).map((protocol) =>
        startCtLog({ protocol, entries, description: protocol, maxPage: 32 }),
      ),
    );
    const folder = await mkdtemp(join(tmpdir(), 'ct-tail-kill-'));
    try {
      for (const [index, log] of logs.entries()) {
        log.random = seeded(7 + index);
        log.faultShare = 0.05;
      }
      const list = await writeLogList(join(folder, 'list.json'), logs);
      const options = { list, folder, logs: logs.length, entriesPerLog, kills: 6 };
      const { missing, doubled } = await coverageUnderKills({
        ...options,
        longestLifeMs: 2500,
        giveUpMs: 120_000,
      });
      assert.deepEqual({ missing, doubled }, { missing: 0, doubled: 0 });
    } finally {
      await Promise.all(logs.map((log) => log.close()));
      await rm(folder, { recursive: true });
    }
  },
);

it('certglass ct tail ends at SIGTERM though nobody reads what it prints', { timeout: 60_000 }, async () => {
  const log = await startCtLog({ protocol: 'static-ct', entries: generatedEntries(entriesPerLog) });
  const folder = await mkdtemp(join(tmpdir(), 'ct-tail-full-'));
  try {
    const list = await writeLogList(join(folder, 'list.json'), [log]);
    const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));
    const args = ['ct', 'tail', '--log-list', list, '--json', '--from', '0', '--match', '.'];
    const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    // One piece says that it prints; of the rest more comes than a pipe holds.
    await once(child.stdout, 'readable');
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];
    assert.equal(code, 0);
    child.stdout.destroy();
  } finally {
    await log.close();
    await rm(folder, { recursive: true });
  }
});
