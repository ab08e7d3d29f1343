import { durationText } from '../../lib/duration-text.js';
import type { CtPosition } from '../../model/ct-entry.js';
import { dayText, namesText, whenText } from '../render-text.js';
import type { Wire } from './findings.js';
import { toDate, type View } from './view.js';

/** What the two cursors of a log are to a reader. */
const readsFrom: Readonly<Record<string, string>> = { tail: 'newest', backfill: 'oldest' };

/** `certglass ct logs`: how far each log is read and how far behind. */
export const ctLogs: View<Wire<CtPosition>> = {
  path: 'ct/logs',
  sort: null,
  empty: 'No CT logs are followed.',
  usual: [
    'log',
    'from',
    'size',
    'verified',
    'behind',
    'timeBehind',
    'perSecond',
    'timeLeft',
    'host',
    'updated',
    'error',
  ],
  columns: (now) => [
    { key: 'log', title: 'LOG', text: ({ description }) => description, minWidth: 20 },
    { key: 'from', title: 'READS FROM', text: ({ cursor }) => readsFrom[cursor] ?? cursor, optional: true },
    {
      key: 'size',
      title: 'SIZE',
      text: ({ treeSize }) => String(treeSize),
      value: ({ treeSize }) => treeSize,
    },
    {
      key: 'verified',
      title: 'VERIFIED',
      text: ({ verifiedIndex }) => String(verifiedIndex),
      value: ({ verifiedIndex }) => verifiedIndex,
    },
    { key: 'behind', title: 'BEHIND', text: (row) => String(behind(row)), value: behind },
    {
      key: 'timeBehind',
      title: 'TIME BEHIND',
      text: ({ lagSeconds }) => (lagSeconds === 0 ? '' : durationText(lagSeconds)),
      value: ({ lagSeconds }) => lagSeconds,
    },
    {
      key: 'perSecond',
      title: 'PER SECOND',
      text: ({ entriesPerSecond }) => String(Math.round(entriesPerSecond)),
      value: ({ entriesPerSecond }) => entriesPerSecond,
      optional: true,
    },
    { key: 'timeLeft', title: 'TIME LEFT', text: leftText },
    { key: 'host', title: 'HOST', text: budgetText, optional: true },
    {
      key: 'updated',
      title: 'UPDATED',
      text: ({ updatedAt }) => whenText(toDate(updatedAt), now),
      value: ({ updatedAt }) => updatedAt,
      minWidth: 11,
      optional: true,
    },
    {
      key: 'error',
      title: 'LAST ERROR',
      text: ({ lastError }) => lastError ?? '',
      minWidth: 16,
      optional: true,
    },
  ],
};

function behind({ treeSize, verifiedIndex }: Wire<CtPosition>): number {
  return Math.max(0, treeSize - verifiedIndex);
}

function leftText({ lagSeconds, etaSeconds }: Wire<CtPosition>): string {
  if (lagSeconds === 0) return '';
  return etaSeconds === null ? 'unknown' : durationText(etaSeconds);
}

/** What keeps a host from being asked at full speed. */
function budgetText({ budget }: Wire<CtPosition>): string {
  if (budget === null) return '';
  const { requestsPerSecond, blockedSeconds, failuresInARow } = budget;
  return [
    ...(blockedSeconds > 0 ? [`left alone for ${durationText(blockedSeconds)}`] : []),
    ...(requestsPerSecond === null ? [] : [`${requestsPerSecond.toPrecision(2)} requests/s`]),
    ...(failuresInARow > 0 ? [`${failuresInARow} failures in a row`] : []),
  ].join(', ');
}

/** A log entry that matched something watched, as the service lists it. */
export interface CtMatchRow {
  readonly seenAt: string;
  readonly log: string | null;
  readonly logId: string;
  readonly leafIndex: number;
  readonly entryType: string;
  readonly sha256: string;
  readonly matches: readonly { readonly watch: string; readonly item: string; readonly value: string }[];
  readonly issuer: string | null;
  readonly notAfter: string | null;
  readonly names: readonly string[];
}

/** `certglass ct matches`: what was logged that matches something watched, latest first. */
export const ctMatches: View<CtMatchRow> = {
  path: 'ct/matches',
  sort: null,
  empty: 'Nothing that was logged matches what is watched.',
  usual: ['seen', 'names', 'match', 'issuer', 'expires', 'log', 'sha256'],
  columns: (now) => [
    {
      key: 'seen',
      title: 'SEEN',
      text: ({ seenAt }) => whenText(toDate(seenAt), now),
      value: ({ seenAt }) => seenAt,
      minWidth: 11,
    },
    { key: 'names', title: 'NAMES', text: ({ names }) => namesText(names), minWidth: 20 },
    {
      key: 'match',
      title: 'MATCHES',
      text: ({ matches }) =>
        matches.map(({ watch, item, value }) => `${watch} ${item || value}`.trim()).join(', '),
      minWidth: 16,
    },
    { key: 'issuer', title: 'ISSUER', text: ({ issuer }) => issuer ?? '', minWidth: 12, optional: true },
    {
      key: 'expires',
      title: 'EXPIRES',
      text: ({ notAfter }) => dayText(toDate(notAfter)),
      value: ({ notAfter }) => notAfter,
      minWidth: 10,
      optional: true,
    },
    { key: 'log', title: 'LOG', text: ({ log, logId }) => log ?? logId, minWidth: 12, optional: true },
    {
      key: 'index',
      title: 'INDEX',
      text: ({ leafIndex }) => String(leafIndex),
      value: ({ leafIndex }) => leafIndex,
      optional: true,
    },
    { key: 'type', title: 'TYPE', text: ({ entryType }) => entryType, optional: true },
    { key: 'sha256', title: 'SHA256', text: ({ sha256 }) => sha256, minWidth: 16, optional: true },
  ],
};
