import type { Migration } from './migration.js';

/** What the console, Grafana and reports read; the tables behind may change. */
export const views: Migration = {
  number: 6,
  name: 'views',
  tables: [],
  statements: [
    `CREATE VIEW IF NOT EXISTS {db}.endpoints_now {on_cluster} AS
SELECT
  host_reversed, endpoint, splitByChar('|', endpoint) AS parts, parts[1] AS host, parts[2] AS address,
  toUInt16OrZero(parts[3]) AS port, parts[4] AS server_name, parts[5] AS starttls,
  min(e.observed_at) AS first_seen_at, maxIf(e.observed_at, kind IN ('failed', 'ok')) AS last_observed_at,
  argMaxIf(e.outcome, e.observed_at, kind IN ('failed', 'ok')) AS outcome, maxIf(e.observed_at, kind = 'ok') AS last_ok_at,
  argMaxIf(tuple(e.certificate, e.issuers, e.tls_version, e.tls_cipher), e.observed_at, kind = 'ok') AS ok,
  ok.1 AS certificate, ok.2 AS issuers, ok.3 AS tls_version, ok.4 AS tls_cipher
FROM {db}.endpoints AS e
GROUP BY host_reversed, endpoint`,

    `CREATE VIEW IF NOT EXISTS {db}.findings_now {on_cluster} AS
SELECT id, rule, severity, title, subject_kind, subject_key, details, host, certificate, state, revision, opened_at, last_seen_at,
  resolved_at, changed_by, note
FROM {db}.findings FINAL`,

    `CREATE VIEW IF NOT EXISTS {db}.certificates_known {on_cluster} AS
SELECT sha256, sha1, spki_sha256, tbs_sha256, subject, issuer, serial_number, not_before, not_after, names, key_type, key_bits,
  key_curve, signature_algorithm, is_ca, is_precertificate, first_seen_at
FROM {db}.certificates
LIMIT 1 BY sha256`,

    `CREATE VIEW IF NOT EXISTS {db}.certificates_served {on_cluster} AS
SELECT e.host AS host, e.address AS address, e.port AS port, e.server_name AS server_name, e.last_ok_at AS last_ok_at,
  c.sha256 AS sha256, c.subject AS subject, c.issuer AS issuer, c.not_before AS not_before, c.not_after AS not_after,
  c.names AS names, c.key_type AS key_type, c.key_bits AS key_bits, c.signature_algorithm AS signature_algorithm
FROM {db}.endpoints_now AS e
INNER JOIN {db}.certificates_known AS c ON c.sha256 = e.certificate`,

    `CREATE VIEW IF NOT EXISTS {db}.certificates_logged {on_cluster} AS
SELECT sha256, log_id, leaf_index, any(p.timestamp) AS timestamp, any(p.entry_type) AS entry_type, toBool(max(p.verified)) AS verified
FROM {db}.ct_places AS p
GROUP BY sha256, log_id, leaf_index`,

    `CREATE VIEW IF NOT EXISTS {db}.issuances {on_cluster} AS
SELECT tbs_sha256, groupUniqArrayIf(sha256, NOT is_precertificate) AS certificates,
  groupUniqArrayIf(sha256, is_precertificate) AS precertificates
FROM {db}.certificates
WHERE tbs_sha256 != ''
GROUP BY tbs_sha256`,

    `CREATE VIEW IF NOT EXISTS {db}.names_known {on_cluster} AS
SELECT name_reversed, any(n.name) AS name, groupUniqArray(n.sha256) AS certificates, max(n.not_after) AS not_after
FROM {db}.certificate_names AS n
GROUP BY name_reversed`,

    `CREATE VIEW IF NOT EXISTS {db}.ct_entries_known {on_cluster} AS
SELECT log_id, leaf_index, timestamp, entry_type, sha256, verified, matches, seen_at
FROM {db}.ct_entries FINAL`,

    `CREATE VIEW IF NOT EXISTS {db}.ct_logs_now {on_cluster} AS
SELECT log_id, cursor, description, operator, url, protocol, state, tree_size, verified_index,
  greatest(toInt64(tree_size) - toInt64(verified_index), 0) AS behind, last_error, entries_per_second, lag_seconds, eta_seconds, updated_at
FROM {db}.ct_positions FINAL`,

    `CREATE VIEW IF NOT EXISTS {db}.inventory_runs_now {on_cluster} AS
SELECT source, started_at, finished_at, complete, items, errors
FROM {db}.inventory_runs FINAL
ORDER BY source, started_at DESC
LIMIT 1 BY source`,

    `CREATE VIEW IF NOT EXISTS {db}.inventory_now {on_cluster} AS
SELECT source, reference, sha256, spki_sha256, tbs_sha256, issuer_sha256, serial_number, owner, labels
FROM {db}.inventory_items
WHERE (source, run_at) IN (SELECT source, max(started_at) FROM {db}.inventory_runs WHERE complete GROUP BY source)
LIMIT 1 BY source, reference, sha256, spki_sha256, serial_number`,

    `CREATE VIEW IF NOT EXISTS {db}.observations_hourly {on_cluster} AS
SELECT toStartOfHour(observed_at) AS hour, outcome, uniqExact(cityHash64(endpoint_hash, observed_at)) AS observations
FROM {db}.observations
GROUP BY hour, outcome`,
  ],
};
