import type { Board } from '../board.js';
import { alarm, chosen, findingChoices, findingColumns, findingTable, open, toFinding } from '../sql.js';

const severityStat = (severity: string, colour: string) =>
  ({
    kind: 'stat',
    title: `Open: ${severity}`,
    description: `Findings of severity ${severity} that are not resolved.`,
    sql: `SELECT count() AS findings FROM findings_now WHERE ${open} AND severity = '${severity}' AND ${chosen}`,
    columns: { findings: 'UInt64' },
    steps: alarm(colour),
    w: 6,
    h: 4,
  }) as const;

const openBy = (title: string, description: string, name: string) =>
  ({
    kind: 'bars',
    title,
    description,
    sql: `SELECT ${name} AS name, count() AS findings FROM findings_now WHERE ${open} AND ${chosen}
      GROUP BY name ORDER BY findings DESC LIMIT 20`,
    columns: { name: 'String', findings: 'UInt64' },
    w: 8,
    h: 9,
  }) as const;

/** What is wrong, and how it develops. */
export const findings: Board = {
  uid: 'certglass-findings',
  title: 'Certglass: findings',
  description: 'Findings by rule, owner and environment: open, opened and resolved.',
  from: 'now-7d',
  to: 'now',
  choices: findingChoices,
  rows: [
    {
      title: null,
      panels: [
        severityStat('critical', 'purple'),
        severityStat('error', 'red'),
        severityStat('warning', 'orange'),
        severityStat('notice', 'blue'),
      ],
    },
    {
      title: 'Over time',
      panels: [
        {
          kind: 'time',
          title: 'Opened',
          description: 'Findings by the time they were opened.',
          sql: `SELECT $__timeInterval(opened_at) AS time, toString(severity) AS severity, count() AS findings FROM findings_now
            WHERE $__timeFilter(opened_at) AND ${chosen} GROUP BY time, severity ORDER BY time, severity`,
          columns: { time: "DateTime('UTC')", severity: 'String', findings: 'UInt64' },
          w: 12,
          h: 8,
        },
        {
          kind: 'time',
          title: 'Resolved',
          description: 'Findings by the time they were resolved.',
          sql: `SELECT $__timeInterval(ended_at) AS time, toString(severity) AS severity, count() AS findings
            FROM (SELECT assumeNotNull(resolved_at) AS ended_at, severity, rule, owner, environment FROM findings_now WHERE state = 'resolved')
            WHERE $__timeFilter(ended_at) AND ${chosen} GROUP BY time, severity ORDER BY time, severity`,
          columns: { time: "DateTime('UTC')", severity: 'String', findings: 'UInt64' },
          w: 12,
          h: 8,
        },
      ],
    },
    {
      title: 'Open now',
      panels: [
        {
          kind: 'table',
          title: 'Open findings',
          description: 'Unresolved findings, worst and newest first.',
          sql: findingTable(`${open} AND ${chosen}`, 500),
          columns: findingColumns,
          link: toFinding,
          w: 24,
          h: 11,
        },
        openBy('By rule', 'Unresolved findings by rule.', 'CAST(rule AS String)'),
        openBy('By owner', 'Unresolved findings by owner.', `if(owner = '', 'none', toString(owner))`),
        openBy(
          'By environment',
          'Unresolved findings by environment.',
          `if(environment = '', 'none', toString(environment))`,
        ),
      ],
    },
  ],
};
