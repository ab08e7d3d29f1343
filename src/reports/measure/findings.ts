import { placeText, type Finding, type FindingState } from '../../model/finding.js';
import { findings, type FindingOfPeriod } from '../populations.js';
import type { Column, ReportInput, Row } from '../report.js';
import { hoursBetween } from './statistics.js';

/** Columns of every list of findings. */
export const findingColumns: readonly Column[] = [
  { key: 'severity', title: 'Severity' },
  { key: 'rule', title: 'Rule' },
  { key: 'title', title: 'Title' },
  { key: 'subject', title: 'About' },
  { key: 'owner', title: 'Owner' },
  { key: 'environment', title: 'Environment' },
  { key: 'state', title: 'State at the end' },
  { key: 'resolution', title: 'Resolved because' },
  { key: 'openedAt', title: 'Opened' },
  { key: 'acknowledgedAt', title: 'Acknowledged' },
  { key: 'acknowledgedBy', title: 'By' },
  { key: 'resolvedAt', title: 'Resolved' },
  { key: 'hoursToAcknowledge', title: 'Hours to acknowledge', isNumber: true },
  { key: 'hoursToFix', title: 'Hours to fix', isNumber: true },
  { key: 'ticket', title: 'Ticket' },
  { key: 'id', title: 'Finding' },
];

/** When a finding was last opened, first answered by a person after that, and resolved. */
export interface FindingTimes {
  readonly openedAt: Date;
  readonly acknowledgedAt: Date | null;
  readonly acknowledgedBy: string | null;
  readonly resolvedAt: Date | null;
  readonly hoursToAcknowledge: number | null;
  readonly hoursToFix: number | null;
}

const answers: ReadonlySet<FindingState> = new Set(['acknowledged', 'silenced', 'accepted']);

/** Times of the last time it was open. */
export function timesOf({ revisions, last }: FindingOfPeriod): FindingTimes {
  const start = revisions.findLastIndex(({ finding }, index) => {
    const before = revisions[index - 1]?.finding.state;
    return finding.state !== 'resolved' && (before === undefined || before === 'resolved');
  });
  const spell = revisions.slice(Math.max(0, start));
  const { openedAt } = spell[0]?.finding ?? last;
  const answer = spell.find(({ finding }) => answers.has(finding.state));
  const resolvedAt = last.state === 'resolved' ? last.resolvedAt : null;
  return {
    openedAt,
    acknowledgedAt: answer?.changedAt ?? null,
    acknowledgedBy: answer?.finding.changedBy ?? null,
    resolvedAt,
    hoursToAcknowledge: answer === undefined ? null : hoursBetween(openedAt, answer.changedAt),
    hoursToFix: resolvedAt === null ? null : hoursBetween(openedAt, resolvedAt),
  };
}

/** A row for {@link findingColumns}. */
export function findingRow(finding: FindingOfPeriod): Row {
  const { last, id } = finding;
  return { id, ...about(last), ...timesOf(finding) };
}

function about(finding: Finding): Row {
  const { severity, rule, title, owner, environment, state, resolution, ticket } = finding;
  return {
    severity,
    rule,
    title,
    subject: placeText(finding),
    owner,
    environment,
    state,
    resolution,
    ticket,
  };
}

/** Rows of the findings of the period that are wanted. */
export async function* findingRows(
  input: ReportInput,
  wanted: (finding: FindingOfPeriod) => boolean,
): AsyncGenerator<Row> {
  for await (const finding of findings(input)) if (wanted(finding)) yield findingRow(finding);
}
