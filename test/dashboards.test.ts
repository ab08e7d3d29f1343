import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { parse } from 'yaml';
import { openStore, type OpenStore } from '../src/store/index.js';
import {
  certificate,
  ctEntry,
  embeddedConfig,
  finding,
  log,
  observation,
  position,
  temporaryFolder,
} from './store/sample.js';
import { freePort } from './support/free-port.js';

const folder = resolve(import.meta.dirname, '../../dashboards');
const type = 'grafana-clickhouse-datasource';

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: {
    readonly defaults: { readonly unit?: string };
    readonly overrides: readonly { readonly matcher: { readonly options: string } }[];
  };
  readonly targets?: readonly {
    readonly refId: string;
    readonly rawSql: string;
    readonly format: number;
    readonly datasource: { readonly uid: string };
  }[];
}
interface Variable {
  readonly name: string;
  readonly type: string;
  readonly query: string | { readonly rawSql: string };
}
interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly editable: boolean;
  readonly time: { readonly from: string; readonly to: string };
  readonly templating: { readonly list: readonly Variable[] };
  readonly panels: readonly Panel[];
}

const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const dashboards = files.map((name): [string, Dashboard] => [
  name,
  JSON.parse(readFileSync(join(folder, name), 'utf8')),
]);
const withQueries = (dashboard: Dashboard): readonly Panel[] =>
  dashboard.panels.filter((panel) => panel.type !== 'row');

const now = new Date();
const days = (count: number): Date => new Date(now.getTime() + count * 86_400_000);
const hostile = `'; DROP TABLE x; -- <script>alert(1)</script> \u001b[31m`;

/** What the plug-in makes of its macros, and Grafana of variables, for one time range. */
function expand(
  sql: string,
  from: Date,
  to: Date,
  variables: Readonly<Record<string, readonly string[]>>,
): string {
  const seconds = (date: Date): string => `toDateTime(${Math.floor(date.getTime() / 1000)})`;
  const expanded = sql
    .replace(
      /\$__timeFilter\(([^)]+)\)/g,
      (_all, column) => `${column} >= ${seconds(from)} AND ${column} <= ${seconds(to)}`,
    )
    .replace(/\$__timeInterval\(([^)]+)\)/g, 'toStartOfInterval(toDateTime($1), INTERVAL 3600 second)')
    .replaceAll('$__interval_s', '3600')
    .replaceAll('$__fromTime', seconds(from))
    .replaceAll('$__toTime', seconds(to))
    .replace(/\$\{(\w+):singlequote\}/g, (_all, name: string) =>
      variables[name]!.map((value) => `'${value.replaceAll("'", "\\'")}'`).join(','),
    );
  assert.doesNotMatch(expanded, /\$/, 'no macro or variable is left');
  return expanded;
}

describe('every dashboard', () => {
  it('is looked at here', () =>
    assert.deepEqual(files, ['certglass-findings.json', 'certglass-inventory.json']));

  for (const [name, dashboard] of dashboards) {
    it(`${name} asks for its data source by a variable, and every panel uses it`, () => {
      const [first] = dashboard.templating.list;
      assert.deepEqual([first?.name, first?.type, first?.query], ['datasource', 'datasource', type]);
      for (const panel of withQueries(dashboard)) {
        assert.deepEqual(panel.datasource, { type, uid: '${datasource}' }, panel.title);
        for (const target of panel.targets ?? []) assert.equal(target.datasource.uid, '${datasource}');
      }
    });
    it(`${name} gives every panel a title, a description, a unit and one query`, () => {
      const ids = dashboard.panels.map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length);
      assert.ok(withQueries(dashboard).length >= 10);
      for (const panel of withQueries(dashboard)) {
        assert.ok(panel.title.length > 3);
        assert.match(panel.description ?? '', /\.$/, panel.title);
        assert.ok(panel.fieldConfig?.defaults.unit, panel.title);
        assert.equal(panel.targets?.length, 1, panel.title);
      }
    });
    it(`${name} cannot be edited by chance, and its panels do not overlap`, () => {
      assert.equal(dashboard.editable, false);
      const taken = new Set<string>();
      for (const { title, gridPos } of dashboard.panels) {
        assert.ok(gridPos.x + gridPos.w <= 24, title);
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
            assert.ok(!taken.has(`${x},${y}`), title);
            taken.add(`${x},${y}`);
          }
      }
    });
    it(`${name} shows hostile text as plain text`, () => {
      assert.doesNotMatch(
        JSON.stringify(dashboard.panels),
        /"(type|mode)":"(text|html|markdown|geomap|image)"/,
      );
    });
    it(`${name} reads views alone and takes no free text into its queries`, () => {
      const views =
        /^(endpoints_now|findings_now|certificates_known|certificates_served|ct_entries_known|ct_logs_now)$/;
      for (const { title, targets } of withQueries(dashboard))
        for (const [, source] of (targets?.[0]?.rawSql ?? '').matchAll(/\b(?:FROM|JOIN) (\w+)/g))
          assert.match(source!, views, title);
      for (const variable of dashboard.templating.list)
        assert.ok(['datasource', 'query'].includes(variable.type));
    });
  }

  it('is provisioned with the data source that the files describe', () => {
    const read = (name: string) => parse(readFileSync(join(folder, 'provisioning', name), 'utf8'));
    const [source] = read('datasources/certglass.yaml').datasources;
    assert.equal(source.type, type);
    assert.deepEqual(
      [source.jsonData.protocol, source.jsonData.username, source.jsonData.defaultDatabase],
      ['http', 'reader', 'certglass'],
    );
    assert.match(source.secureJsonData.password, /^\$[A-Z_]+$/);
    assert.equal(read('dashboards/certglass.yaml').providers[0].type, 'file');
  });
});

