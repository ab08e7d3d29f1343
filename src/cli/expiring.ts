import { once } from 'node:events';
import { findService, type RemoteOptions } from './find-service.js';
import { lookOf } from './look.js';
import { renderRows, sortRows, type OutputFormat } from './output.js';
import { listRemote } from './remote.js';
import { count } from './render-text.js';
import { daysLeft, endpointColumns, type EndpointRow } from './views/endpoints.js';

/** Options of `certglass expiring`. */
export interface ExpiringOptions extends RemoteOptions {
  readonly within?: number;
  readonly all?: boolean;
  readonly limit: number;
  readonly sort?: string;
  readonly columns?: readonly string[];
  readonly format: OutputFormat;
  readonly json?: boolean;
}

const usual = ['expires', 'when', 'endpoint', 'worst', 'names', 'issuer'];

/** `certglass expiring`: what the endpoints serve, soonest end first. */
export async function printExpiring(options: ExpiringOptions): Promise<number> {
  const remote = findService(options, process.env);
  const now = new Date();
  const rows: EndpointRow[] = [];
  let silent = 0;
  let isCut = false;
  const onCut = (): void => {
    isCut = true;
  };
  for await (const item of listRemote(remote, 'endpoints', {}, mostEndpoints, onCut)) {
    const row = item as unknown as EndpointRow;
    if (row.leaf === null && options.all !== true) silent += 1;
    else if (isWithin(row, options.within ?? null, now)) rows.push(row);
  }
  const columns = endpointColumns(now);
  const sorted = sortRows(rows, columns, options.sort ?? 'expires').slice(0, options.limit);
  const format = options.json === true ? 'ndjson' : options.format;
  const view = { format, columns: options.columns ?? null, sort: null };
  const text = renderRows(sorted, columns, usual, view, lookOf(process.stdout, process.env));
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  if (format === 'table')
    process.stdout.write(
      rows.length + silent === 0 && options.within === undefined
        ? 'Nothing was scanned yet; "certglass scans list" shows how far the first scan is.\n'
        : closing(sorted.length, rows.length, silent, options.within),
    );
  if (isCut) process.stderr.write(`certglass: only the first ${mostEndpoints} endpoints were read\n`);
  return 0;
}

const mostEndpoints = 200_000;

function closing(shown: number, all: number, silent: number, within: number | undefined): string {
  const what = shown === 0 ? 'No endpoint serves a certificate' : count(shown, 'endpoint');
  const when = within === undefined ? '' : ` that ends within ${count(within, 'day')}`;
  const more = shown < all ? `, ${(all - shown).toLocaleString('en')} more not shown (--limit)` : '';
  const hidden = silent === 0 ? '' : `; ${count(silent, 'endpoint')} never served one (--all)`;
  return `\n${what}${when}${more}${hidden}.\n`;
}

function isWithin(row: EndpointRow, days: number | null, now: Date): boolean {
  if (days === null) return true;
  const left = daysLeft(row, now);
  return left !== null && left <= days;
}
