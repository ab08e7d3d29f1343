import { severities } from '../model/severity.js';
import { findingColumns, findingRows, timesOf } from './measure/findings.js';
import { percentile, Tally } from './measure/statistics.js';
import { findings as findingsOf } from './populations.js';
import type { Report, ReportInput } from './report.js';

interface Measured {
  readonly byRule: Tally;
  readonly bySeverity: Tally;
  readonly toAcknowledge: number[];
  readonly toFix: number[];
  open: number;
}

/** What was wrong, and how long it took people to see to it. */
export const findings: Report = {
  id: 'findings',
  title: 'Findings',
  description:
    'Everything that was found wrong in the period, with the time until a person acknowledged it and until it was resolved.',
  cannotShow: ['What was done outside Certglass, beyond the notes and tickets entered.'],
  async build(input) {
    const measured = await measure(input);
    const { byRule, bySeverity, toAcknowledge, toFix, open } = measured;
    const severityCount = new Map(bySeverity.entries());
    return {
      figures: [
        { label: 'Findings', value: byRule.total, unit: 'findings' },
        { label: 'Open at the end of the period', value: open, unit: 'findings' },
        ...severities.toReversed().map((severity) => ({
          label: `Severity ${severity}`,
          value: severityCount.get(severity) ?? 0,
          unit: 'findings',
        })),
        { label: 'Hours to acknowledge, median', value: percentile(toAcknowledge, 0.5), unit: 'h' },
        { label: 'Hours to acknowledge, 95th percentile', value: percentile(toAcknowledge, 0.95), unit: 'h' },
        { label: 'Hours to fix, median', value: percentile(toFix, 0.5), unit: 'h' },
        { label: 'Hours to fix, 95th percentile', value: percentile(toFix, 0.95), unit: 'h' },
      ],
      tables: [
        {
          id: 'rules',
          title: 'By rule',
          note: 'Most first.',
          columns: [
            { key: 'rule', title: 'Rule' },
            { key: 'count', title: 'Findings', isNumber: true },
          ],
          rows: async function* () {
            for (const [rule, count] of byRule.entries()) yield { rule, count };
          },
        },
        {
          id: 'findings',
          title: 'Findings',
          note: 'Open at some moment of the period. Times are those of the last time it was open.',
          columns: findingColumns,
          rows: () => findingRows(input, () => true),
        },
      ],
    };
  },
};

async function measure(input: ReportInput): Promise<Measured> {
  const measured: Measured = {
    byRule: new Tally(),
    bySeverity: new Tally(),
    toAcknowledge: [],
    toFix: [],
    open: 0,
  };
  for await (const finding of findingsOf(input)) {
    const { hoursToAcknowledge, hoursToFix } = timesOf(finding);
    measured.byRule.add(finding.last.rule);
    measured.bySeverity.add(finding.last.severity);
    if (hoursToAcknowledge !== null) measured.toAcknowledge.push(hoursToAcknowledge);
    if (hoursToFix !== null) measured.toFix.push(hoursToFix);
    if (finding.last.state !== 'resolved') measured.open += 1;
  }
  return measured;
}
