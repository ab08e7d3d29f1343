import type { Board } from '../board.js';
import type { PanelSpec } from '../panels.js';
import { alarm, toHost } from '../sql.js';

const ending = (title: string, description: string, where: string, colour: string): PanelSpec => ({
  kind: 'stat',
  title,
  description,
  sql: `SELECT uniqExact(certificate_hash) AS certificates FROM serving_now WHERE not_after_day > toDateTime(0) AND ${where}`,
  columns: { certificates: 'UInt64' },
  steps: colour === 'blue' ? [[null, 'blue']] : alarm(colour),
  w: 4,
  h: 4,
});

const share = (title: string, description: string, sql: string, w = 8, h = 9): PanelSpec => ({
  kind: 'bars',
  title,
  description,
  sql,
  columns: { name: 'String', certificates: 'UInt64' },
  w,
  h,
});

const owned = (column: string): string =>
  `SELECT if(${column} = '', 'none', ${column}) AS name, count() AS certificates FROM certificates_owned
    GROUP BY name ORDER BY certificates DESC LIMIT 20`;

/** What is served, and when it ends. */
export const inventory: Board = {
  uid: 'certglass-inventory',
  title: 'Certglass: expiry and inventory',
  description:
    'What your machines serve, and when it ends. The time range lies in the future: it is that of notAfter.',
  from: 'now',
  to: 'now+90d',
  rows: [
    {
      title: null,
      panels: [
        {
          kind: 'stat',
          title: 'Endpoints with a certificate',
          description: 'Addresses and ports that served a certificate when they last answered.',
          sql: 'SELECT count() AS endpoints FROM serving_now',
          columns: { endpoints: 'UInt64' },
          w: 4,
          h: 4,
        },
        ending('Certificates served', 'Different leaf certificates served now.', '1', 'blue'),
        ending(
          'Served and expired',
          'Different served certificates that ended before today.',
          'not_after_day < today()',
          'red',
        ),
        ending(
          'End within 7 days',
          'Different served certificates that end today or within seven days.',
          'not_after_day BETWEEN today() AND today() + 7',
          'red',
        ),
        ending(
          'End within 30 days',
          'Different served certificates that end today or within thirty days.',
          'not_after_day BETWEEN today() AND today() + 30',
          'orange',
        ),
        {
          kind: 'stat',
          title: 'Valid certificates known',
          description: 'Certificates that have not ended, served or logged.',
          sql: 'SELECT sum(certificates) AS certificates FROM certificates_by_end WHERE day >= today()',
          columns: { certificates: 'UInt64' },
          w: 4,
          h: 4,
        },
      ],
    },
    {
      title: 'Expiry',
      panels: [
        {
          kind: 'time',
          title: 'Served certificates that end',
          description: 'Different served certificates by the day they end.',
          sql: `SELECT toDateTime(not_after_day) AS time, uniqExact(certificate_hash) AS certificates FROM serving_now
            WHERE $__timeFilter(not_after_day) GROUP BY time ORDER BY time`,
          columns: { time: "DateTime('UTC')", certificates: 'UInt64' },
          w: 16,
          h: 8,
        },
        share(
          'End within 30 days, by owner',
          'Served certificates that end within thirty days, by the owner their inventory names.',
          `SELECT if(owner = '', 'none', owner) AS name, count() AS certificates FROM certificates_owned
            WHERE not_after_day BETWEEN today() AND today() + 30 GROUP BY name ORDER BY certificates DESC LIMIT 20`,
          8,
          8,
        ),
        {
          kind: 'table',
          title: 'Next to end',
          description: 'Endpoints whose certificate ends next, or has ended.',
          sql: `SELECT host, address, port, dateDiff('day', today(), toDate(not_after_day)) AS days_left, not_after_day AS not_after, issuer
            FROM serving_now WHERE not_after_day > toDateTime(0) ORDER BY not_after_day, host LIMIT 200`,
          columns: {
            host: 'String',
            address: 'String',
            port: 'UInt16',
            days_left: 'Int64',
            not_after: `DateTime('UTC')`,
            issuer: 'LowCardinality(String)',
          },
          unit: 'none',
          link: toHost,
          w: 24,
          h: 10,
        },
      ],
    },
    {
      title: 'By owner, environment and CA',
      panels: [
        share('Owners', 'Served certificates by the owner their inventory names.', owned('owner')),
        share(
          'Environments',
          'Served certificates by the environment of their inventory.',
          owned('environment'),
        ),
        share(
          'CAs',
          'Served certificates by the organization of their issuer, or its name where it has none.',
          `SELECT if(extract(issuer, 'O=([^,+]+)') = '', substring(issuer, 1, 80), extract(issuer, 'O=([^,+]+)')) AS name,
            uniqExact(certificate_hash) AS certificates FROM serving_now GROUP BY name ORDER BY certificates DESC LIMIT 20`,
        ),
      ],
    },
    {
      title: 'What is served',
      panels: [
        share(
          'Keys',
          'Served certificates by type and size of their key.',
          `SELECT if(key_type = '', 'unreadable', concat(key_type, ' ', if(key_curve = '', toString(ifNull(key_bits, 0)), key_curve))) AS name,
            count() AS certificates FROM certificates_in_use GROUP BY name ORDER BY certificates DESC LIMIT 15`,
        ),
        share(
          'Signatures',
          'Served certificates by the algorithm they are signed with.',
          `SELECT if(signature_algorithm = '', 'unreadable', toString(signature_algorithm)) AS name, count() AS certificates
            FROM certificates_in_use GROUP BY name ORDER BY certificates DESC LIMIT 15`,
        ),
        share(
          'Lifetimes',
          'Served certificates by their lifetime, in the steps of the CA/Browser Forum.',
          `SELECT multiIf(days <= 10, 'to 10 days', days <= 47, 'to 47 days', days <= 100, 'to 100 days', days <= 200, 'to 200 days',
              days <= 398, 'to 398 days', 'longer') AS name, count() AS certificates
            FROM (SELECT dateDiff('day', not_before, not_after) AS days FROM certificates_in_use) GROUP BY name ORDER BY min(days)`,
        ),
        {
          kind: 'table',
          title: 'Keys in more than one place',
          description: 'Keys that several endpoints serve: who holds one of these machines holds the others.',
          sql: `SELECT spki_sha256, count() AS endpoints, uniqExact(certificate_hash) AS certificates,
              arrayStringConcat(arraySlice(arraySort(groupUniqArray(10)(host)), 1, 10), ', ') AS hosts
            FROM serving_now WHERE spki_sha256 != '' GROUP BY spki_sha256 HAVING endpoints > 1 ORDER BY endpoints DESC LIMIT 100`,
          columns: { spki_sha256: 'String', endpoints: 'UInt64', certificates: 'UInt64', hosts: 'String' },
          w: 24,
          h: 9,
        },
      ],
    },
  ],
};
