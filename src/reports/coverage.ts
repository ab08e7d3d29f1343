import { inventoryImports, observationHours, scanRuns } from '../model/queries/populations.js';
import { findingColumns, findingRows } from './measure/findings.js';
import { percent } from './measure/statistics.js';
import { parametersOf, type FindingOfPeriod } from './populations.js';
import type { Report, ReportInput, ReportTable, Row } from './report.js';

const hourMs = 3_600_000;

/** When Certglass did not see what it should have seen. */
export const coverage: Report = {
  id: 'coverage',
  title: 'Coverage and gaps',
  description:
    'Hours of the period without any observation, scans that did not end, imports that were not complete, and everything that Certglass reported about itself and the logs.',
  cannotShow: ['Networks and domains that are not configured.'],
  async build(input) {
    const hours = await seenHours(input);
    const all = Math.ceil((input.to.getTime() - input.from.getTime()) / hourMs);
    let [scans, unfinished, imports, incomplete] = [0, 0, 0, 0];
    for await (const { finishedAt } of input.streamRows(scanRuns, parametersOf(input))) {
      scans += 1;
      if (finishedAt === null) unfinished += 1;
    }
    for await (const { complete } of input.streamRows(inventoryImports, parametersOf(input))) {
      imports += 1;
      if (!complete) incomplete += 1;
    }
    return {
      figures: [
        { label: 'Hours with observations', value: percent(hours.size, all), unit: '%' },
        { label: 'Scans', value: scans, unit: 'scans' },
        { label: 'Scans that did not end', value: unfinished, unit: 'scans' },
        { label: 'Imports of inventories', value: imports, unit: 'imports' },
        { label: 'Imports that were not complete', value: incomplete, unit: 'imports' },
      ],
      tables: [gapTable(input, hours), scanTable(input), importTable(input), selfTable(input)],
    };
  },
};

async function seenHours(input: ReportInput): Promise<ReadonlySet<number>> {
  const hours = new Set<number>();
  for await (const { hour } of input.streamRows(observationHours, parametersOf(input)))
    hours.add(hour.getTime());
  return hours;
}

function gapTable({ from, to }: ReportInput, hours: ReadonlySet<number>): ReportTable {
  return {
    id: 'gaps',
    title: 'Hours without observations',
    note: 'Consecutive hours stand as one gap. Where scans run less often than hourly, hours between them are listed as well.',
    columns: [
      { key: 'from', title: 'From' },
      { key: 'to', title: 'To' },
      { key: 'hours', title: 'Hours', isNumber: true },
    ],
    rows: async function* () {
      let start: number | null = null;
      const first = Math.floor(from.getTime() / hourMs) * hourMs;
      for (let hour = first; hour <= to.getTime(); hour += hourMs) {
        const isSeen = hours.has(hour);
        if (!isSeen) start ??= hour;
        if (start === null || (!isSeen && hour + hourMs <= to.getTime())) continue;
        const end = isSeen ? hour : hour + hourMs;
        yield { from: new Date(start), to: new Date(end), hours: (end - start) / hourMs };
        start = null;
      }
    },
  };
}

function scanTable(input: ReportInput): ReportTable {
  return {
    id: 'scans',
    title: 'Scans',
    note: 'Scans that ran in the period, with how many endpoints had which outcome.',
    columns: [
      { key: 'name', title: 'Scan' },
      { key: 'startedAt', title: 'Started' },
      { key: 'finishedAt', title: 'Ended' },
      { key: 'targets', title: 'Targets', isNumber: true },
      { key: 'outcomes', title: 'Outcomes' },
      { key: 'id', title: 'Id' },
    ],
    rows: async function* (): AsyncGenerator<Row> {
      for await (const { outcomes, ...run } of input.streamRows(scanRuns, parametersOf(input)))
        yield {
          ...run,
          outcomes: Object.entries(outcomes)
            .map(([outcome, count]) => `${outcome} ${count}`)
            .sort(),
        };
    },
  };
}

function importTable(input: ReportInput): ReportTable {
  return {
    id: 'imports',
    title: 'Imports of inventories',
    note: 'An import that is not complete replaces nothing.',
    columns: [
      { key: 'source', title: 'Source' },
      { key: 'startedAt', title: 'Started' },
      { key: 'complete', title: 'Complete' },
      { key: 'items', title: 'Items', isNumber: true },
      { key: 'errors', title: 'Errors' },
    ],
    rows: async function* (): AsyncGenerator<Row> {
      for await (const { complete, ...run } of input.streamRows(inventoryImports, parametersOf(input)))
        yield { ...run, complete: complete ? 'yes' : 'no' };
    },
  };
}

const ownKinds = new Set(['self', 'ct-log', 'inventory', 'channel']);
const isAboutItself = ({ last }: FindingOfPeriod): boolean => ownKinds.has(last.subject.kind);

function selfTable(input: ReportInput): ReportTable {
  return {
    id: 'incidents',
    title: 'What Certglass reported about itself',
    note: 'Logs, inventories, jobs, channels and the store: open at some moment of the period.',
    columns: findingColumns,
    rows: () => findingRows({ ...input, scope: { ...input.scope, domain: null } }, isAboutItself),
  };
}
