import type { Board } from '../board.js';
import type { PanelSpec } from '../panels.js';
import { open } from '../sql.js';

const bars = (title: string, description: string, sql: string, column: string): PanelSpec => ({
  kind: 'bars',
  title,
  description,
  sql,
  columns: { name: 'String', [column]: 'UInt64' },
  w: 8,
  h: 9,
});

/** What auditors ask: how long faults stay, what was accepted, and how far the cryptography is. */
export const compliance: Board = {
  uid: 'certglass-compliance',
  title: 'Certglass: compliance overview',
  description:
    'How long findings stay open, which exceptions were accepted, and what lifetimes, keys and protocols are in use.',
  from: 'now-90d',
  to: 'now',
  rows: [
    {
      title: null,
      panels: [
        {
          kind: 'stat',
          title: 'Errors open for 30 days',
          description: 'Findings of severity error and above that have been open for more than thirty days.',
          sql: `SELECT count() AS findings FROM findings_now WHERE ${open} AND severity >= 'error' AND opened_at < now() - INTERVAL 30 DAY`,
          columns: { findings: 'UInt64' },
          steps: [
            [null, 'green'],
            [1, 'red'],
          ],
          w: 6,
          h: 4,
        },
        {
          kind: 'stat',
          title: 'Hours to resolve an error',
          description:
            'Median hours from opening to resolution of errors and critical findings resolved in the time range.',
          sql: `SELECT round(ifNotFinite(quantile(0.5)(dateDiff('second', opened_at, at)) / 3600, 0), 1) AS hours
            FROM (SELECT opened_at, assumeNotNull(resolved_at) AS at FROM findings_now WHERE state = 'resolved' AND severity >= 'error')
            WHERE $__timeFilter(at)`,
          columns: { hours: 'Float64' },
          unit: 'h',
          w: 6,
          h: 4,
        },
        {
          kind: 'stat',
          title: 'Accepted exceptions',
          description: 'Findings that were accepted with a reason.',
          sql: `SELECT count() AS findings FROM findings_now WHERE state = 'accepted'`,
          columns: { findings: 'UInt64' },
          w: 6,
          h: 4,
        },
        {
          kind: 'stat',
          title: 'Exceptions that end within 30 days',
          description: 'Accepted findings whose exception ends within thirty days.',
          sql: `SELECT count() AS findings FROM findings_now WHERE state = 'accepted' AND until < now() + INTERVAL 30 DAY`,
          columns: { findings: 'UInt64' },
          steps: [
            [null, 'green'],
            [1, 'orange'],
          ],
          w: 6,
          h: 4,
        },
      ],
    },
    {
      title: 'Findings',
      panels: [
        {
          kind: 'table',
          title: 'Open by rule, with the oldest',
          description: 'Unresolved findings of severity warning and above by rule.',
          sql: `SELECT rule, toString(max(findings_now.severity)) AS severity, count() AS findings, min(opened_at) AS oldest FROM findings_now
            WHERE ${open} AND findings_now.severity >= 'warning' GROUP BY rule ORDER BY findings DESC LIMIT 100`,
          columns: {
            rule: 'LowCardinality(String)',
            severity: 'String',
            findings: 'UInt64',
            oldest: `DateTime64(3, 'UTC')`,
          },
          w: 12,
          h: 9,
        },
        {
          kind: 'table',
          title: 'Exceptions',
          description: 'Accepted findings with who accepted them, why and until when.',
          sql: `SELECT rule, if(host = '', subject_key, host) AS concerns, changed_by, ifNull(note, '') AS reason, until, id
            FROM findings_now WHERE state = 'accepted' ORDER BY until, id LIMIT 200`,
          columns: {
            rule: 'LowCardinality(String)',
            concerns: 'String',
            changed_by: 'String',
            reason: 'String',
            until: `Nullable(DateTime64(3, 'UTC'))`,
            id: 'String',
          },
          link: { column: 'id', path: '/findings/${__data.fields.id:percentencode}' },
          w: 12,
          h: 9,
        },
      ],
    },
    {
      title: 'Cryptography',
      panels: [
        bars(
          'Lifetimes',
          'Served certificates by the limits of the CA/Browser Forum: 398, 200, 100 and 47 days.',
          `SELECT multiIf(days <= 47, 'to 47 days', days <= 100, 'to 100 days', days <= 200, 'to 200 days', days <= 398, 'to 398 days', 'longer') AS name,
            count() AS certificates FROM (SELECT dateDiff('day', not_before, not_after) AS days FROM certificates_in_use)
            GROUP BY name ORDER BY min(days)`,
          'certificates',
        ),
        bars(
          'TLS versions',
          'Endpoints by the version that was agreed on at the last probe that brought a certificate.',
          `SELECT if(tls_version = '', 'unknown', toString(tls_version)) AS name, count() AS endpoints FROM endpoint_outcomes
            GROUP BY name ORDER BY endpoints DESC LIMIT 15`,
          'endpoints',
        ),
        bars(
          'Key exchange',
          'Endpoints by the group that was agreed on; those with MLKEM are ready for quantum computers.',
          `SELECT if(tls_group = '', 'unknown', toString(tls_group)) AS name, count() AS endpoints FROM endpoint_outcomes
            GROUP BY name ORDER BY endpoints DESC LIMIT 15`,
          'endpoints',
        ),
      ],
    },
  ],
};
