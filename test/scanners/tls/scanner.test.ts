import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import { targetGroup, tlsConfig } from '../../../scanners/tls/config.js';
import { createTlsScanner, type TlsScannerOptions } from '../../../scanners/tls/scanner.js';
import type { Sink } from '../../../scanners/scanner.js';
import type { Observation } from '../../../src/model/observation.js';
import type { ScanRun } from '../../../src/model/scan-run.js';
import { issueFor } from '../../support/pki.js';
import { closedPort, loopback, tlsServer } from '../../support/tls-servers.js';

const log = pino({ level: 'silent' });
const forever = new AbortController().signal;

interface Kept {
  readonly observations: Observation[];
  readonly batches: number[];
  readonly runs: ScanRun[];
  readonly sink: Sink;
}

function kept(
  onBatch: (batch: readonly Observation[]) => void = () => undefined,
  onRun: (run: ScanRun) => void = () => undefined,
): Kept {
  const observations: Observation[] = [];
  const batches: number[] = [];
  const runs: ScanRun[] = [];
  const sink: Sink = {
    async take(fact) {
      if (fact.kind === 'scan-run') {
        onRun(fact.run);
        runs.push(fact.run);
      }
      if (fact.kind !== 'observations') return;
      onBatch(fact.observations);
      observations.push(...fact.observations);
      batches.push(fact.observations.length);
    },
  };
  return { observations, batches, runs, sink };
}

function scannerFor(targets: readonly string[], changes: Partial<TlsScannerOptions> = {}, concurrency = 32) {
  return createTlsScanner({
    config: tlsConfig.parse({ concurrency, rate: { global: 0, perAddress: 0, perNetwork: 0 } }),
    group: targetGroup.parse({ name: 'lab', targets, depth: 'fast' }),
    log,
    ...changes,
  });
}

