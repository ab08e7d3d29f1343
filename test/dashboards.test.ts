import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { parse } from 'yaml';
import { openStore, type OpenStore } from '../src/store/index.js';
import {
  certificate,
  ctEntry,
  delivery,
  embeddedConfig,
  finding,
  inventoryItem,
  log,
  observation,
  position,
  temporaryFolder,
} from './store/sample.js';
import { root } from './architecture/modules.js';
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

const files = readdirSync(folder).filter((name) => /^certglass-.*\.json$/.test(name));

/** What queries.json says of every query; see grafana/. */
interface KnownQuery {
  readonly board: string;
  readonly title: string;
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  readonly sql: string;
  readonly columns: Readonly<Record<string, string>>;
}
const queries = JSON.parse(
  readFileSync(join(root, 'grafana', 'queries.json'), 'utf8'),
) as readonly KnownQuery[];

/** An instant such as `now-7d`. */
function instantOf(text: string): Date {
  const [, sign, count, unit] = /^now(?:([-+])(\d+)([dm]))?$/.exec(text) ?? [];
  const ms = Number(count ?? 0) * (unit === 'm' ? 60_000 : 86_400_000);
  return new Date(now.getTime() + (sign === '-' ? -ms : ms));
}
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

/** True when a compiled file is there and no source below `sources` was changed since. */
function isNewerThan(built: string, sources: string): boolean {
  if (!existsSync(built)) return false;
  const paths = readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(sources, path));
  return paths.every((path) => statSync(path).mtimeMs <= statSync(built).mtimeMs);
}

