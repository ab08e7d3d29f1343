import type { Report, Row } from './report.js';

/** One page for those who decide: the figures of these reports. */
export function summaryOf(parts: readonly Report[]): Report {
  return {
    id: 'summary',
    title: 'Executive summary',
    description: 'The figures of all reports on one page.',
    cannotShow: [],
    async build(input) {
      const rows: Row[] = [];
      for (const { title, build } of parts)
        for (const { label, value, unit } of (await build(input)).figures)
          rows.push({ report: title, label, value: value ?? 'not known', unit });
      return {
        figures: [],
        tables: [
          {
            id: 'figures',
            title: 'Figures',
            note: 'Each is explained in the report it comes from.',
            columns: [
              { key: 'report', title: 'Report' },
              { key: 'label', title: 'Figure' },
              { key: 'value', title: 'Value', isNumber: true },
              { key: 'unit', title: 'Unit' },
            ],
            rows: async function* () {
              yield* rows;
            },
          },
        ],
      };
    },
  };
}
