import assert from 'node:assert/strict';
import { it } from 'node:test';
import { pino } from 'pino';
import { tlsConfig } from '../../scanners/tls/config.js';
import { createScope } from '../../scanners/tls/targets/scope.js';
import type { Fact } from '../../src/model/fact.js';
import type { Observation } from '../../src/model/observation.js';
import { createAskedScans, type AskedScansDependencies } from '../../src/service/asked-scans.js';
import { issueFor } from '../support/pki.js';
import { tlsServer } from '../support/tls-servers.js';

const certificate = issueFor('asked.example');

/** What is seen by a scan that is asked for with these targets and upgrade. */
async function seenBy(targets: string[], starttls: 'none' | 'smtp' | null): Promise<Observation[]> {
  const seen: Observation[] = [];
  const config = tlsConfig.parse({ deadlineMs: 1000 });
  const pipeline = {
    take: (fact: Fact) =>
      Promise.resolve(void (fact.kind === 'observations' && seen.push(...fact.observations))),
    drained: () => Promise.resolve(),
  };
  const scans = createAskedScans({
    config,
    store: { writeScanRun: () => Promise.resolve() },
    pipeline,
    clock: { afterScan: () => Promise.resolve() },
    scope: createScope(config),
    running: new Map(),
    signal: new AbortController().signal,
    log: pino({ level: 'silent' }),
  } as unknown as AskedScansDependencies);
  const started = await scans.start({ targets, ports: null, depth: 'fast', starttls }, 'a test');
  assert.equal(typeof started, 'object', String(started));
  await scans.ended();
  return seen;
}

it('a scan that is asked for upgrades as asked, by port when nothing is said', async () => {
  const server = await tlsServer({ certificate, host: '127.77.0.1', port: 5432 });
  const upgrades = [];
  for (const starttls of [null, 'none', 'smtp'] as const) {
    const [look] = await seenBy([server.target], starttls);
    upgrades.push([look?.target.starttls, look?.outcome === 'ok']);
  }
  await server.close();
  assert.deepEqual(upgrades, [
    ['postgres', false],
    [null, true],
    ['smtp', false],
  ]);
});

it('a scan of what is no target is refused in one sentence', async () => {
  await assert.rejects(seenBy(['user@example.com'], null), /user@example\.com/);
});
