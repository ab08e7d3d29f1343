import type { Board } from '../board.js';
import type { PanelSpec } from '../panels.js';
import { findingColumns, findingTable, open, toFinding } from '../sql.js';

const ctRules = `('ct-log-lagging', 'ct-log-unreachable', 'ct-log-misbehaving', 'ct-log-not-followed', 'ct-log-list-unavailable', 'ct-canary-missing')`;

const figure = (
  title: string,
  description: string,
  sql: string,
  type: string,
  spec: Pick<PanelSpec, 'unit' | 'steps'>,
): PanelSpec => ({ kind: 'stat', title, description, sql, columns: { value: type }, w: 6, h: 4, ...spec });

/** How far logs are read, and how much of what is served they showed. */
export const ct: Board = {
  uid: 'certglass-ct',
  title: 'Certglass: CT monitoring',
  description:
    'How far every log is read, how fast, and what share of the served certificates was seen in a log.',
  from: 'now-7d',
  to: 'now',
  rows: [
    {
      title: null,
      panels: [
        figure(
          'Logs followed',
          'Logs that are read to their end.',
          `SELECT count() AS value FROM ct_logs_now WHERE cursor = 'tail'`,
          'UInt64',
          {},
        ),
        figure(
          'Longest lag',
          'Seconds since the log that is farthest behind was last read to its end.',
          `SELECT max(lag_seconds) AS value FROM ct_logs_now WHERE cursor = 'tail'`,
          'Float64',
          {
            unit: 's',
            steps: [
              [null, 'green'],
              [3_600, 'orange'],
              [86_400, 'red'],
            ],
          },
        ),
        figure(
          'Logs with an error',
          'Logs whose last request failed.',
          `SELECT countIf(last_error != '') AS value FROM ct_logs_now WHERE cursor = 'tail'`,
          'UInt64',
          {
            steps: [
              [null, 'green'],
              [1, 'orange'],
            ],
          },
        ),
        figure(
          'Recall',
          'Share of the served certificates with SCTs whose issuance was seen in a followed log; of a sixteenth of them beyond 20,000 endpoints.',
          `SELECT round(100 * countIf(tbs_sha256 IN (SELECT tbs_sha256 FROM ct_issuances)) / greatest(count(), 1), 1) AS value
            FROM certificates_in_use
            WHERE sct_count > 0 AND sha256 < (SELECT if(count() > 20000, '1', 'g') FROM serving_now)`,
          'Float64',
          {
            unit: 'percent',
            steps: [
              [null, 'red'],
              [80, 'orange'],
              [95, 'green'],
            ],
          },
        ),
      ],
    },
    {
      title: 'Logs',
      panels: [
        {
          kind: 'table',
          title: 'Logs',
          description: 'Every log with the entries that are left to read, speed and last error.',
          sql: `SELECT description, operator, cursor AS reading, state, behind, entries_per_second, lag_seconds, eta_seconds,
              last_error, updated_at FROM ct_logs_now ORDER BY behind DESC, description LIMIT 300`,
          columns: {
            description: 'String',
            operator: 'String',
            reading: 'LowCardinality(String)',
            state: 'String',
            behind: 'Int64',
            entries_per_second: 'Float64',
            lag_seconds: 'Float64',
            eta_seconds: 'Float64',
            last_error: 'String',
            updated_at: `DateTime64(3, 'UTC')`,
          },
          w: 24,
          h: 11,
        },
        {
          kind: 'bars',
          title: 'Matched entries by log',
          description: 'Matched entries of the time range by the log they stand in.',
          sql: `SELECT if(l.description = '', toString(e.log_id), l.description) AS name, count() AS entries
            FROM (SELECT log_id FROM ct_entries_known WHERE $__timeFilter(timestamp)) AS e
            LEFT JOIN (SELECT log_id, any(description) AS description FROM ct_logs_now GROUP BY log_id) AS l ON l.log_id = toString(e.log_id)
            GROUP BY name ORDER BY entries DESC LIMIT 25`,
          columns: { name: 'String', entries: 'UInt64' },
          w: 12,
          h: 9,
        },
        {
          kind: 'bars',
          title: 'Entries left to read, by operator',
          description: 'Entries that are not verified yet, by the operator of the log.',
          sql: `SELECT operator AS name, sum(behind) AS entries FROM ct_logs_now WHERE cursor = 'tail' GROUP BY name ORDER BY entries DESC LIMIT 25`,
          columns: { name: 'String', entries: 'Int64' },
          w: 12,
          h: 9,
        },
        {
          kind: 'table',
          title: 'Open findings about logs',
          description: 'Unresolved findings about logs and the log lists.',
          sql: findingTable(`${open} AND rule IN ${ctRules}`),
          columns: findingColumns,
          link: toFinding,
          w: 24,
          h: 7,
        },
      ],
    },
  ],
};
