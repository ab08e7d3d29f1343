import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { targetGroup, tlsConfig } from '../../../../scanners/tls/config.js';
import { createLookPool } from '../../../../scanners/tls/probe/look-pool.js';
import { scanTargets } from '../../../../scanners/tls/scan.js';
import { issueFor } from '../../../support/pki.js';
import { loopback, rawServer, tlsServer, type TestServer } from '../../../support/tls-servers.js';
import { targetAt } from '../support.js';

const limits = { maxBytes: 262_144, maxCertificateBytes: 1_048_576 };

describe('A pool of worker threads', () => {
  const leaf = issueFor('a.example');
  let server: TestServer;
  before(async () => {
    server = await tlsServer({ certificate: leaf, hosts: loopback('127.80.0.0', 512) });
  });
  after(() => server.close());

  it('takes the fast probes of a scan: every endpoint once, certificates whole', async () => {
    const seen = new Map<string | null, string | undefined>();
    const end = await scanTargets({
      ...targetGroup.parse({ targets: [`127.80.0.0/23:${server.port}`], depth: 'fast' }),
      config: tlsConfig.parse({ workers: 2, rate: { global: 0, perAddress: 0, perNetwork: 0 } }),
      scanId: 'x',
      signal: new AbortController().signal,
      onObservation: ({ target, certificate }) => void seen.set(target.address, certificate?.sha256),
    });
    assert.deepEqual([end.done, end.outcomes.ok, seen.size], [512, 512, 512]);
    assert.ok([...seen.values()].every((sha256) => sha256 === leaf.sha256));
  });

  it('carries deadlines and the stop of a scan over', async () => {
    const silent = await rawServer(() => undefined);
    const stop = new AbortController();
    const pool = createLookPool(1, stop.signal);
    const route = (leftMs: number) => ({
      address: silent.host,
      port: silent.port,
      sourceAddress: null,
      deadlineAt: performance.now() + leftMs,
      signal: stop.signal,
    });
    const startedAt = performance.now();
    const late = await pool.look(targetAt(silent), route(1500), { depth: 'fast', limits });
    assert.equal(late.outcome, 'silent');
    assert.ok(performance.now() - startedAt < 4000);
    const stopped = pool.look(targetAt(silent), route(60_000), { depth: 'fast', limits });
    setTimeout(() => stop.abort(), 50);
    await stopped;
    assert.ok(performance.now() - startedAt < 8000);
    await pool.close();
    await silent.close();
  });

  it('loses no look when its threads end: this thread takes them over', async () => {
    const signal = new AbortController().signal;
    const pool = createLookPool(2, signal);
    const route = {
      address: server.host,
      port: server.port,
      sourceAddress: null,
      deadlineAt: performance.now() + 10_000,
      signal,
    };
    const looks = Array.from({ length: 20 }, () =>
      pool.look(targetAt(server), { ...route, address: '127.0.0.1' }, { depth: 'fast', limits }),
    );
    await pool.close();
    for (const look of await Promise.all(looks)) assert.equal(look.outcome, 'ok');
    assert.equal(
      (await pool.look(targetAt(server), { ...route, address: '127.0.0.1' }, { depth: 'fast', limits }))
        .outcome,
      'ok',
    );
  });
});
