import { placeText } from '../model/finding.js';
import { findings } from './populations.js';
import type { Report, ReportInput, Row } from './report.js';

const exempt = new Set(['accepted', 'silenced']);

/** What was known to be wrong and left, by whom, why and until when. */
export const exceptions: Report = {
  id: 'exceptions',
  title: 'Exceptions',
  description:
    'Findings that a person accepted or silenced in or before the period: who, why and until when.',
  cannotShow: ['Approvals given outside Certglass.'],
  async build(input) {
    let [all, endless, noReason] = [0, 0, 0];
    for await (const { until, reason } of exceptionRows(input)) {
      all += 1;
      if (until === null) endless += 1;
      if (reason === null || reason === '') noReason += 1;
    }
    return {
      figures: [
        { label: 'Exceptions', value: all, unit: 'exceptions' },
        { label: 'Without an end', value: endless, unit: 'exceptions' },
        { label: 'Without a reason', value: noReason, unit: 'exceptions' },
      ],
      tables: [
        {
          id: 'exceptions',
          title: 'Exceptions',
          note: 'One row for each time a finding was accepted or silenced.',
          columns: [
            { key: 'kind', title: 'Kind' },
            { key: 'rule', title: 'Rule' },
            { key: 'severity', title: 'Severity' },
            { key: 'subject', title: 'About' },
            { key: 'approver', title: 'By' },
            { key: 'reason', title: 'Reason' },
            { key: 'since', title: 'Since' },
            { key: 'until', title: 'Until' },
            { key: 'owner', title: 'Owner' },
            { key: 'id', title: 'Finding' },
          ],
          rows: () => exceptionRows(input),
        },
      ],
    };
  },
};

async function* exceptionRows(input: ReportInput): AsyncGenerator<Row> {
  for await (const { id, revisions } of findings(input))
    for (const [index, { changedAt, finding }] of revisions.entries()) {
      const before = revisions[index - 1]?.finding;
      const isSame = before?.state === finding.state && before.until?.getTime() === finding.until?.getTime();
      if (!exempt.has(finding.state) || isSame) continue;
      const { state, rule, severity, changedBy, note, until, owner } = finding;
      const about = { rule, severity, subject: placeText(finding), owner };
      yield { id, kind: state, ...about, approver: changedBy, reason: note, since: changedAt, until };
    }
}
