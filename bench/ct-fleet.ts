import { readFileSync } from 'node:fs';
import type { BulkLogOptions } from '../test/support/ct-log-bulk.js';
import type { Peer } from './report.js';

/** Logs of a load. */
export const logs = 60;
/** Of all logs together, entries per second. */
export const busyRate = 5000;
/** As {@link busyRate}, where an outage is caught up with. */
export const outageRate = 2000;
/** Shorter for a first look: `CT_LOAD_SECONDS=60 CT_OUTAGE_SECONDS=600`. */
export const steadySeconds = Number(process.env['CT_LOAD_SECONDS'] ?? 300);
/** See {@link steadySeconds}. */
export const outageSeconds = Number(process.env['CT_OUTAGE_SECONDS'] ?? 3600);

/** Logs, half of each protocol, that hold `entries` together and grow by `rate` a second. */
export function fleetOf(rate: number, entries: number): BulkLogOptions[] {
  return Array.from({ length: logs }, (_, index) => ({
    protocol: index % 2 === 0 ? 'static-ct' : 'rfc6962',
    entries: Math.round(entries / logs),
    growth: rate / logs,
    maxPage: 256,
    description: `Load ${index}`,
  }));
}

/** The value a figure is held against. */
export function bar(value: number): Peer {
  return { name: 'bar', value };
}

interface ListedLog {
  readonly log_id: string;
  readonly url?: string;
  readonly monitoring_url?: string;
}

/** Tree sizes of all logs of a list right now, by log id. */
export async function headsOf(list: string): Promise<Map<string, number>> {
  const { operators } = JSON.parse(readFileSync(list, 'utf8')) as {
    operators: { logs: ListedLog[]; tiled_logs: ListedLog[] }[];
  };
  const all = operators.flatMap((operator) => [...operator.logs, ...operator.tiled_logs]);
  return new Map(await Promise.all(all.map(async (log) => [log.log_id, await sizeOf(log)] as const)));
}

async function sizeOf({ url, monitoring_url: monitoringUrl }: ListedLog): Promise<number> {
  const answer = await fetch(
    monitoringUrl === undefined ? `${url}ct/v1/get-sth` : `${monitoringUrl}checkpoint`,
  );
  const text = await answer.text();
  return Number(/"tree_size":(\d+)/.exec(text)?.[1] ?? text.split('\n')[1]);
}
