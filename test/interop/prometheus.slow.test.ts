import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import { root } from '../architecture/modules.js';
import { eventually, startServiceProcess, type ServiceProcess } from '../e2e/service-process.js';
import { temporaryFolder } from '../store/sample.js';
import { freePort } from '../support/free-port.js';
import { closedPort } from '../support/tls-servers.js';
import { program, start, type Running } from './support.js';

const prometheus = program('prometheus');
/** How long it scrapes; `CERTGLASS_PROMETHEUS_SECONDS=300` for five minutes. */
const seconds = Number(process.env['CERTGLASS_PROMETHEUS_SECONDS'] ?? 15);
/** Seconds between two scrapes, and the longest that one may take. */
const every = 5;

interface Answer<T> {
  readonly status: string;
  readonly data: T;
}

describe(
  'Prometheus',
  { skip: prometheus === null ? 'prometheus is not installed' : false, timeout: (seconds + 120) * 1_000 },
  () => {
    const folder = temporaryFolder();
    let service: ServiceProcess | undefined;
    let running: Running | undefined;
    let url = '';

    before(async () => {
      const { port: closed } = await closedPort();
      // At most 60 of 32,768 endpoints a second: the scan lasts nine minutes, longer than the test.
      const scan = {
        groups: [{ name: 'net', targets: [`127.16.0.0-127.16.127.255:${closed}`], depth: 'fast' }],
        rate: { global: 60, perAddress: 0, perNetwork: 0, perName: 0, backOff: false },
      };
      const config = join(folder, 'certglass.yaml');
      const off = { enabled: false };
      const store = { dataDir: join(folder, 'data') };
      const rest = { ct: off, dns: off, revocation: off, acme: off, api: { port: 0 } };
      writeFileSync(config, stringify({ scan, store, ...rest }));
      service = await startServiceProcess(['--config', config]);
      const port = await freePort();
      url = `http://127.0.0.1:${port}`;
      const file = join(folder, 'prometheus.yml');
      const scrape = {
        global: {
          scrape_interval: `${every}s`,
          scrape_timeout: `${every}s`,
          evaluation_interval: `${every}s`,
        },
        rule_files: [join(root, 'dashboards', 'prometheus', 'certglass.rules.yml')],
        scrape_configs: [
          { job_name: 'certglass', static_configs: [{ targets: [new URL(service.url).host] }] },
        ],
      };
      writeFileSync(file, stringify(scrape));
      const storage = `--storage.tsdb.path=${join(folder, 'tsdb')}`;
      const listen = `--web.listen-address=127.0.0.1:${port}`;
      running = await start(String(prometheus), [`--config.file=${file}`, storage, listen], port, folder);
    });
    after(async () => {
      await running?.stop();
      await service?.end('SIGTERM');
    });

    async function ask<T>(path: string): Promise<T> {
      const answer = (await (await fetch(`${url}/api/v1/${path}`)).json()) as Answer<T>;
      assert.equal(answer.status, 'success', path);
      return answer.data;
    }

    async function valueOf(query: string): Promise<number> {
      const { result } = await ask<{ result: readonly { value: readonly [number, string] }[] }>(
        `query?query=${encodeURIComponent(query)}`,
      );
      return Number(result[0]?.value[1] ?? NaN);
    }

    it('scrapes beside a scan without a gap, and evaluates every rule', async (context) => {
      const samples = `count_over_time(up{job="certglass"}[${seconds}s])`;
      const startedAt = performance.now();
      await eventually(
        async () => {
          await delay(500);
          return valueOf(samples);
        },
        (count) => count >= Math.floor(seconds / every) && performance.now() - startedAt > seconds * 1_000,
        (seconds + 60) * 1_000,
      );
      assert.equal(
        await valueOf(`min_over_time(up{job="certglass"}[${seconds}s])`),
        1,
        'every scrape succeeded',
      );
      const longest = await valueOf(`max_over_time(scrape_duration_seconds[${seconds}s])`);
      context.diagnostic(`longest scrape ${longest.toFixed(2)} s, ${await valueOf(samples)} scrapes`);
      assert.ok((await valueOf('delta(certglass_scan_done[15s])')) > 0, 'the scan went on');
      const { groups } = await ask<{
        groups: readonly { rules: readonly { health: string; name: string }[] }[];
      }>('rules');
      const rules = groups.flatMap((group) => group.rules);
      assert.ok(rules.length >= 7);
      assert.deepEqual(
        rules.filter(({ health }) => health !== 'ok').map(({ name }) => name),
        [],
      );
    });
  },
);
