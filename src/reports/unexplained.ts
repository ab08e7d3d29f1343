import { findingColumns, findingRows } from './measure/findings.js';
import { Tally } from './measure/statistics.js';
import { findings } from './populations.js';
import type { Report } from './report.js';

/** Rules about certificates that nobody answers for. */
const rules = new Set([
  'shadow',
  'unexplained-issuance',
  'unauthorized-issuer',
  'owner-missing',
  'not-in-use',
  'unused',
]);

/** Certificates that nobody answers for. */
export const unexplained: Report = {
  id: 'unexplained',
  title: 'Shadow and unexplained certificates',
  description:
    'Certificates served or logged in your name that no inventory holds, no endpoint explains or no approved issuer signed, with how each was resolved.',
  cannotShow: ['Why a certificate was asked for; the resolution and its note say what a person found out.'],
  async build(input) {
    const byRule = new Tally();
    let open = 0;
    for await (const { last } of findings(input)) {
      if (!rules.has(last.rule)) continue;
      byRule.add(last.rule);
      if (last.state !== 'resolved') open += 1;
    }
    return {
      figures: [
        { label: 'Certificates in question', value: byRule.total, unit: 'findings' },
        { label: 'Still open at the end of the period', value: open, unit: 'findings' },
        ...byRule.entries().map(([rule, value]) => ({ label: rule, value, unit: 'findings' })),
      ],
      tables: [
        {
          id: 'findings',
          title: 'Findings',
          note: 'Open at some moment of the period.',
          columns: findingColumns,
          rows: () => findingRows(input, ({ last }) => rules.has(last.rule)),
        },
      ],
    };
  },
};
