import { z } from 'zod';
import type { KeptRecord } from '../../model/kept-record.js';
import { auditTrail, certificateBytes } from '../../model/queries/populations.js';
import { jsonLine } from '../../lib/json-line.js';
import { findings, parametersOf } from '../populations.js';
import { shareStreams } from '../measure/shared-streams.js';
import { csvOf } from '../render/csv.js';
import { htmlOf, type Heading } from '../render/html.js';
import { jsonLinesOf } from '../render/json.js';
import type { Report, ReportContent, ReportInput } from '../report.js';
import { controlsJson, controlsPage, type Framework } from './controls.js';
import { readme } from './readme.js';

/** One file of an export: its name, and its content piece by piece. */
export interface EvidenceFile {
  readonly name: string;
  content(): AsyncIterable<string> | Iterable<string>;
}

/** What an export is made of beside the reports. */
export interface EvidenceInput extends ReportInput {
  readonly framework: Framework;
  readonly reports: readonly Report[];
  /** What was scanned and followed: targets, exclusions, ports, schedules, logs. No secrets. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** The policy in force when the export was made. */
  readonly policy: Readonly<Record<string, unknown>>;
  /** Reviews and incidents, as the store keeps them. */
  readonly records: readonly KeptRecord[];
  /** Every rule with its severity, citation and date. */
  readonly rules: readonly Readonly<Record<string, unknown>>[];
}

/** Every file of an export but the manifest. For a period that is over they are the same byte by byte each time. */
export async function evidenceFiles(input: EvidenceInput): Promise<readonly EvidenceFile[]> {
  const building = { ...input, streamRows: shareStreams(input.streamRows) };
  const parts = await Promise.all(
    input.reports.map(async (report) => ({ report, content: await report.build(building) })),
  );
  const heading = [
    ['From', input.from.toISOString()],
    ['To', input.to.toISOString()],
    ['Framework', input.framework.title],
  ] as const;
  return [
    { name: 'README.txt', content: () => [readme] },
    { name: 'controls.html', content: () => controlsPage(input.framework, heading) },
    { name: 'controls.json', content: () => [controlsJson(input.framework)] },
    { name: 'scope.json', content: () => [pretty(input.configuration)] },
    { name: 'policy.json', content: () => [pretty(input.policy)] },
    { name: 'rules.json', content: () => [pretty(input.rules)] },
    ...parts.flatMap(({ report, content }) => filesOf(report, content, heading)),
    { name: 'data/findings/history.jsonl', content: () => historyOf(input) },
    { name: 'data/audit.jsonl', content: () => auditOf(input) },
    { name: 'data/reviews.jsonl', content: () => recordsOf(input, 'review') },
    { name: 'data/incidents.jsonl', content: () => recordsOf(input, 'incident') },
    { name: 'data/certificates.pem', content: () => pemOf(input) },
  ];
}

function filesOf(report: Report, content: ReportContent, heading: Heading): readonly EvidenceFile[] {
  const ofPeriod = content.tables.filter(({ isPresent }) => isPresent !== true);
  return [
    {
      name: `reports/${report.id}.html`,
      content: () => htmlOf(report, { ...content, tables: ofPeriod }, heading),
    },
    ...content.tables.flatMap((table) => {
      const name = `${table.isPresent === true ? 'present' : 'data'}/${report.id}/${table.id}`;
      return [
        { name: `${name}.csv`, content: () => csvOf(table) },
        { name: `${name}.jsonl`, content: () => jsonLinesOf(table) },
      ];
    }),
  ];
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Every state of every finding of the period, one a line. */
async function* historyOf(input: ReportInput): AsyncGenerator<string> {
  for await (const { revisions } of findings(input))
    for (const { changedAt, finding } of revisions) yield `${jsonLine({ changedAt, ...finding })}\n`;
}

/** Each entry with its place in the chain, so that it is checked like the trail itself. */
async function* auditOf(input: ReportInput): AsyncGenerator<string> {
  for await (const { details, previous, hash, ...entry } of input.streamRows(auditTrail, parametersOf(input)))
    yield `${jsonLine({ ...entry, details: JSON.parse(details) as unknown, previous, hash })}\n`;
}

const closed = z.looseObject({ closedAt: z.coerce.date().nullable() });

/** Those that were closed within the period: they do not change any more. */
function* recordsOf({ records, from, to }: EvidenceInput, kind: KeptRecord['kind']): Generator<string> {
  for (const record of records) {
    if (record.kind !== kind) continue;
    const { closedAt } = closed.parse(record.body);
    if (closedAt !== null && closedAt >= from && closedAt <= to) yield `${jsonLine(record.body)}\n`;
  }
}

/** Each certificate under a comment with its SHA-256. */
async function* pemOf(input: ReportInput): AsyncGenerator<string> {
  for await (const { sha256, der } of input.streamRows(certificateBytes, parametersOf(input))) {
    const lines = der.replace(/.{64}(?=.)/g, '$&\n');
    yield `# ${sha256}\n-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
  }
}
