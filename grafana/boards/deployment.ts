import type { Board } from '../board.js';
import type { PanelSpec } from '../panels.js';
import { alarm, concerns, findingColumns, findingTable, open, renewalRules, toFinding } from '../sql.js';

const openOf = (title: string, description: string, rules: string, colour: string): PanelSpec => ({
  kind: 'stat',
  title,
  description,
  sql: `SELECT count() AS findings FROM findings_now WHERE ${open} AND rule IN (${rules})`,
  columns: { findings: 'UInt64' },
  steps: alarm(colour),
  w: 6,
  h: 4,
});

/** Renewals that did not arrive, and outages that are coming. */
export const deployment: Board = {
  uid: 'certglass-deployment',
  title: 'Certglass: deploy gaps and predicted outages',
  description:
    'Renewed but not installed everywhere, or not renewed in time. The time range lies in the future: it is that of the outage.',
  from: 'now-7d',
  to: 'now+30d',
  rows: [
    {
      title: null,
      panels: [
        openOf(
          'Open deploy gaps',
          'Renewed certificates that are not installed everywhere.',
          `'deploy-gap'`,
          'orange',
        ),
        openOf(
          'Predicted outages',
          'Certificates past their renewal for which nothing was issued.',
          `'predicted-outage'`,
          'orange',
        ),
        openOf(
          'Renewals that fail',
          'Certificates that a system of the inventory cannot renew.',
          `'renewal-failing'`,
          'red',
        ),
        openOf('Expired and served', 'Endpoints that serve an expired certificate.', `'expired'`, 'red'),
      ],
    },
    {
      title: 'When it hurts',
      panels: [
        {
          kind: 'time',
          title: 'Outages by day',
          description: 'Unresolved findings about renewal by the day of the outage.',
          sql: `SELECT toStartOfDay(toDateTime(at)) AS time, rule, count() AS findings
            FROM (SELECT assumeNotNull(due_at) AS at, rule FROM findings_now WHERE ${open} AND due_at IS NOT NULL AND rule IN ${renewalRules})
            WHERE $__timeFilter(at) GROUP BY time, rule ORDER BY time, rule`,
          columns: { time: "DateTime('UTC')", rule: 'LowCardinality(String)', findings: 'UInt64' },
          w: 24,
          h: 8,
        },
        {
          kind: 'table',
          title: 'Deploy gaps',
          description: 'How many endpoints got the renewed certificate, and the hours that are left.',
          sql: `SELECT ${concerns}, toUInt32(JSONExtractUInt(details, 'updated')) AS updated, toUInt32(JSONExtractUInt(details, 'total')) AS endpoints,
              round(dateDiff('second', now(), due_at) / 3600, 1) AS hours_left, toString(severity) AS severity, owner, title, id FROM findings_now
            WHERE ${open} AND rule = 'deploy-gap' ORDER BY due_at LIMIT 200`,
          columns: {
            concerns: 'String',
            updated: 'UInt32',
            endpoints: 'UInt32',
            hours_left: 'Nullable(Float64)',
            severity: 'String',
            owner: 'LowCardinality(String)',
            title: 'String',
            id: 'String',
          },
          link: toFinding,
          w: 24,
          h: 9,
        },
        {
          kind: 'table',
          title: 'Open findings about renewal',
          description: 'Everything unresolved about renewal, worst first.',
          sql: findingTable(`${open} AND rule IN ${renewalRules}`),
          columns: findingColumns,
          link: toFinding,
          w: 24,
          h: 10,
        },
      ],
    },
  ],
};
