import { certificateColumns, certificateRow } from './measure/columns.js';
import { Tally } from './measure/statistics.js';
import { certificates, type CertificateOfPeriod } from './populations.js';
import type { Report } from './report.js';

const dayMs = 86_400_000;
const soonDays = 90;

/** What ends next. */
export const expiryForecast: Report = {
  id: 'expiry-forecast',
  title: 'Expiry forecast',
  description:
    'Served certificates by the month in which they end, and those that end within 90 days after the period.',
  cannotShow: ['Whether a renewal is under way; see the report on renewals for how past ones went.'],
  async build(input) {
    const months = new Tally();
    const soon: CertificateOfPeriod[] = [];
    for await (const certificate of certificates(input)) {
      const { notAfter, endpointCount } = certificate;
      if (endpointCount === 0 || notAfter === null || notAfter <= input.to) continue;
      months.add(notAfter.toISOString().slice(0, 7));
      if (notAfter.getTime() - input.to.getTime() <= soonDays * dayMs) soon.push(certificate);
    }
    soon.sort((left, right) => (left.notAfter?.getTime() ?? 0) - (right.notAfter?.getTime() ?? 0));
    const within = (days: number): number =>
      soon.filter(({ notAfter }) => (notAfter?.getTime() ?? Infinity) <= input.to.getTime() + days * dayMs)
        .length;
    return {
      figures: [
        ...[7, 30, soonDays].map((days) => ({
          label: `End within ${days} days after the period`,
          value: within(days),
          unit: 'certificates',
        })),
        {
          label: 'Served at the end of the period and not expired',
          value: months.total,
          unit: 'certificates',
        },
      ],
      tables: [
        {
          id: 'months',
          title: 'By month',
          note: 'Served certificates by the month in which they end.',
          columns: [
            { key: 'month', title: 'Month' },
            { key: 'certificates', title: 'Certificates', isNumber: true },
          ],
          rows: async function* () {
            for (const [month, count] of [...months.entries()].sort(([a], [b]) => (a < b ? -1 : 1)))
              yield { month, certificates: count };
          },
        },
        {
          id: 'soon',
          title: 'Soonest first',
          note: `Served certificates that end within ${soonDays} days after the period.`,
          columns: certificateColumns,
          rows: async function* () {
            yield* soon.map(certificateRow);
          },
        },
      ],
    };
  },
};