describe("every panel's query", () => {
  let store: OpenStore;
  let client: ClickHouseClient;

  before(async () => {
    const port = await freePort();
    const readerPassword = 'reader-password-of-this-test';
    store = await openStore(embeddedConfig(temporaryFolder(), { embedded: { port, readerPassword } }), log);
    await fill(store);
    client = createClient({
      url: `http://127.0.0.1:${port}`,
      username: 'reader',
      password: readerPassword,
      database: 'certglass',
      log: { level: 127 },
    });
  });
  after(async () => {
    await client.close();
    await store.close();
  });

  async function run(sql: string) {
    const result = await client.query({ query: sql, format: 'JSON' });
    return result.json<Record<string, unknown>>();
  }

  for (const [name, dashboard] of dashboards)
    for (const panel of withQueries(dashboard))
      it(`${name}: "${panel.title}" runs as the reader and finds something`, async () => {
        const variables: Record<string, string[]> = {};
        for (const { name: variable, query } of dashboard.templating.list) {
          if (typeof query === 'string') continue;
          const { data } = await run(query.rawSql);
          variables[variable] = data.map((row) => String(Object.values(row)[0]));
          assert.ok(data.length > 0, variable);
        }
        const [from, to] = dashboard.time.to === 'now' ? [days(-7), days(1)] : [days(0), days(90)];
        const [target] = panel.targets ?? [];
        const { meta = [], data } = await run(expand(target!.rawSql, from, to, variables));
        assert.ok(data.length > 0, 'rows');
        const unset = Object.fromEntries(Object.keys(variables).map((variable) => [variable, []]));
        await run(expand(target!.rawSql, from, to, unset));
        for (const column of meta) assert.match(column.type, simpleType, `${column.name} ${column.type}`);
        const columns = meta.map((column) => column.name);
        if (panel.type === 'timeseries') {
          assert.equal(target!.format, 0);
          assert.match(`${meta[0]?.name} ${meta[0]?.type}`, /^time DateTime/);
        } else if (panel.type === 'stat') assert.deepEqual([data.length, meta.length], [1, 1]);
        else if (panel.type === 'barchart') assert.equal(columns[0], 'name');
        if (panel.type === 'stat') assert.ok(Number(Object.values(data[0]!)[0]) > 0);
        for (const { matcher } of panel.fieldConfig?.overrides ?? [])
          if (panel.type === 'table') assert.ok(columns.includes(matcher.options), matcher.options);
      });
});

/** Types whose binary form every version of the plug-in reads. */
const simpleType =
  /^(LowCardinality\()?(Nullable\()?(String|U?Int(8|16|32|64)|Float64|Bool|DateTime(\('UTC'\))?|DateTime64\([03](, 'UTC')?\))\)*$/;

/** Something for every panel: ended, ending, shared keys, all severities, logs behind and failing, logged but not served. */
async function fill(store: OpenStore): Promise<void> {
  const shared = { spkiSha256: 'e'.repeat(64) };
  const served = [
    certificate('expired.example.com', { notAfter: days(-2), ...shared }),
    certificate('soon.example.com', { notAfter: days(3), ...shared }),
    certificate('later.example.com', { notAfter: days(25) }),
    certificate(hostile, { notAfter: days(60), issuer: `CN=${hostile}` }),
  ];
  await store.writeObservations(
    served.map((leaf) =>
      observation(leaf.commonNames[0]!, { certificate: leaf, chain: [leaf], observedAt: now }),
    ),
  );
  const severities = ['critical', 'error', 'warning', 'notice'] as const;
  const times = { openedAt: days(-1), lastSeenAt: now };
  await store.writeFindings([
    ...severities.map((severity) => finding(`${severity}.example.com`, { severity, ...times })),
    finding('gone.example.com', { state: 'resolved', revision: 2, ...times, resolvedAt: now }),
  ]);
  const unserved = certificate('unserved.example.com', { notAfter: days(50) });
  await store.writeCtEntries([
    ctEntry('unserved.example.com', 1, { certificate: unserved, timestamp: days(-1) }),
    ctEntry('later.example.com', 2, { certificate: served[2]!, timestamp: days(-2) }),
  ]);
  await store.writeCtPosition(position({ updatedAt: now, lastError: 'status 503' }));
}
