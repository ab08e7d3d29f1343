import { stringify } from 'yaml';
import { alertRules, alertSpecs } from './alert-rules.js';
import { build, type Board } from './board.js';
import { compliance } from './boards/compliance.js';
import { ct } from './boards/ct.js';
import { deployment } from './boards/deployment.js';
import { findings } from './boards/findings.js';
import { inventory } from './boards/inventory.js';
import { issuance } from './boards/issuance.js';
import { overview } from './boards/overview.js';
import { scans } from './boards/scans.js';

const boards: readonly Board[] = [overview, inventory, findings, issuance, deployment, ct, scans, compliance];

/** Every file that is made here, by its path. */
export function files(): ReadonlyMap<string, string> {
  return new Map([
    ...boards.map((board) => [`dashboards/${board.uid}.json`, json(build(board))] as const),
    ['dashboards/provisioning/alerting/certglass.yaml', provisioned()],
    ['grafana/queries.json', json(queries())],
  ]);
}

/** Every query with the columns that it answers: what tests run, here and through other drivers. */
function queries(): unknown {
  const ofPanels = boards.flatMap(({ uid, from, to, rows }) =>
    rows.flatMap(({ panels }) =>
      panels.map(({ title, kind, sql, columns }) => ({
        board: uid,
        title,
        kind,
        from,
        to,
        sql: oneLine(sql),
        columns,
      })),
    ),
  );
  const ofAlerts = alertSpecs.map(({ title, sql, columns }) => ({
    ...{ board: 'alerts', title, kind: 'alert', from: 'now-10m', to: 'now' },
    ...{ sql: oneLine(sql), columns },
  }));
  return [...ofPanels, ...ofAlerts];
}

function provisioned(): string {
  const { name, interval, rules } = JSON.parse(JSON.stringify(alertRules())) as {
    name: unknown;
    interval: number;
    rules: readonly Record<string, unknown>[];
  };
  const kept = rules.map(({ queries, for: forDuration, ...rule }) => ({
    ...Object.fromEntries(Object.entries(rule).filter(([key]) => used.has(key))),
    for: forDuration,
    data: rule['data'] ?? queries,
  }));
  const group = {
    orgId: 1,
    name: name ?? 'certglass',
    folder: 'Certglass',
    interval: `${interval}s`,
    rules: kept,
  };
  const head =
    '# Alert rules for Grafana; made by `npm run dashboards`. Queries go to the data source with the uid certglass.\n';
  return `${head}${stringify({ apiVersion: 1, groups: [group] }, { lineWidth: 0 })}`;
}

const used = new Set(['uid', 'title', 'condition', 'annotations', 'labels', 'noDataState', 'execErrState']);

function oneLine(sql: string): string {
  return sql.trim().replaceAll(/\s+/g, ' ');
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
