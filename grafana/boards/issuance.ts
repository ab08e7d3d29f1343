import type { Board } from '../board.js';
import type { PanelSpec } from '../panels.js';
import { alarm, findingColumns, findingTable, issuanceRules, open, toFinding } from '../sql.js';

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

/** Certificates that were issued and that nothing explains. */
export const issuance: Board = {
  uid: 'certglass-issuance',
  title: 'Certglass: shadow and unexplained issuance',
  description:
    'Certificates for your names that no endpoint serves, no inventory holds, or no approved CA issued.',
  from: 'now-30d',
  to: 'now',
  rows: [
    {
      title: null,
      panels: [
        openOf('Unexplained', 'Logged certificates that nothing explains.', `'unexplained-issuance'`, 'red'),
        openOf('Shadow', 'Served certificates that no inventory knows.', `'shadow'`, 'orange'),
        openOf(
          'Unauthorized',
          'Certificates of a CA that is not approved, or that CAA forbids.',
          `'unauthorized-issuer', 'caa-forbids-issuer'`,
          'red',
        ),
        openOf('Look-alikes', 'Domains that were made to look like yours.', `'look-alike-domain'`, 'orange'),
      ],
    },
    {
      title: 'Findings',
      panels: [
        {
          kind: 'time',
          title: 'Opened, by rule',
          description: 'Findings about issuance by the time they were opened.',
          sql: `SELECT $__timeInterval(opened_at) AS time, rule, count() AS findings FROM findings_now
            WHERE $__timeFilter(opened_at) AND rule IN ${issuanceRules} GROUP BY time, rule ORDER BY time, rule`,
          columns: { time: "DateTime('UTC')", rule: 'LowCardinality(String)', findings: 'UInt64' },
          w: 24,
          h: 7,
        },
        {
          kind: 'table',
          title: 'Open findings about issuance',
          description: 'Unresolved findings about issuance, worst and newest first.',
          sql: findingTable(`${open} AND rule IN ${issuanceRules}`),
          columns: findingColumns,
          link: toFinding,
          w: 24,
          h: 10,
        },
      ],
    },
    {
      title: 'What was logged',
      panels: [
        {
          kind: 'time',
          title: 'Matched entries',
          description: 'Log entries that match what is watched, by the time the log dated them.',
          sql: `SELECT $__timeInterval(timestamp) AS time, entry_type, count() AS entries FROM ct_entries_known
            WHERE $__timeFilter(timestamp) GROUP BY time, entry_type ORDER BY time, entry_type`,
          columns: { time: "DateTime('UTC')", entry_type: 'LowCardinality(String)', entries: 'UInt64' },
          w: 24,
          h: 7,
        },
        {
          kind: 'table',
          title: 'Newest entries',
          description: 'The newest matched entries, and whether the certificate is served.',
          sql: `WITH newest AS (SELECT timestamp, entry_type, sha256, log_id FROM ct_entries_known WHERE $__timeFilter(timestamp)
              ORDER BY timestamp DESC LIMIT 200)
            SELECT n.timestamp AS timestamp, n.entry_type AS entry_type, arrayStringConcat(arraySlice(c.names, 1, 5), ', ') AS names,
              toString(c.issuer) AS issuer, c.not_after AS not_after,
              if(cityHash64(n.sha256) IN (SELECT certificate_hash FROM serving_now), 'yes', 'no') AS served, n.sha256 AS sha256
            FROM newest AS n
            LEFT JOIN (SELECT sha256, any(names) AS names, any(issuer) AS issuer, any(not_after) AS not_after FROM certificates_known
              WHERE sha256 IN (SELECT sha256 FROM newest) GROUP BY sha256) AS c ON c.sha256 = n.sha256
            ORDER BY timestamp DESC`,
          columns: {
            timestamp: `DateTime64(3, 'UTC')`,
            entry_type: 'LowCardinality(String)',
            names: 'String',
            issuer: 'String',
            not_after: `DateTime64(3, 'UTC')`,
            served: 'String',
            sha256: 'String',
          },
          link: { column: 'sha256', path: '/certificates/${__data.fields.sha256:percentencode}' },
          w: 24,
          h: 10,
        },
      ],
    },
  ],
};
