import { RuleBuilder, RuleGroupBuilder, type RuleGroup } from '@grafana/grafana-foundation-sdk/alerting';
import { clickhouseQuery, type Question } from './query.js';
import { issuanceRules, open } from './sql.js';

/** What an alert rule asks: one figure, which fires above zero. */
export interface AlertSpec extends Question {
  readonly uid: string;
  readonly title: string;
  readonly summary: string;
  readonly runbook: string;
  readonly severity: 'critical' | 'error' | 'warning';
  /** How long it has to be so. */
  readonly forDuration: string;
}

const value = { value: 'UInt64' } as const;

/** Alerts for those who alert through Grafana; Certglass itself alerts through its channels. */
export const alertSpecs: readonly AlertSpec[] = [
  {
    uid: 'certglass-critical',
    title: 'Critical findings are open',
    summary: 'Certglass has critical findings that nobody acknowledged.',
    runbook: 'findings.md',
    severity: 'critical',
    forDuration: '15m',
    sql: `SELECT count() AS value FROM findings_now WHERE state = 'open' AND severity = 'critical'`,
    columns: value,
  },
  {
    uid: 'certglass-ending',
    title: 'Served certificates end within a week',
    summary: 'Certificates that are served end within seven days.',
    runbook: 'expiring.md',
    severity: 'warning',
    forDuration: '1h',
    sql: `SELECT uniqExact(certificate_hash) AS value FROM serving_now
      WHERE not_after_day > toDateTime(0) AND not_after_day BETWEEN today() AND today() + 7`,
    columns: value,
  },
  {
    uid: 'certglass-outages',
    title: 'Outages are predicted within three days',
    summary: 'Certificates that were not renewed, or not installed everywhere, end within three days.',
    runbook: 'expiring.md',
    severity: 'error',
    forDuration: '15m',
    sql: `SELECT count() AS value FROM findings_now
      WHERE ${open} AND rule IN ('deploy-gap', 'predicted-outage') AND due_at < now() + INTERVAL 3 DAY`,
    columns: value,
  },
  {
    uid: 'certglass-issuance',
    title: 'Certificates were issued that nothing explains',
    summary: 'Open findings of severity error or above about issuance.',
    runbook: 'findings.md',
    severity: 'error',
    forDuration: '15m',
    sql: `SELECT count() AS value FROM findings_now WHERE ${open} AND severity >= 'error' AND rule IN ${issuanceRules}`,
    columns: value,
  },
  {
    uid: 'certglass-log-lag',
    title: 'A CT log is read late',
    summary: 'A log has not been read to its end for six hours.',
    runbook: 'ct-logs.md',
    severity: 'warning',
    forDuration: '30m',
    sql: `SELECT countIf(lag_seconds > 21600) AS value FROM ct_logs_now WHERE cursor = 'tail'`,
    columns: value,
  },
  {
    uid: 'certglass-deliveries',
    title: 'Alerts are not delivered',
    summary: 'Deliveries of the last hour failed for good.',
    runbook: 'deliveries.md',
    severity: 'warning',
    forDuration: '5m',
    sql: `SELECT count() AS value FROM deliveries_now WHERE state = 'failed' AND created_at > now() - INTERVAL 1 HOUR`,
    columns: value,
  },
  {
    uid: 'certglass-probes',
    title: 'Endpoints are not probed',
    summary: 'No endpoint was probed for a day although there are some.',
    runbook: 'scans.md',
    severity: 'warning',
    forDuration: '1h',
    sql: `SELECT toUInt64(count() > 0 AND max(last_observed_at) < now() - INTERVAL 1 DAY) AS value FROM endpoint_outcomes`,
    columns: value,
  },
];

/** Uid of the provisioned data source. */
const source = 'certglass';
const range = { from: 600, to: 0 } as const;

/** The rules as a group that Grafana provisions. */
export function alertRules(): RuleGroup {
  const group = new RuleGroupBuilder('certglass').interval(60).folderUid('certglass');
  for (const spec of alertSpecs) {
    const rule = new RuleBuilder(spec.title)
      .uid(spec.uid)
      .forDuration(spec.forDuration)
      .condition('B')
      .noDataState('OK')
      .execErrState('Error')
      .labels({ severity: spec.severity, product: 'certglass' })
      .annotations({ summary: spec.summary, runbook_url: `docs/runbooks/${spec.runbook}` })
      .queries([
        { build: () => ({ ...base('A', source), model: clickhouseQuery(spec.sql, 1, source).build() }) },
        { build: () => ({ ...base('B', '__expr__'), model: threshold as never }) },
      ]);
    group.withRule(rule);
  }
  return group.build();
}

const base = (refId: string, datasourceUid: string) =>
  ({ refId, datasourceUid, queryType: '', relativeTimeRange: range }) as const;

const threshold = {
  refId: 'B',
  type: 'threshold',
  datasource: { type: '__expr__', uid: '__expr__' },
  expression: 'A',
  conditions: [{ evaluator: { type: 'gt', params: [0] } }],
};