describe('The TLS scanner', () => {
  it('streams batches and remembers the run, at the end as finished', async () => {
    const { port } = await closedPort();
    const into = kept();
    const scanner = scannerFor([`127.70.0.0-127.70.4.175:${port}`]);
    const began = await scanner.run(into.sink, forever);
    assert.deepEqual(into.runs.at(-1)?.startedAt, began);
    assert.equal(into.observations.length, 1200);
    assert.ok(
      into.batches.every((size) => size <= 500 + 32),
      into.batches.join(),
    );
    const last = into.runs.at(-1);
    assert.deepEqual(
      [last?.targets, last?.resume, last?.outcomes['refused'], last?.name],
      [1200, null, 1200, 'lab'],
    );
    assert.ok(last?.finishedAt);
    assert.ok(
      into.runs.slice(0, -1).every(({ resume, finishedAt }) => resume !== null && finishedAt === null),
    );
    assert.equal(new Set(into.observations.map(({ scanId }) => scanId)).size, 1);
  });

  it('remembers a resume point only after the sink has taken what it covers', async () => {
    const { port } = await closedPort();
    const covered: boolean[] = [];
    const into: Kept = kept(undefined, ({ resume }) => {
      covered.push(resume === null || Number(resume.split(':')[1]) <= into.observations.length);
    });
    const scanner = scannerFor([`127.70.0.0-127.70.4.175:${port}`]);
    await scanner.run(into.sink, forever);
    assert.ok(covered.length > 1 && covered.every(Boolean));
  });

  it('counts what the sink has taken, not what came while it took', async () => {
    const { port } = await closedPort();
    const counts: (readonly [targets: number, refused: number | undefined, taken: number])[] = [];
    const into: Kept = kept(undefined, ({ targets, outcomes }) => {
      counts.push([targets, outcomes['refused'], into.observations.length]);
    });
    const slow: Sink = {
      async take(fact) {
        await into.sink.take(fact);
        // Lanes go on meanwhile.
        if (fact.kind === 'observations') await new Promise((resolve) => setTimeout(resolve, 50));
      },
    };
    const scanner = scannerFor([`127.70.0.0-127.70.4.175:${port}`]);
    await scanner.run(slow, forever);
    assert.ok(counts.length > 1);
    for (const [targets, refused, taken] of counts) assert.deepEqual([targets, refused], [taken, taken]);
  });

  it('resumes a run that was stopped: nothing is lost, hardly anything done twice', async () => {
    const hosts = loopback('127.71.0.0', 1000);
    const server = await tlsServer({ certificate: issueFor('a.example'), hosts });
    const stop = new AbortController();
    const first = kept(() => stop.abort());
    const targets = [`127.71.0.0-127.71.3.231:${server.port}`];
    await scannerFor(targets).run(first.sink, stop.signal);
    const unfinished = first.runs.at(-1);
    assert.ok(unfinished?.resume);
    assert.ok(first.observations.length < 1000);
    const second = kept();
    await scannerFor(targets, { unfinished: () => Promise.resolve(unfinished) }).run(second.sink, forever);
    await server.close();
    const all = [...first.observations, ...second.observations];
    assert.equal(new Set(all.map(({ target }) => target.address)).size, 1000);
    assert.ok(all.length < 1000 + 64, `${all.length}`);
    assert.equal(second.runs.at(-1)?.id, unfinished.id);
    assert.ok((second.runs.at(-1)?.targets ?? 0) >= 1000);
  });

  it('ends with the error of its sink', async () => {
    const { port } = await closedPort();
    const into = kept(() => {
      throw new Error('no store');
    });
    await assert.rejects(scannerFor([`127.70.0.0/22:${port}`]).run(into.sink, forever), /no store/);
    assert.equal(into.runs.length, 0);
  });

  it('surveys only the endpoints it is told to', async () => {
    const hosts = ['127.72.0.1', '127.72.0.2'];
    const server = await tlsServer({ certificate: issueFor('a.example'), hosts });
    const into = kept();
    const group = targetGroup.parse({
      targets: hosts.map((host) => `${host}:${server.port}`),
      depth: 'survey',
    });
    const needsSurvey = ({ target }: Observation): boolean => target.address === '127.72.0.1';
    await scannerFor([], { group, needsSurvey }).run(into.sink, forever);
    await server.close();
    const surveys = new Map(into.observations.map(({ target, survey }) => [target.address, survey ?? null]));
    assert.ok(surveys.get('127.72.0.1')?.versions.length);
    assert.equal(surveys.get('127.72.0.2'), null);
  });

  it('reports everything it probed before it surveys anything, and counts each endpoint once', async () => {
    const hosts = ['127.72.0.3', '127.72.0.4'];
    const server = await tlsServer({ certificate: issueFor('a.example'), hosts });
    const into = kept();
    const group = targetGroup.parse({ targets: hosts.map((host) => `${host}:${server.port}`) });
    await scannerFor([], { group, needsSurvey: () => true }, 1).run(into.sink, forever);
    await server.close();
    const isSurveyed = into.observations.map(({ survey }) => Boolean(survey));
    assert.deepEqual(isSurveyed, [false, false, true, true]);
    assert.equal(into.runs.at(-1)?.targets, 2);
    assert.deepEqual(into.runs.at(-1)?.outcomes['ok'], 2);
  });
});

describe('The configuration of the TLS scanner', () => {
  it('has a default for every key', () => {
    const config = tlsConfig.parse({});
    assert.deepEqual(
      [config.deadlineMs, config.concurrency, config.groups.length, config.rate.global],
      [10_000, 256, 0, 1000],
    );
    assert.deepEqual(targetGroup.parse({}).ports, [443]);
  });

  it('refuses unknown keys and impossible values', () => {
    for (const bad of [
      { x: 1 },
      { deadlineMs: 5 },
      { quietHours: [{ from: '25:00' }] },
      { groups: [{ ports: [0] }] },
      { sourceAddresses: ['x'] },
    ])
      assert.equal(tlsConfig.safeParse(bad).success, false, JSON.stringify(bad));
  });
});
