import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse } from 'yaml';
import { openLedger } from '../../src/judging/finding-ledger.js';
import { createMetrics } from '../../src/service/metrics/metrics.js';
import { openStore, type OpenStore } from '../../src/store/index.js';
import { root } from '../architecture/modules.js';
import { fill } from '../store/filled.js';
import { embeddedConfig, log, temporaryFolder } from '../store/sample.js';

const lacksPromtool = spawnSync('promtool', ['--version']).error === undefined ? false : 'needs promtool';
const rulesFile = join(root, 'dashboards', 'prometheus', 'certglass.rules.yml');

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly runbook_url: string };
}

describe('metrics', () => {
  let store: OpenStore;
  before(async () => {
    store = await openStore(embeddedConfig(temporaryFolder()), log);
    await fill(store);
  });
  after(() => store.close());

  async function scrape(endpoints: number): Promise<string> {
    const ledger = await openLedger(store);
    const progress = {
      done: 3,
      total: null,
      rate: 2.5,
      secondsLeft: null,
      outcomes: { ok: 2, refused: 1 },
    } as const;
    const running = new Map([['scan-1', { name: 'web', progress }]]);
    const parts = { store, ledger, running: running as never, version: '1.2.3', endpoints };
    return createMetrics(parts).metrics();
  }

  it('shows builds, findings, endpoints, logs, deliveries, jobs and scans', async () => {
    const text = await scrape(5_000);
    for (const line of [
      /^certglass_build_info\{version="1\.2\.3",node="[^"]+"\} 1$/m,
      /^certglass_findings_open\{severity="error"\} 6$/m,
      /^certglass_findings\{state="open",severity="error",owner="",environment=""\} 6$/m,
      /^certglass_endpoint_cert_expiry_timestamp_seconds\{host="a\.example\.com",address="192\.0\.2\.1",port="443",server_name="a\.example\.com"\} \d+/m,
      /^certglass_endpoints_left_out 0$/m,
      /^certglass_ct_log_behind_entries\{log="Log A"\} 10$/m,
      /^certglass_deliveries\{channel="email",state="pending"\} 2$/m,
      /^certglass_store_up 1$/m,
      /^certglass_scan_done\{scan="web"\} 3$/m,
      /^certglass_scan_outcomes\{scan="web",outcome="refused"\} 1$/m,
    ])
      assert.match(text, line);
    assert.doesNotMatch(text, /certglass_scan_targets\{/);
  });

  it('shows no more endpoints than it may, says so, and none when asked', async () => {
    const few = await scrape(2);
    assert.equal(few.match(/^certglass_endpoint_cert_expiry_timestamp_seconds\{/gm)?.length, 2);
    assert.match(few, /^certglass_endpoints_left_out 1$/m);
    assert.doesNotMatch(await scrape(0), /certglass_endpoint/);
  });

  it('passes promtool', { skip: lacksPromtool }, async () => {
    const own = (await scrape(5_000))
      .split('\n')
      .filter((line) => /certglass_/.test(line))
      .join('\n');
    const said = spawnSync('promtool', ['check', 'metrics'], { input: `${own}\n`, encoding: 'utf8' });
    assert.deepEqual([said.status, said.stdout, said.stderr], [0, '', '']);
  });

  it('has alerts on metrics that exist, each with a runbook', async () => {
    const text = await scrape(5_000);
    const { groups } = parse(readFileSync(rulesFile, 'utf8')) as {
      groups: readonly { readonly rules: readonly Alert[] }[];
    };
    const alerts = groups.flatMap(({ rules }) => rules);
    assert.ok(alerts.length >= 8);
    for (const { alert, expr, annotations } of alerts) {
      assert.ok(existsSync(join(root, annotations.runbook_url)), alert);
      for (const name of expr.match(/\bcertglass_\w+/g) ?? [])
        assert.match(text, new RegExp(`^# TYPE ${name} `, 'm'), `${alert}: ${name}`);
    }
  });

  it('has alerts that promtool accepts', { skip: lacksPromtool }, () => {
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'rules', rulesFile], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, `${stdout}${stderr}`);
  });
});
