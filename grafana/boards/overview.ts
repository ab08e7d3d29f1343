import type { Board } from '../board.js';
import { alarm, findingColumns, findingTable, open, toFinding } from '../sql.js';

const severityStat = (severity: string, colour: string) =>
  ({
    kind: 'stat',
    title: `Open: ${severity}`,
    description: `Findings of severity ${severity} that are not resolved.`,
    sql: `SELECT count() AS findings FROM findings_now WHERE ${open} AND severity = '${severity}'`,
    columns: { findings: 'UInt64' },
    steps: alarm(colour),
    w: 4,
    h: 4,
  }) as const;

/** The state of everything on one page. */
export const overview: Board = {
  uid: 'certglass-overview',
  title: 'Certglass: overview',
  description: 'What is served, what is wrong with it, and whether Certglass itself is well.',
  from: 'now-7d',
  to: 'now',
  rows: [
    {
      title: null,
      panels: [
        severityStat('critical', 'purple'),
        severityStat('error', 'red'),
        severityStat('warning', 'orange'),
        {
          kind: 'stat',
          title: 'Endpoints with a certificate',
          description: 'Addresses and ports that served a certificate when they last answered.',
          sql: 'SELECT count() AS endpoints FROM serving_now',
          columns: { endpoints: 'UInt64' },
          w: 4,
          h: 4,
        },
        {
          kind: 'stat',
          title: 'Served, ending within 7 days',
          description: 'Different certificates that are served and end within seven days, or have ended.',
          sql: `SELECT uniqExact(certificate_hash) AS certificates FROM serving_now
            WHERE not_after_day > toDateTime(0) AND not_after_day < now() + INTERVAL 7 DAY`,
          columns: { certificates: 'UInt64' },
          steps: alarm('red'),
          w: 4,
          h: 4,
        },
        {
          kind: 'stat',
          title: 'Longest log lag',
          description: 'Seconds since the log that is farthest behind was last read to its end.',
          sql: `SELECT max(lag_seconds) AS seconds FROM ct_logs_now WHERE cursor = 'tail'`,
          columns: { seconds: 'Float64' },
          unit: 's',
          steps: [
            [null, 'green'],
            [3_600, 'orange'],
            [86_400, 'red'],
          ],
          w: 4,
          h: 4,
        },
      ],
    },
    {
      title: 'Findings',
      panels: [
        {
          kind: 'time',
          title: 'Opened',
          description: 'Findings by the time they were opened.',
          sql: `SELECT $__timeInterval(opened_at) AS time, toString(severity) AS severity, count() AS findings FROM findings_now
            WHERE $__timeFilter(opened_at) GROUP BY time, severity ORDER BY time, severity`,
          columns: { time: "DateTime('UTC')", severity: 'String', findings: 'UInt64' },
          w: 16,
          h: 8,
        },
        {
          kind: 'bars',
          title: 'Open by owner',
          description:
            'Unresolved findings of severity warning and above by the owner that policy or inventory name.',
          sql: `SELECT if(owner = '', 'none', owner) AS name, count() AS findings FROM findings_now
            WHERE ${open} AND severity >= 'warning' GROUP BY name ORDER BY findings DESC LIMIT 15`,
          columns: { name: 'String', findings: 'UInt64' },
          w: 8,
          h: 8,
        },
        {
          kind: 'table',
          title: 'Worst open findings',
          description: 'Unresolved findings, worst and newest first.',
          sql: findingTable(open, 50),
          columns: findingColumns,
          link: toFinding,
          w: 24,
          h: 10,
        },
      ],
    },
    {
      title: 'Certglass itself',
      panels: [
        {
          kind: 'table',
          title: 'Jobs',
          description: 'When the last run of each job that succeeded began.',
          sql: 'SELECT name, started_at FROM jobs_now ORDER BY started_at DESC LIMIT 100',
          columns: { name: 'String', started_at: `DateTime64(3, 'UTC')` },
          w: 12,
          h: 8,
        },
        {
          kind: 'table',
          title: 'Alerts by channel',
          description: 'Deliveries of the time range by channel and state.',
          sql: `SELECT channel, state, count() AS deliveries, max(created_at) AS newest FROM deliveries_now
            WHERE $__timeFilter(created_at) GROUP BY channel, state ORDER BY channel, state LIMIT 100`,
          columns: {
            channel: 'LowCardinality(String)',
            state: 'LowCardinality(String)',
            deliveries: 'UInt64',
            newest: `DateTime64(3, 'UTC')`,
          },
          w: 12,
          h: 8,
        },
      ],
    },
  ],
};
