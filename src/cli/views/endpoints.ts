import { hostPort } from '../../model/target.js';
import { severityColour } from '../look.js';
import type { ViewColumn } from '../output.js';
import { dayText, namesText, whenText } from '../render-text.js';
import { toDate, type View } from './view.js';

/** An endpoint as the service lists it. */
export interface EndpointRow {
  readonly key: string;
  readonly target: { readonly host: string; readonly address: string | null; readonly port: number };
  readonly lastOutcome: string;
  readonly lastDetail?: string | null;
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

/** Columns of endpoints; what is relative is so to `now`. */
export function endpointColumns(now: Date): readonly ViewColumn<EndpointRow>[] {
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
      text: (row) => String(daysLeft(row, now) ?? ''),
      value: (row) => daysLeft(row, now),
      minWidth: 4,
    },
    {
      key: 'endpoint',
      title: 'ENDPOINT',
      text: ({ target }) => hostPort(target.host, target.port),
      minWidth: 28,
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
    { key: 'key', title: 'KEY', text: ({ key }) => key, optional: true },
  ];
}

/** Whole days to the end of what an endpoint serves; null when it serves nothing. */
export function daysLeft(row: EndpointRow, now: Date): number | null {
  const notAfter = notAfterOf(row);
  return notAfter === null ? null : Math.floor((notAfter.getTime() - now.getTime()) / dayMs);
}

function notAfterOf({ leaf }: EndpointRow): Date | null {
  return leaf === null ? null : toDate(leaf.notAfter);
}

/** `certglass endpoints`. */
export const endpoints: View<EndpointRow> = {
  path: 'endpoints',
  columns: endpointColumns,
  usual: ['endpoint', 'address', 'outcome', 'expires', 'when', 'tls', 'worst', 'observed'],
  sort: 'expires',
  empty: 'No endpoints.',
  hides: { what: 'never served a certificate', isHidden: ({ leaf }) => leaf === null },
};
