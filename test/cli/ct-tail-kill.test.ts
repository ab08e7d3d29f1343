import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
