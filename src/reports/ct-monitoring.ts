import { logEntries, logPositions } from '../model/queries/populations.js';
import { findingColumns, findingRows } from './measure/findings.js';
import { Tally } from './measure/statistics.js';
import { parametersOf } from './populations.js';
import type { Report, ReportInput, Row } from './report.js';

const rules = new Set(['look-alike-domain', 'watched-name', 'unexplained-issuance', 'unauthorized-issuer']);
const isAboutLogs = (rule: string): boolean => rules.has(rule) || rule.startsWith('ct-');

/** What Certificate Transparency showed, and how well it was read. */
export const ctMonitoring: Report = {
  id: 'ct-monitoring',
  title: 'Certificate Transparency monitoring',
  description:
    'Watched entries that logs dated within the period, what they led to, and how far each log was read and verified.',
  cannotShow: [
    'Certificates that are in no log: private CAs, and public ones that browsers would refuse.',
    'Logs that were not followed.',
  ],
  async build(input) {
    const byLog = new Tally();
    let verified = 0;
    for await (const entry of input.streamRows(logEntries, parametersOf(input))) {
      byLog.add(entry.logId);
      if (entry.verified) verified += 1;
    }
    return {
      figures: [
        { label: 'Watched entries', value: byLog.total, unit: 'entries' },
        { label: 'Proved against a signed tree head', value: verified, unit: 'entries' },
        { label: 'Logs with watched entries', value: byLog.entries().length, unit: 'logs' },
      ],
      tables: [
        {
          id: 'logs',
          title: 'Logs',
          note: 'As they stood when the report was made.',
          isPresent: true,
          columns: [
            { key: 'description', title: 'Log' },
            { key: 'operator', title: 'Operator' },
            { key: 'cursor', title: 'Cursor' },
            { key: 'treeSize', title: 'Size', isNumber: true },
            { key: 'verifiedIndex', title: 'Verified', isNumber: true },
            { key: 'updatedAt', title: 'Updated' },
            { key: 'url', title: 'URL' },
            { key: 'logId', title: 'Log id' },
          ],
          rows: () => input.streamRows(logPositions, parametersOf(input)) as AsyncIterable<Row>,
        },
        {
          id: 'entries',
          title: 'Watched entries',
          note: 'With log id and index, by which anybody can look the entry up.',
          columns: [
            { key: 'timestamp', title: 'Dated' },
            { key: 'seenAt', title: 'Read' },
            { key: 'entryType', title: 'Type' },
            { key: 'verified', title: 'Proved' },
            { key: 'matches', title: 'Watched because' },
            { key: 'sha256', title: 'Certificate' },
            { key: 'logId', title: 'Log id' },
            { key: 'leafIndex', title: 'Index', isNumber: true },
            { key: 'leafHash', title: 'Leaf hash' },
          ],
          rows: () => entryRows(input),
        },
        {
          id: 'findings',
          title: 'Findings',
          note: 'About entries and about the logs themselves, open at some moment of the period.',
          columns: findingColumns,
          rows: () => findingRows(input, ({ last }) => isAboutLogs(last.rule)),
        },
      ],
    };
  },
};

async function* entryRows(input: ReportInput): AsyncGenerator<Row> {
  for await (const { verified, ...entry } of input.streamRows(logEntries, parametersOf(input)))
    yield { ...entry, verified: verified ? 'yes' : 'no' };
}
