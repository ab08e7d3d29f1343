import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import { tlsConfig } from '../../scanners/tls/config.js';
import { createScope } from '../../scanners/tls/targets/scope.js';
import type { Observation } from '../../src/model/observation.js';
import type { ScanRun } from '../../src/model/scan-run.js';
import type { Fact } from '../../src/model/fact.js';
import { createAskedScans, type AskedScansDependencies } from '../../src/service/asked-scans.js';
import { issueFor } from '../support/pki.js';
import { tlsServer } from '../support/tls-servers.js';

const certificate = issueFor('asked.example');

async function* noStates(): AsyncGenerator<never> {}

/** What is seen by a scan that is asked for with these targets and upgrade. */
async function seenBy(targets: string[], starttls: 'none' | 'smtp' | null): Promise<Observation[]> {
  const seen: Observation[] = [];
  const config = tlsConfig.parse({ deadlineMs: 1000 });
  const pipeline = {
    async take(fact: Fact) {
      if (fact.kind === 'observations') seen.push(...fact.observations);
    },
    drained: () => Promise.resolve(),
  };
  const scans = createAskedScans({
    config: () => config,
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

describe('a scan that was accepted', () => {
  const silent = pino({ level: 'silent' });

  /** A store of runs, and scans over it. */
  function scansOver(runs: Map<string, ScanRun>, signal: AbortSignal) {
    const config = tlsConfig.parse({ deadlineMs: 1000 });
    const seen: string[] = [];
    const scans = createAskedScans({
      config: () => config,
      store: {
        writeScanRun: async (run) => void runs.set(run.id, run),
        unfinishedScans: async () => [...runs.values()].filter(({ finishedAt }) => finishedAt === null),
        endpoints: () => noStates(),
      },
      pipeline: {
        async take(fact: Fact) {
          if (fact.kind === 'scan-run') runs.set(fact.run.id, fact.run);
          if (fact.kind === 'observations') seen.push(...fact.observations.map(({ target }) => target.host));
        },
        drained: async () => undefined,
      } as unknown as AskedScansDependencies['pipeline'],
      clock: { afterScan: async () => undefined },
      scope: createScope(config),
      running: new Map(),
      signal,
      log: silent,
    });
    return { scans, seen };
  }
  const asked = (targets: string[]) => ({ targets, ports: null, depth: 'fast' as const, starttls: null });

  it('is stored before it is answered, and done after a kill', async () => {
    const server = await tlsServer({ certificate, host: '127.77.0.2' });
    const runs = new Map<string, ScanRun>();
    const killed = new AbortController();
    killed.abort();
    const first = scansOver(runs, killed.signal);
    const run = await first.scans.start(asked([server.target]), 'ada');
    assert.ok(typeof run === 'object');
    const stored = runs.get(run.id);
    assert.equal(stored?.finishedAt, null);
    assert.match(stored?.resume ?? '', /127\.77\.0\.2/);
    await first.scans.ended();
    const second = scansOver(runs, new AbortController().signal);
    await second.scans.resume();
    await second.scans.ended();
    assert.deepEqual(second.seen, ['127.77.0.2']);
    assert.notEqual(runs.get(run.id)?.finishedAt, null);
    assert.equal(runs.get(run.id)?.resume, null);
    await server.close();
  });

  it('of an older release, whose targets are not known, is ended', async () => {
    const runs = new Map<string, ScanRun>();
    const old = {
      id: 'old',
      name: 'asked by ada',
      startedAt: new Date(),
      finishedAt: null,
      targets: 3,
      outcomes: {},
      resume: null,
    };
    runs.set('old', old);
    runs.set('scheduled', { ...old, id: 'scheduled', name: 'lan' });
    await scansOver(runs, new AbortController().signal).scans.resume();
    assert.notEqual(runs.get('old')?.finishedAt, null);
    assert.equal(runs.get('scheduled')?.finishedAt, null);
  });

  it('ends when it is stopped, and is not taken up again', async () => {
    const runs = new Map<string, ScanRun>();
    const { scans } = scansOver(runs, new AbortController().signal);
    const run = await scans.start(asked(['127.77.1.0/24']), 'ada');
    assert.ok(typeof run === 'object');
    assert.equal(scans.isRunning(run.id), true);
    assert.equal(await scans.stop(run.id), true);
    assert.deepEqual([scans.isRunning(run.id), await scans.stop(run.id)], [false, false]);
    assert.notEqual(runs.get(run.id)?.finishedAt, null);
    assert.equal(runs.get(run.id)?.resume, null);
  });
});
