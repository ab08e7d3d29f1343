import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { seeded } from '../support/collect.js';
import { buildEstate, type Estate } from './estate.js';
import { eventually, startServiceProcess, type ServiceProcess } from './service-process.js';

/** The CI run asks for 20. */
const kills = Number(process.env['CERTGLASS_KILLS'] ?? 8);

/** The engine is the service's child process that runs the embedded store. */
function enginePid(service: ServiceProcess): number | null {
  try {
    const children = readFileSync(`/proc/${service.pid}/task/${service.pid}/children`, 'utf8');
    const pid = Number(children.trim().split(' ')[0]);
    return pid > 0 ? pid : null;
  } catch {
    return null; // gone already
  }
}

describe(
  `kill -9 of service and engine at ${kills} random moments`,
  { timeout: 380_000, skip: process.platform !== 'linux' },
  () => {
    let estate: Estate;
    let service: ServiceProcess;
    const random = seeded(20_260);
    before(async () => {
      estate = await buildEstate();
    });
    after(async () => {
      await service?.end('SIGKILL');
      await estate?.close();
    });

    it('starts again every time', async () => {
      for (let kill = 0; kill < kills; kill += 1) {
        service = await startServiceProcess(['--config', estate.configFile]);
        await delay(random() * 2_500); // the random moment itself, not a wait for something
        const engine = kill % 2 === 0 ? null : enginePid(service);
        if (engine !== null) {
          process.kill(engine, 'SIGKILL');
          await delay(random() * 300);
        }
        await service.end('SIGKILL');
      }
      service = await startServiceProcess(['--config', estate.configFile]);
    });

    it('has every finding, and none twice', async () => {
      const open = async (): Promise<string[]> =>
        (await service.list<{ rule: string; host: string }>('/api/v1/findings?state=open'))
          .map(({ rule, host }) => `${rule} ${host}`)
          .sort();
      await eventually(open, (found) => found.length >= estate.expected.length);
      assert.deepEqual(await open(), estate.expected);
    });

    it('has every endpoint and every log entry, and none twice', async () => {
      const endpoints = await service.list<{ key: string }>('/api/v1/endpoints');
      assert.equal(endpoints.length, estate.hosts.size);
      assert.equal(new Set(endpoints.map(({ key }) => key)).size, endpoints.length);
      const logs = await eventually(
        () =>
          service.list<{ logId: string; treeSize: number; verifiedIndex: number; entries: number }>(
            '/api/v1/ct/logs',
          ),
        (rows) =>
          rows.length > 0 && rows.every((row) => row.treeSize > 0 && row.verifiedIndex === row.treeSize),
      );
      // Matched entries of both logs: the nine managed certificates, and one more in each.
      for (const log of estate.logs) assert.equal(logs.find((row) => row.logId === log.logId)?.entries, 10);
      const observations = await service.list<{ endpointKey: string; observedAt: string }>(
        '/api/v1/observations',
      );
      const looks = new Set(
        observations.map(({ endpointKey, observedAt }) => `${endpointKey} ${observedAt}`),
      );
      assert.equal(looks.size, observations.length);
    });

    it('has told everything, and nothing under two ids', async () => {
      const told = await eventually(
        () =>
          Promise.resolve(
            estate.webhook.requests.flatMap(({ id, json }) =>
              json.data.findings.map((finding) => ({ ...finding, id: finding.id, delivery: id })),
            ),
          ),
        (findings) =>
          new Set(findings.filter(({ state }) => state === 'open').map(({ id }) => id)).size >=
          estate.expected.length,
      );
      const deliveries = new Map<string, Set<string>>();
      for (const { id, revision, delivery } of told) {
        const key = `${id} ${revision}`;
        deliveries.set(key, (deliveries.get(key) ?? new Set()).add(delivery));
      }
      for (const [key, ids] of deliveries)
        assert.equal(ids.size, 1, `${key} was told as ${[...ids].join(', ')}`);
    });
  },
);
