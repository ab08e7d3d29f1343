import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { BulkLog, type BulkLogOptions } from './ct-log-bulk.js';

/**
 * Serves bulk logs in a process of its own, so that benchmarks can tell its work from theirs: `node ct-log-bulk-main.js
 * LIST-FILE '[{...}, ...]'`. Writes the log list and then one line, `ready`. A number on its standard input adds so many entries to
 * every log, which is answered with `ready` again; ends with its standard input.
 */
const [file = '', json = '[]'] = process.argv.slice(2);
const logs = (JSON.parse(json) as BulkLogOptions[]).map((options) => ({
  options,
  log: new BulkLog(options),
}));
for (const { log } of logs) await log.listen();
const listed = (protocol: string): unknown[] =>
  logs.filter(({ options }) => options.protocol === protocol).map(({ log }) => log.logListEntry());
const operators = [{ name: 'Bulk', email: [], logs: listed('rfc6962'), tiled_logs: listed('static-ct') }];
writeFileSync(
  file,
  JSON.stringify({ version: '1', log_list_timestamp: new Date().toISOString(), operators }),
);
process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  for (const { log } of logs) log.add(Number(line));
  process.stdout.write('ready\n');
}
process.exit(0);
