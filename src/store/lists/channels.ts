import type { ChannelState } from '../console-reader.js';
import type { Database } from '../database.js';
import { dateOrNull } from '../rows/decode.js';

/** How each channel that anything was ever sent to is doing. */
export async function channelStates(database: Database): Promise<readonly ChannelState[]> {
  const rows = await database.rows<{
    name: string;
    sent_at: string | null;
    failed_at: string | null;
    detail: string | null;
    pending: string;
    retrying: string;
    failed: string;
  }>(
    `SELECT toString(channel) AS name, max(d.sent_at) AS sent_at,
       maxOrNullIf(fromUnixTimestamp64Milli(toInt64(d.version), 'UTC'), state = 'failed') AS failed_at,
       argMax(d.last_detail, d.version) AS detail, countIf(state = 'pending') AS pending,
       countIf(state = 'pending' AND attempts > 0) AS retrying, countIf(state = 'failed') AS failed
     FROM (SELECT * FROM deliveries FINAL) AS d GROUP BY channel ORDER BY name LIMIT 1000`,
  );
  return rows.map((row) => ({
    name: row.name,
    lastSentAt: dateOrNull(row.sent_at),
    lastFailedAt: dateOrNull(row.failed_at),
    lastDetail: row.detail,
    pending: Number(row.pending),
    retrying: Number(row.retrying),
    failed: Number(row.failed),
  }));
}
