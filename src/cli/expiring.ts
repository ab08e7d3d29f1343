import { once } from 'node:events';
import { hostPort } from '../model/target.js';
import { findService, type RemoteOptions } from './find-service.js';
import { lookOf, severityColour } from './look.js';
import { renderRows, sortRows, type OutputFormat, type ViewColumn } from './output.js';
import { listRemote } from './remote.js';
import { count, dayText, namesText, whenText } from './render-text.js';

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

/** An endpoint as the service lists it. */
interface EndpointRow {
  readonly key: string;
  readonly target: { readonly host: string; readonly address: string | null; readonly port: number };
  readonly lastOutcome: string;
  readonly lastObservedAt: string;
  readonly tls: { readonly version: string | null } | null;
  readonly leaf: {
    readonly subject: string;
    readonly issuer: string;
    readonly notBefore: string | null;
    readonly notAfter: string | null;
    readonly names: readonly string[];
  } | null;
  readonly worstFinding: { readonly rule: string; readonly severity: string } | null;
}

const dayMs = 86_400_000;

function columnsAt(now: Date): readonly ViewColumn<EndpointRow>[] {
  const worst = ({ worstFinding }: EndpointRow) =>
    worstFinding === null ? null : severityColour(worstFinding.severity);
  return [
    {
      key: 'expires',
      title: 'EXPIRES',
      text: (row) => (row.leaf === null ? 'no certificate' : dayText(notAfterOf(row))),
      value: (row) => notAfterOf(row)?.toISOString() ?? null,
      minWidth: 10,
    },
    {
      key: 'when',
      title: 'WHEN',
      text: (row) => whenText(notAfterOf(row), now),
      minWidth: 11,
      colour: worst,
    },
    {
      key: 'daysLeft',
      title: 'DAYS',
      text: (row) => String(daysLeft(notAfterOf(row), now) ?? ''),
      value: (row) => daysLeft(notAfterOf(row), now),
      minWidth: 4,
    },
    {
      key: 'endpoint',
      title: 'ENDPOINT',
      text: ({ target }) => hostPort(target.host, target.port),
      minWidth: 18,
    },
    { key: 'address', title: 'ADDRESS', text: ({ target }) => target.address ?? '', optional: true },
    { key: 'names', title: 'NAMES', text: ({ leaf }) => namesText(leaf?.names ?? []), optional: true },
    { key: 'issuer', title: 'ISSUER', text: ({ leaf }) => leaf?.issuer ?? '', optional: true, minWidth: 12 },
    { key: 'tls', title: 'TLS', text: ({ tls }) => tls?.version ?? '', optional: true, minWidth: 7 },
    {
      key: 'worst',
      title: 'WORST FINDING',
      text: ({ worstFinding }) =>
        worstFinding === null ? '' : `${worstFinding.severity} ${worstFinding.rule}`,
      optional: true,
      minWidth: 14,
      colour: worst,
    },
    { key: 'outcome', title: 'OUTCOME', text: ({ lastOutcome }) => lastOutcome, optional: true },
    {
      key: 'observed',
      title: 'OBSERVED',
      text: ({ lastObservedAt }) => whenText(new Date(lastObservedAt), now),
      value: ({ lastObservedAt }) => lastObservedAt,
      optional: true,
    },
  ];
}

const usual = ['expires', 'when', 'endpoint', 'names', 'worst', 'issuer'];

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
  const columns = columnsAt(now);
  const sorted = sortRows(rows, columns, options.sort ?? 'expires').slice(0, options.limit);
  const format = options.json === true ? 'ndjson' : options.format;
  const view = { format, columns: options.columns ?? null, sort: null };
  const text = renderRows(sorted, columns, usual, view, lookOf(process.stdout, process.env));
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  if (format === 'table') process.stdout.write(closing(sorted.length, rows.length, silent, options.within));
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

function daysLeft(notAfter: Date | null, now: Date): number | null {
  return notAfter === null ? null : Math.floor((notAfter.getTime() - now.getTime()) / dayMs);
}

function notAfterOf({ leaf }: EndpointRow): Date | null {
  return leaf === null || leaf.notAfter === null ? null : new Date(leaf.notAfter);
}

function isWithin(row: EndpointRow, days: number | null, now: Date): boolean {
  if (days === null) return true;
  const left = daysLeft(notAfterOf(row), now);
  return left !== null && left <= days;
}
