import { detailsText } from '../../lib/details-text.js';
import { placeText, type Finding } from '../../model/finding.js';
import { severities } from '../../model/severity.js';
import { severityColour } from '../look.js';
import { dayText, namesText, whenText } from '../render-text.js';
import { toDate, type View } from './view.js';

/** A value as it arrives over HTTP: dates are ISO text. */
export type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Wire<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Wire<T[Key]> }
      : T;

/** Findings of one cause as the service lists them. */
export interface FindingGroupRow {
  readonly count: number;
  readonly severity: string;
  readonly states: readonly string[];
  readonly dueAt: string | null;
  readonly openedAt: string;
  readonly hosts: readonly string[];
  readonly hostCount: number;
  readonly owners: readonly string[];
  readonly finding: Wire<Finding>;
}

/** What is resolved is history: `--filter state=resolved` shows it. */
const usually = { state: 'open,acknowledged,silenced' };
const empty = 'No open findings.';
const rank = (severity: string): number => severities.findIndex((one) => one === severity);

/** `certglass findings`: one line for each cause, the worst first. */
export const findingGroups: View<FindingGroupRow> = {
  path: 'findings',
  query: { group: 'cause' },
  usually,
  empty,
  sort: null,
  usual: ['severity', 'finding', 'where', 'due', 'since', 'state', 'owner', 'id'],
  columns: (now) => [
    {
      key: 'severity',
      title: 'SEVERITY',
      text: ({ severity }) => severity,
      value: ({ severity }) => rank(severity),
      colour: ({ severity }) => severityColour(severity),
    },
    { key: 'finding', title: 'FINDING', text: ({ finding }) => finding.title, minWidth: 30 },
    { key: 'rule', title: 'RULE', text: ({ finding }) => finding.rule, minWidth: 12, optional: true },
    { key: 'where', title: 'WHERE', text: whereText, minWidth: 24 },
    {
      key: 'count',
      title: 'FINDINGS',
      text: ({ count }) => String(count),
      value: ({ count }) => count,
      minWidth: 8,
    },
    {
      key: 'due',
      title: 'DUE',
      text: ({ dueAt }) => (dueAt === null ? '' : dayText(toDate(dueAt))),
      value: ({ dueAt }) => dueAt,
      minWidth: 10,
      optional: true,
    },
    {
      key: 'since',
      title: 'SINCE',
      text: ({ openedAt }) => whenText(toDate(openedAt), now),
      value: ({ openedAt }) => openedAt,
      minWidth: 11,
      optional: true,
    },
    {
      key: 'state',
      title: 'STATE',
      // Most are open: only what is not is worth a word.
      text: ({ states }) => (states.every((one) => one === 'open') ? '' : states.join(', ')),
      minWidth: 12,
      optional: true,
    },
    {
      key: 'owner',
      title: 'OWNER',
      text: ({ owners }) => namesText(owners.filter((one) => one !== '')),
      optional: true,
    },
    { key: 'id', title: 'ID', text: ({ finding }) => finding.id, minWidth: 32, optional: true },
  ],
};

function whereText({ hosts, hostCount, count, finding }: FindingGroupRow): string {
  if (count === 1 || hostCount === 0) return placeText(finding);
  const [first = ''] = hosts;
  return hostCount > 1 ? `${first} +${(hostCount - 1).toLocaleString('en')}` : first;
}

/** `certglass findings --each`: one line for each finding, the latest first. */
export const findings: View<Wire<Finding>> = {
  path: 'findings',
  usually,
  empty,
  sort: null,
  usual: ['severity', 'state', 'rule', 'where', 'since', 'details', 'id'],
  columns: (now) => [
    {
      key: 'severity',
      title: 'SEVERITY',
      text: ({ severity }) => severity,
      value: ({ severity }) => rank(severity),
      colour: ({ severity }) => severityColour(severity),
    },
    { key: 'state', title: 'STATE', text: ({ state }) => state, minWidth: 12, optional: true },
    { key: 'rule', title: 'RULE', text: ({ rule }) => rule, minWidth: 12 },
    { key: 'finding', title: 'FINDING', text: ({ title }) => title, minWidth: 24 },
    { key: 'where', title: 'WHERE', text: (finding) => placeText(finding), minWidth: 16 },
    {
      key: 'due',
      title: 'DUE',
      text: ({ dueAt }) => (dueAt === null ? '' : dayText(toDate(dueAt))),
      value: ({ dueAt }) => dueAt,
      minWidth: 10,
      optional: true,
    },
    {
      key: 'since',
      title: 'SINCE',
      text: ({ openedAt }) => whenText(toDate(openedAt), now),
      value: ({ openedAt }) => openedAt,
      minWidth: 11,
    },
    {
      key: 'details',
      title: 'DETAILS',
      text: ({ details }) => detailsText(details),
      minWidth: 20,
      optional: true,
    },
    { key: 'owner', title: 'OWNER', text: ({ owner }) => owner ?? '', optional: true },
    { key: 'assignee', title: 'ASSIGNEE', text: ({ assignee }) => assignee ?? '', optional: true },
    { key: 'id', title: 'ID', text: ({ id }) => id, minWidth: 32, optional: true },
  ],
};