describe('every dashboard', () => {
  it('is made from its source, and current', async () => {
    const built = resolve(import.meta.dirname, '../dashboards/index.js');
    if (!isNewerThan(built, join(root, 'grafana')))
      execFileSync(process.execPath, [
        join(root, 'node_modules/typescript/bin/tsc'),
        '-p',
        join(root, 'grafana'),
      ]);
    const made = (await import(built)) as { files(): ReadonlyMap<string, string> };
    for (const [path, content] of made.files())
      assert.equal(readFileSync(join(root, path), 'utf8'), content, `${path}: run npm run dashboards`);
    const boards = [...made.files().keys()].flatMap((path) => /^dashboards\/([^/]+)$/.exec(path)?.[1] ?? []);
    assert.deepEqual(boards.sort(), files.toSorted());
  });

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
      assert.ok(withQueries(dashboard).length >= 7);
      for (const panel of withQueries(dashboard)) {
        assert.ok(panel.title.length > 2);
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
        /^(findings_now|certificates_(known|in_use|owned|by_end)|ct_(entries_known|logs_now|issuances)|serving_now|endpoint_outcomes|(scans|deliveries|jobs|inventory|inventory_runs)_now|newest)$/;
      for (const { title, targets } of withQueries(dashboard))
        for (const [, source] of (targets?.[0]?.rawSql ?? '').matchAll(/\b(?:FROM|JOIN) (\w+)/g))
          assert.match(source!, views, title);
      for (const variable of dashboard.templating.list)
        assert.ok(['datasource', 'query'].includes(variable.type) || variable.name === 'console');
      assert.doesNotMatch(JSON.stringify(dashboard.panels.map(({ targets }) => targets)), /\$\{console/);
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

  /** Values of the variables of a dashboard. */
  async function variablesOf(board: string): Promise<Record<string, string[]>> {
    const variables: Record<string, string[]> = {};
    const dashboard = dashboards.find(([, { uid }]) => uid === board)?.[1];
    for (const { name: variable, query } of dashboard?.templating.list ?? []) {
      if (typeof query === 'string') continue;
      const { data } = await run(query.rawSql);
      variables[variable] = data.map((row) => String(Object.values(row)[0]));
      assert.ok(data.length > 0, variable);
    }
    return variables;
  }

  for (const { board, title, kind, sql, columns, ...range } of queries)
    it(`${board}: "${title}" runs as the reader, finds something and answers the declared types`, async () => {
      const variables = await variablesOf(board);
      const [from, to] = [instantOf(range.from), instantOf(range.to)];
      const { meta = [], data } = await run(expand(sql, from, to, variables));
      assert.ok(data.length > 0, 'rows');
      assert.deepEqual(Object.fromEntries(meta.map(({ name, type: is }) => [name, is])), columns);
      for (const column of meta) assert.match(column.type, simpleType, `${column.name} ${column.type}`);
      const unset = Object.fromEntries(Object.keys(variables).map((variable) => [variable, []]));
      await run(expand(sql, from, to, unset));
      const names = meta.map((column) => column.name);
      if (kind === 'time') assert.match(`${meta[0]?.name} ${meta[0]?.type}`, /^time DateTime/);
      if (kind === 'bars') assert.equal(names[0], 'name');
      if (kind !== 'stat' && kind !== 'alert') return;
      assert.deepEqual([data.length, meta.length], [1, 1]);
      if (kind === 'stat') assert.ok(Number(Object.values(data[0]!)[0]) > 0, JSON.stringify(data));
    });

  it('is that of its panel, and tables link by columns that they have', () => {
    for (const [, { uid, panels }] of dashboards)
      for (const { title, type: shape, targets, fieldConfig } of panels.filter((one) => one.type !== 'row')) {
        const known = queries.find((one) => one.board === uid && one.title === title);
        assert.equal(targets?.[0]?.rawSql, known?.sql, title);
        assert.equal(targets?.[0]?.format, shape === 'timeseries' ? 0 : 1, title);
        for (const { matcher } of fieldConfig?.overrides ?? [])
          assert.ok(Object.hasOwn(known?.columns ?? {}, matcher.options), matcher.options);
      }
  });
});

/** Types whose binary form every version of the plug-in reads. */
const simpleType =
  /^(LowCardinality\()?(Nullable\()?(String|U?Int(8|16|32|64)|Float64|Bool|DateTime(\('UTC'\))?|DateTime64\([03](, 'UTC')?\))\)*$/;

/** Something for every panel. */
async function fill(store: OpenStore): Promise<void> {
  const shared = { spkiSha256: 'e'.repeat(64) };
  const served = [
    certificate('expired.example.com', { notAfter: days(-2), ...shared }),
    certificate('soon.example.com', { notAfter: days(3), sctCount: 2, ...shared }),
    certificate('later.example.com', { notAfter: days(25), issuer: 'CN=R10,O=Let\\, Encrypt,C=US' }),
    certificate(hostile, { notAfter: days(60), issuer: `CN=${hostile}` }),
  ];
  await store.writeObservations([
    ...served.map((leaf) =>
      observation(leaf.commonNames[0]!, { certificate: leaf, chain: [leaf], observedAt: now }),
    ),
    observation('old.example.com', { certificate: served[0]!, chain: [served[0]!], observedAt: days(-3) }),
  ]);
  await fillFindings(store);
  const unserved = certificate('unserved.example.com', { notAfter: days(50) });
  await store.writeCtEntries([
    ctEntry('unserved.example.com', 1, { certificate: unserved, timestamp: days(-1) }),
    ctEntry('soon.example.com', 2, { certificate: served[1]!, timestamp: days(-2) }),
  ]);
  await store.writeCtPosition(position({ updatedAt: now, lastError: 'status 503', lagSeconds: 60 }));
  await fillOperation(store);
}

async function fillFindings(store: OpenStore): Promise<void> {
  const times = { openedAt: days(-1), lastSeenAt: now };
  const of = (rule: string, change: object = {}) =>
    finding(`${rule}.example.com`, { rule, severity: 'error', ...times, ...change });
  const renewal = { dueAt: days(4), details: { updated: 7, total: 9 } };
  await store.writeFindings([
    ...(['critical', 'error', 'warning', 'notice'] as const).map((severity) =>
      finding(`${severity}.example.com`, {
        severity,
        owner: 'payments',
        environment: 'production',
        ...times,
      }),
    ),
    finding('gone.example.com', {
      state: 'resolved',
      severity: 'error',
      revision: 2,
      ...times,
      resolvedAt: days(-0.1),
    }),
    finding('excused.example.com', { state: 'accepted', note: 'until the move', until: days(9), ...times }),
    finding('ancient.example.com', { severity: 'error', openedAt: days(-40), lastSeenAt: now }),
    ...[
      'shadow',
      'unexplained-issuance',
      'unauthorized-issuer',
      'look-alike-domain',
      'expired',
      'ct-log-lagging',
    ].map((rule) => of(rule)),
    ...['deploy-gap', 'predicted-outage', 'renewal-failing'].map((rule) => of(rule, renewal)),
  ]);
}

async function fillOperation(store: OpenStore): Promise<void> {
  const run = { id: 'run-1', name: 'lab', startedAt: days(-1), finishedAt: days(-0.9), resume: null };
  await store.writeScanRun({ ...run, targets: 9, outcomes: { ok: 8, timeout: 1 } });
  await store.writeScheduleRun('scan:lab', days(-1));
  await store.writeDeliveries([delivery('webhook', 'd-1', { createdAt: days(-1), state: 'failed' })]);
  const known = inventoryItem('vault:main', 'soon.example.com', {
    owner: 'payments',
    environment: 'production',
  });
  const finish = () => ({
    ...{
      source: 'vault:main',
      startedAt: days(-1),
      finishedAt: now,
      complete: true,
      items: 1,
      errors: [],
      notes: [],
    },
  });
  async function* items() {
    yield known;
  }
  await store.writeInventory({ source: 'vault:main', startedAt: days(-1) }, items(), finish);
}
