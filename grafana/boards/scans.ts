import type { Board } from '../board.js';

/** Whether scans run, what they reach, and what of the inventory they see. */
export const scans: Board = {
  uid: 'certglass-scans',
  title: 'Certglass: scans and coverage',
  description: 'Runs of scans, outcomes of endpoints, and what of the inventory is served.',
  from: 'now-7d',
  to: 'now',
  rows: [
    {
      title: null,
      panels: [
        {
          kind: 'stat',
          title: 'Endpoints',
          description: 'Endpoints that were ever probed.',
          sql: 'SELECT count() AS endpoints FROM endpoint_outcomes',
          columns: { endpoints: 'UInt64' },
          w: 6,
          h: 4,
        },
        {
          kind: 'stat',
          title: 'Answering',
          description: 'Share of the endpoints whose last probe brought a certificate.',
          sql: `SELECT round(100 * countIf(outcome = 'ok') / greatest(count(), 1), 1) AS share FROM endpoint_outcomes`,
          columns: { share: 'Float64' },
          unit: 'percent',
          w: 6,
          h: 4,
        },
        {
          kind: 'stat',
          title: 'Not probed for a day',
          description: 'Endpoints whose last probe is more than a day ago.',
          sql: 'SELECT countIf(last_observed_at < now() - INTERVAL 1 DAY) AS endpoints FROM endpoint_outcomes',
          columns: { endpoints: 'UInt64' },
          steps: [
            [null, 'green'],
            [1, 'orange'],
          ],
          w: 6,
          h: 4,
        },
        {
          kind: 'stat',
          title: 'Served and in the inventory',
          description: 'Share of the served certificates that an inventory knows, by certificate or key.',
          sql: `SELECT round(100 * uniqExactIf(certificate_hash, certificate_hash IN (SELECT cityHash64(sha256) FROM inventory_now WHERE sha256 != '')
                OR spki_sha256 IN (SELECT spki_sha256 FROM inventory_now WHERE spki_sha256 != '')) / greatest(uniqExact(certificate_hash), 1), 1) AS share
            FROM serving_now`,
          columns: { share: 'Float64' },
          unit: 'percent',
          w: 6,
          h: 4,
        },
      ],
    },
    {
      title: 'Scans',
      panels: [
        {
          kind: 'time',
          title: 'Endpoints probed',
          description:
            'Endpoints that finished or running scans probed, by the start of the scan and outcome.',
          sql: `SELECT $__timeInterval(started_at) AS time, outcome, sum(probed) AS endpoints
            FROM (SELECT started_at, arrayJoin(mapKeys(outcomes)) AS outcome, outcomes[outcome] AS probed FROM scans_now)
            WHERE $__timeFilter(started_at) GROUP BY time, outcome ORDER BY time, outcome`,
          columns: { time: "DateTime('UTC')", outcome: 'String', endpoints: 'UInt64' },
          w: 24,
          h: 8,
        },
        {
          kind: 'table',
          title: 'Latest runs',
          description: 'The latest scans with their duration and how many endpoints answered.',
          sql: `SELECT name, started_at, finished_at, targets, outcomes['ok'] AS answered, seconds, id FROM scans_now
            WHERE $__timeFilter(started_at) ORDER BY started_at DESC LIMIT 200`,
          columns: {
            name: 'String',
            started_at: `DateTime64(3, 'UTC')`,
            finished_at: `Nullable(DateTime64(3, 'UTC'))`,
            targets: 'UInt64',
            answered: 'UInt64',
            seconds: 'Int64',
            id: 'String',
          },
          link: { column: 'id', path: '/scans/${__data.fields.id:percentencode}' },
          w: 16,
          h: 9,
        },
        {
          kind: 'bars',
          title: 'Endpoints by outcome',
          description: 'Endpoints by the outcome of their last probe.',
          sql: 'SELECT toString(outcome) AS name, count() AS endpoints FROM endpoint_outcomes GROUP BY name ORDER BY endpoints DESC LIMIT 20',
          columns: { name: 'String', endpoints: 'UInt64' },
          w: 8,
          h: 9,
        },
      ],
    },
    {
      title: 'Inventories',
      panels: [
        {
          kind: 'table',
          title: 'Inventory sources',
          description: 'When each source was last read, and how much of it is served.',
          sql: `SELECT r.source AS source, r.started_at AS read_at, if(r.complete, 'yes', 'no') AS complete, r.items AS items,
              i.served AS served, length(r.errors) AS errors
            FROM inventory_runs_now AS r
            LEFT JOIN (SELECT toString(source) AS source, countIf(sha256 != '' AND cityHash64(sha256) IN (SELECT certificate_hash FROM serving_now)) AS served
              FROM inventory_now GROUP BY source) AS i ON i.source = r.source
            ORDER BY source LIMIT 200`,
          columns: {
            source: 'String',
            read_at: `DateTime64(3, 'UTC')`,
            complete: 'String',
            items: 'UInt64',
            served: 'UInt64',
            errors: 'UInt64',
          },
          w: 24,
          h: 8,
        },
      ],
    },
  ],
};
