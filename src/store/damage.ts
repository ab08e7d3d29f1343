import type { Database } from './database.js';
import type { DurableSender } from './durable-sender.js';
import { damagedStateFiles } from '../lib/state-file.js';
import { readLosses } from './losses.js';

/** Where below the data folder state files are kept, which are set aside when they are damaged. */
const stateFolders = ['', 'access/tokens', 'access/users', 'access/sessions', 'access/used'];
/** Lines that are told; where there are more, the disk needs a look anyway. */
const maxLines = 20;

/**
 * What is damaged or was set aside, a line each: parts that the engine found broken, unless other parts hold the same rows; what failed
 * while it read or merged since its start; batches of the spool; what was missing at a start; state files.
 */
export async function damage(
  database: Database,
  sender: DurableSender,
  dataDir: string,
): Promise<readonly string[]> {
  const parts = await database.rows<{ line: string }>(
    `SELECT concat('part ', name, ' of ', table, ' was set aside: ', assumeNotNull(reason)) AS line
     FROM system.detached_parts AS broken
     LEFT JOIN (SELECT table, partition_id, groupArray((min_block_number, max_block_number)) AS blocks FROM system.parts
       WHERE active AND database = currentDatabase() GROUP BY table, partition_id) AS there
       ON there.table = broken.table AND there.partition_id = assumeNotNull(broken.partition_id)
     WHERE broken.database = currentDatabase() AND startsWith(assumeNotNull(broken.reason), 'broken')
       AND arraySum(arrayMap(part -> greatest(0, least(part.2, assumeNotNull(broken.max_block_number))
         - greatest(part.1, assumeNotNull(broken.min_block_number)) + 1), blocks))
         < assumeNotNull(broken.max_block_number) - assumeNotNull(broken.min_block_number) + 1
     ORDER BY line LIMIT ${maxLines}`,
  );
  const errors = await database.rows<{ line: string }>(
    `SELECT concat(name, ' ', toString(value), ' times since the database started, last: ', last_error_message) AS line
     FROM system.errors WHERE name IN ('CHECKSUM_DOESNT_MATCH', 'CORRUPTED_DATA', 'CANNOT_DECOMPRESS') AND value > 0
     ORDER BY name`,
  );
  const unreadable = database.unreadable === null ? [] : [`a query could not read: ${database.unreadable}`];
  const batches = (await sender.setAside()).map((name) => `batch ${name} of the spool was set aside`);
  const files = damagedStateFiles(dataDir, stateFolders).map(
    (name) => `file ${name} was set aside and made anew`,
  );
  return [
    ...readLosses(dataDir),
    ...parts.map(({ line }) => line),
    ...errors.map(({ line }) => line),
    ...unreadable,
    ...batches,
    ...files,
  ].slice(0, maxLines);
}
