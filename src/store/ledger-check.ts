import type { Logger } from 'pino';
import { backupFolder } from './backup.js';
import type { StoreConfig } from './config.js';
import type { Database } from './database.js';
import { engineFolder } from './embedded/owner.js';
import { restoreWords } from './embedded/why-not-open.js';
import { groupBy } from '../lib/group-by.js';
import { takeStock, type Ledger } from './ledger.js';
import { addLosses, lossesBetween } from './losses.js';

/** Compares what an embedded database holds with the last note of it, and keeps what is missing or was `repaired` for {@link readLosses}. */
export async function checkLedger(
  database: Database,
  config: StoreConfig,
  before: Ledger | null,
  repaired: readonly string[],
  log: Logger,
): Promise<void> {
  const lost =
    before === null
      ? []
      : lossesBetween(
          before,
          await takeStock(database, config.dataDir),
          await brokenParts(database),
          new Date(),
        );
  if (lost.length + repaired.length === 0) return;
  for (const line of lost) log.error({ lost: line }, 'stored data is missing');
  for (const line of repaired) log.warn({ repaired: line }, 'the data folder was repaired');
  const folders = { dataDir: engineFolder(config.dataDir), backupDir: backupFolder(config) };
  const advice =
    lost.length === 0
      ? []
      : [
          `what helps, with the service stopped: ${restoreWords(folders)}; if the rows are not needed: certglass store accept`,
        ];
  await addLosses(config.dataDir, [...repaired, ...lost, ...advice]);
}

/** Parts that the engine found broken, by table. */
async function brokenParts(
  database: Database,
): Promise<ReadonlyMap<string, Ledger['tables'][number]['parts']>> {
  const rows = await database.rows<{ table: string; partition: string; min: string; max: string }>(
    `SELECT table, assumeNotNull(partition_id) AS partition, assumeNotNull(min_block_number) AS min,
       assumeNotNull(max_block_number) AS max
     FROM system.detached_parts
     WHERE database = currentDatabase() AND startsWith(assumeNotNull(reason), 'broken') AND max_block_number IS NOT NULL`,
  );
  const parts = rows.map(({ table, partition, min, max }) => ({
    table,
    part: { partition, minBlock: Number(min), maxBlock: Number(max), rows: 0, expiresAt: 0 },
  }));
  return new Map(
    [...groupBy(parts, ({ table }) => table)].map(([table, some]) => [table, some.map(({ part }) => part)]),
  );
}
