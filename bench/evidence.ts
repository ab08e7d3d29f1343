import { generateKeyPairSync } from 'node:crypto';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { exportEvidence } from '../src/reports/evidence/export.js';
import { frameworks } from '../src/reports/evidence/frameworks.js';
import { verifyEvidence } from '../src/reports/evidence/verify.js';
import { reports } from '../src/reports/index.js';
import { createStreamRows } from '../src/store/queries/stream-rows.js';
import type { Report } from './report.js';
import { engineMemory, fill, making, withDatabase } from './store-queries.js';

/** Certificates, in millions. One endpoint for every twenty of them, five observations for each. */
const certificates = Number(process.env['CERTGLASS_BENCH_MILLIONS'] ?? 1) * 1_000_000;
const unowned = { owner: null, environment: null, tags: [] };

/** How long the export of a period with a million certificates takes, and how much memory. */
export async function bench(report: Report): Promise<void> {
  const kept = process.env['CERTGLASS_BENCH_DATA'];
  const folder =
    kept === undefined ? mkdtempSync(join(tmpdir(), 'certglass-bench-')) : join(kept, String(certificates));
  const scale = `${(certificates / 1e6).toLocaleString('en')}M certificates`;
  try {
    await withDatabase({ ...making, dataDir: folder }, (database, config) =>
      fill(database, config, certificates * 5, report, scale),
    );
    await withDatabase({ dataDir: folder, query: { maxSeconds: 3_600 } }, async (database) => {
      const [framework] = frameworks();
      if (framework === undefined) throw new Error('there is no framework');
      const input = {
        from: new Date('2023-11-01T00:00:00Z'),
        to: new Date('2026-12-01T00:00:00Z'),
        scope: { domain: null, owner: null, environment: null, tag: null },
        streamRows: createStreamRows(database),
        ownership: () => unowned,
        framework,
        reports,
        configuration: {},
        policy: {},
        rules: [],
        records: [],
      };
      const facts = { version: 'bench', now: new Date(), configurationSha256: '' };
      const { privateKey } = generateKeyPairSync('ed25519');
      const file = join(folder, 'evidence.zip');
      const [start, cpu] = [performance.now(), process.cpuUsage()];
      await pipeline(exportEvidence(input, facts, privateKey), createWriteStream(file));
      const used = process.cpuUsage(cpu);
      const limit = { name: 'limit for 1M', value: 300 };
      report.result(`${scale}: export`, (performance.now() - start) / 1_000, 's', limit);
      report.result(`${scale}: processor time of the export`, (used.user + used.system) / 1e6, 's');
      const memory = { name: 'limit', value: 512 };
      report.result(`${scale}: most memory`, process.resourceUsage().maxRSS / 1_024, 'MiB', memory);
      report.result(`${scale}: memory of the engine after it`, engineMemory(folder) / 1_024, 'MiB');
      report.result(`${scale}: archive`, statSync(file).size / 1_048_576, 'MiB');
      const again = performance.now();
      const { faults } = await verifyEvidence(file, null);
      if (faults.length > 0) throw new Error(faults.join('; '));
      report.result(`${scale}: verification`, (performance.now() - again) / 1_000, 's');
    });
  } finally {
    if (kept === undefined) rmSync(folder, { recursive: true, force: true });
  }
}
