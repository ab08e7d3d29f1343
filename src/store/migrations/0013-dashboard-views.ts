import type { Migration } from './migration.js';

/** The environment of an inventory item: what its source says, else its label. */
const environment = `if(environment != '', environment, if(labels['environment'] != '', labels['environment'], labels['env']))`;

/** Owner and environment of inventory items, one row for each value of `id`. */
const known = (id: string, where: string): string =>
  `SELECT ${id} AS id, anyIf(ifNull(owner, ''), ifNull(owner, '') != '') AS owner, anyIf(${environment}, ${environment} != '') AS environment
  FROM {db}.inventory_now WHERE ${where} GROUP BY id`;

/** Columns of certificates that both views have. */
const facts = [
  'tbs_sha256',
  'subject',
  'issuer',
  'not_before',
  'not_after',
  'names',
  'key_type',
  'key_bits',
  'key_curve',
  'signature_algorithm',
];

const any = (columns: readonly string[]): string =>
  columns.map((column) => `any(c.${column}) AS ${column}`).join(', ');

/** What Grafana reads beside the views of 0006: narrow tables, so that all of a large store can be counted. */
export const dashboardViews: Migration = {
  number: 13,
  name: 'dashboard-views',
  tables: [],
  statements: [
    `CREATE VIEW IF NOT EXISTS {db}.serving_now {on_cluster} AS
SELECT splitByChar('|', endpoint) AS parts, parts[1] AS host, parts[2] AS address, toUInt16OrZero(parts[3]) AS port, parts[4] AS server_name,
  certificate_hash, spki_sha256, issuer, day AS not_after_day, leading_at AS last_seen_at
FROM {db}.serving FINAL`,

    `CREATE VIEW IF NOT EXISTS {db}.endpoint_outcomes {on_cluster} AS
SELECT endpoint_hash, argMax(e.outcome, e.observed_at) AS outcome, argMaxIf(e.tls_version, e.observed_at, kind = 'ok') AS tls_version,
  argMaxIf(e.tls_group, e.observed_at, kind = 'ok') AS tls_group, max(e.observed_at) AS last_observed_at
FROM {db}.endpoints AS e
WHERE kind IN ('failed', 'ok')
GROUP BY endpoint_hash`,

    // Grouped, not limited to one row each: a condition on the hash then reaches the primary key.
    `CREATE OR REPLACE VIEW {db}.certificates_known {on_cluster} AS
SELECT sha256, ${any(['sha1', 'spki_sha256', ...facts, 'serial_number', 'is_ca', 'is_precertificate'])}, min(c.first_seen_at) AS first_seen_at
FROM {db}.certificates AS c
GROUP BY sha256`,

    `CREATE VIEW IF NOT EXISTS {db}.certificates_in_use {on_cluster} AS
SELECT sha256, ${any(facts)}, any(JSONExtractUInt(c.more, 'sctCount')) AS sct_count
FROM {db}.certificates AS c
PREWHERE cityHash64(sha256) GLOBAL IN (SELECT certificate_hash FROM {db}.serving FINAL)
GROUP BY sha256`,

    `CREATE VIEW IF NOT EXISTS {db}.certificates_owned {on_cluster} AS
SELECT s.certificate_hash AS certificate_hash, s.issuer AS issuer, s.not_after_day AS not_after_day, s.endpoints AS endpoints,
  if(h.owner != '', h.owner, k.owner) AS owner, if(h.environment != '', h.environment, k.environment) AS environment
FROM (SELECT certificate_hash, any(spki_sha256) AS spki, any(issuer) AS issuer, any(day) AS not_after_day, count() AS endpoints
  FROM {db}.serving FINAL GROUP BY certificate_hash) AS s
GLOBAL LEFT JOIN (${known('cityHash64(sha256)', `sha256 != ''`)}) AS h ON h.id = s.certificate_hash
GLOBAL LEFT JOIN (${known('spki_sha256', `spki_sha256 != ''`)}) AS k ON k.id = s.spki`,

    `CREATE VIEW IF NOT EXISTS {db}.certificates_by_end {on_cluster} AS
SELECT day, issuer, sum(known) AS certificates
FROM (SELECT day, issuer, bucket, length(arrayDistinct(groupUniqArrayArray(e.hashes))) AS known
  FROM {db}.certificate_ends AS e GROUP BY day, issuer, bucket)
GROUP BY day, issuer`,

    `CREATE VIEW IF NOT EXISTS {db}.ct_issuances {on_cluster} AS
SELECT tbs_sha256
FROM {db}.ct_entries
WHERE tbs_sha256 != ''`,

    `CREATE VIEW IF NOT EXISTS {db}.scans_now {on_cluster} AS
SELECT id, name, started_at, finished_at, targets, outcomes, ifNull(dateDiff('second', started_at, finished_at), 0) AS seconds
FROM {db}.scans FINAL`,

    `CREATE VIEW IF NOT EXISTS {db}.jobs_now {on_cluster} AS
SELECT name, started_at
FROM {db}.schedule_runs FINAL
WHERE name NOT LIKE 'judg%'`,

    `CREATE VIEW IF NOT EXISTS {db}.deliveries_now {on_cluster} AS
SELECT id, channel, state, attempts, created_at, sent_at, ifNull(d.last_detail, '') AS last_detail
FROM {db}.deliveries AS d FINAL`,
  ],
};
