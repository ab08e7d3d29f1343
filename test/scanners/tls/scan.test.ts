import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { targetGroup, tlsConfig, type TlsConfig } from '../../../scanners/tls/config.js';
import type { ScanProgress } from '../../../src/model/scan-run.js';
import type { ScanRequest } from '../../../scanners/tls/scan-request.js';
import { openScan, scanTargets } from '../../../scanners/tls/scan.js';
import { createLiveScope, createScope } from '../../../scanners/tls/targets/scope.js';
import type { Observation } from '../../../src/model/observation.js';
import { dnsServer } from '../../support/dns-server.js';
import { issueFor } from '../../support/pki.js';
import { closedPort, loopback, tlsServer, type TestServer } from '../../support/tls-servers.js';

type Input = Parameters<typeof tlsConfig.parse>[0] & object;

function config(changes: Input = {}): TlsConfig {
  return tlsConfig.parse({ rate: { global: 0, perAddress: 0, perNetwork: 0, perName: 0 }, ...changes });
}

async function scanned(
  targets: readonly string[],
  changes: Input = {},
  more: Partial<ScanRequest> = {},
): Promise<{ observations: Observation[]; end: ScanProgress }> {
  const observations: Observation[] = [];
  const end = await scanTargets({
    ...targetGroup.parse({ targets, depth: 'fast' }),
    config: config(changes),
    scanId: 'scan-1',
    signal: new AbortController().signal,
    onObservation: (observation) => void observations.push(observation),
    ...more,
  });
  return { observations, end };
}

describe('A scan', () => {
  let server: TestServer;
  let dns: Awaited<ReturnType<typeof dnsServer>>;
  const leaf = issueFor('a.example');
  before(async () => {
    server = await tlsServer({
      certificate: leaf,
      hosts: [...loopback('127.0.0.2', 15), ...loopback('127.0.1.0', 1536), ...loopback('127.9.9.1', 5)],
    });
    dns = await dnsServer({
      'a.example': { a: ['127.0.0.1', '127.0.0.2'], aaaa: ['::1'] },
      'many.example': { a: Array.from({ length: 5 }, (_, index) => `127.9.9.${index + 1}`) },
      'meta.example': { a: ['169.254.169.254'] },
      'own.example': { a: ['127.0.0.1'] },
      'slow.example': { drop: true },
      'mail.example': { mx: ['a.example', 'bad name', 'b.example'] },
      '_x._tcp.example': { srv: [['a.example', 1]] },
      '_imap._tcp.example': { srv: [['a.example', server.port]] },
      '_imaps._tcp.example': { srv: [['a.example', 143]] },
      'half.example': { a: ['127.0.0.1'], drop: 'aaaa' },
      '_x._tcp.slow.example': { drop: true },
      'null.example': { mx: ['.'] },
    });
  });
  after(async () => {
    await server.close();
    await dns.close();
  });
  const withDns = (changes: Input = {}): Input => ({
    dns: { servers: [dns.address], timeoutMs: 300 },
    ...changes,
  });
  const summary = (observations: readonly Observation[]): string[] =>
    observations
      .map(({ target, outcome }) => `${target.host} ${target.address} ${target.serverName} ${outcome}`)
      .sort();

  it('looks at every address of a range once and counts by outcome', async () => {
    const { observations, end } = await scanned([`127.0.1.0/28:${server.port}`]);
    assert.equal(new Set(observations.map(({ target }) => target.address)).size, 16);
    assert.deepEqual([end.done, end.total, end.outcomes.ok, end.secondsLeft], [16, 16, 16, 0]);
    assert.ok(observations.every(({ certificate }) => certificate?.sha256 === leaf.sha256));
    assert.ok(observations.every(({ target, scanId }) => target.serverName === null && scanId === 'scan-1'));
  });

  it('heeds an exclusion that comes while it runs', async () => {
    const live = createLiveScope(config());
    const observations: Observation[] = [];
    const { end } = await scanned(
      [`127.0.2.0-127.0.2.49:${server.port}`],
      { concurrency: 1 },
      {
        scope: live,
        onObservation(observation) {
          observations.push(observation);
          if (observations.length === 10) live.replace({ ...config(), exclude: ['127.0.0.0/8'] });
        },
      },
    );
    assert.deepEqual([end.outcomes.ok, end.outcomes['out-of-scope']], [10, 40]);
  });

  it('makes every address of a name an endpoint of its own', async () => {
    const { observations, end } = await scanned([`a.example:${server.port}`], withDns());
    assert.deepEqual(summary(observations), [
      'a.example 127.0.0.1 a.example ok',
      'a.example 127.0.0.2 a.example ok',
      'a.example ::1 a.example refused',
    ]);
    assert.deepEqual([end.done, end.total], [3, 3]);
  });

  it('asks once for a name with many ports', async () => {
    const asked = dns.questions();
    await scanned(
      [`own.example:${server.port},1,2,3`],
      withDns({ dns: { servers: [dns.address], families: [4] } }),
    );
    assert.equal(dns.questions() - asked, 1);
  });

  it('finds names of /etc/hosts, such as localhost', async () => {
    const { observations } = await scanned([`localhost:${server.port}`], withDns());
    assert.ok(summary(observations).includes('localhost 127.0.0.1 localhost ok'));
  });

  it('records names without address, and names that no server answers for within the deadline', async () => {
    const { observations } = await scanned(['no.example', 'slow.example'], withDns({ deadlineMs: 500 }));
    assert.deepEqual(summary(observations), [
      'no.example null no.example unresolved',
      'slow.example null slow.example unresolved',
    ]);
    assert.ok(observations.every(({ durationMs }) => durationMs < 1000));
  });

  it('caps the addresses of a name and says so', async () => {
    const problems: string[] = [];
    const { observations } = await scanned(
      [`many.example:${server.port}`],
      withDns({ dns: { servers: [dns.address], maxAddresses: 2 } }),
      { onProblem: (message) => problems.push(message) },
    );
    assert.equal(observations.length, 2);
    assert.match(problems.join(), /many\.example: more addresses/);
  });

  it('never connects to a metadata service through a name', async () => {
    const { observations } = await scanned([`meta.example:${server.port}`], withDns());
    assert.equal(observations[0]?.outcome, 'out-of-scope');
  });

  it('follows MX and SRV records, and reports what it had to leave out', async () => {
    const { observations } = await scanned(
      ['mx:mail.example', 'srv:_x._tcp.example', 'mx:null.example', 'mx:no.example'],
      withDns(),
    );
    const lines = summary(observations);
    assert.ok(lines.includes('b.example null mail.example unresolved'), lines.join('\n'));
    assert.equal(lines.filter((line) => line.startsWith('a.example 127.0.0.1')).length, 2);
    assert.ok(lines.includes('null.example null null.example unresolved'));
  });

  it('asks the servers of a service for its domain, in the protocol of the service', async () => {
    const asked = [
      'mx:mail.example',
      'srv:_x._tcp.example',
      'srv:_imap._tcp.example',
      'srv:_imaps._tcp.example',
    ];
    const seen = async (more: Partial<ScanRequest> = {}): Promise<string[]> => {
      const { observations } = await scanned(asked, withDns({ deadlineMs: 1000 }), more);
      const told = observations.filter(
        ({ target }) => target.host === 'a.example' && target.address === '127.0.0.1',
      );
      return told.map(({ target }) => `${target.port} ${target.serverName} ${target.starttls}`).sort();
    };
    const { port } = server;
    assert.deepEqual(
      await seen(),
      ['1 example null', '143 example null', `${port} example imap`, '25 mail.example smtp'].sort(),
    );
    assert.deepEqual(
      await seen({ starttls: 'none', serverName: 'WWW.example.' }),
      [
        '1 www.example null',
        '143 www.example null',
        `${port} www.example null`,
        '25 www.example null',
      ].sort(),
    );
  });

  it('finds the addresses of one family while the other never answers, and those of the other when they come', async () => {
    const startedAt = performance.now();
    const seen: string[] = [];
    const { observations, end } = await scanned(
      [`half.example:${server.port}`],
      withDns({ deadlineMs: 8000 }),
      {
        onObservation: (look) =>
          void seen.push(`${look.target.address} ${look.outcome} ${performance.now() - startedAt < 500}`),
      },
    );
    assert.deepEqual([seen, observations.length, end.done, end.total], [['127.0.0.1 ok true'], 0, 1, 1]);
  });

  it('ends with the deadline, names included, though no name server answers', async () => {
    const startedAt = performance.now();
    const { observations } = await scanned(
      ['slow.example', 'mx:slow.example', 'srv:_x._tcp.slow.example'],
      withDns({ deadlineMs: 400, dns: { servers: [dns.address], timeoutMs: 30_000 } }),
    );
    const tookMs = performance.now() - startedAt;
    assert.ok(tookMs < 3000, `${tookMs}`);
    assert.deepEqual(
      observations.map(({ outcome }) => outcome),
      ['unresolved', 'unresolved', 'unresolved'],
    );
  });

  it('keeps to the allow-list: 0 connections outside', async () => {
    const before = server.connections();
    const { end } = await scanned(
      [`127.0.2.0/27:${server.port}`, `own.example:${server.port}`],
      withDns({ scope: ['127.0.2.0/28'] }),
    );
    assert.equal(end.outcomes.ok, 16);
    assert.equal(end.outcomes['out-of-scope'], 17);
    assert.equal(server.connections() - before, 16);
  });

  it('takes up a change of the scope while it runs', async () => {
    let scope = createScope({ scope: [], exclude: [], excludeOwnAddresses: false });
    const { end } = await scanned(
      [`127.0.3.0/26:${server.port}`],
      { concurrency: 1 },
      {
        scope: { excluded: [], rangeRefusal: () => null, refusal: (...where) => scope.refusal(...where) },
        onObservation: () => {
          scope = createScope({ scope: [], exclude: ['127.0.0.0/8'], excludeOwnAddresses: false });
        },
      },
    );
    assert.deepEqual([end.outcomes.ok, end.outcomes['out-of-scope']], [1, 63]);
  });

  it('scans learned names too, but not at loopback', async () => {
    async function* learnedNames(): AsyncGenerator<string> {
      await Promise.resolve();
      yield 'own.example';
    }
    const { observations, end } = await scanned([`127.0.0.9:${server.port}`], withDns(), {
      ports: [server.port],
      learnedNames: learnedNames(),
    });
    assert.deepEqual(summary(observations), [
      '127.0.0.9 127.0.0.9 null ok',
      'own.example 127.0.0.1 own.example out-of-scope',
    ]);
    assert.equal(end.total, 2);
  });

  it('stops on abort without reporting looks that were cut short, and resumes where it stopped', async () => {
    const stop = new AbortController();
    const first: Observation[] = [];
    const request = (more: Partial<ScanRequest>): ScanRequest => ({
      ...targetGroup.parse({ targets: [`127.0.4.0/24:${server.port}`], depth: 'fast' }),
      config: config({ concurrency: 4 }),
      scanId: 'x',
      signal: stop.signal,
      onObservation(observation) {
        first.push(observation);
        if (first.length === 100) stop.abort();
      },
      ...more,
    });
    const scan = await openScan(request({}));
    await scan.run();
    assert.ok(first.length >= 100 && first.length < 110, `${first.length}`);
    const second: Observation[] = [];
    await scanTargets(
      request({
        resume: scan.resumePoint(),
        signal: new AbortController().signal,
        onObservation: (observation) => void second.push(observation),
      }),
    );
    const addresses = [...first, ...second].map(({ target }) => target.address);
    assert.equal(new Set(addresses).size, 256);
    assert.ok(addresses.length < 256 + 8, 'at most what was under way is done twice');
  });

  it('ends with the error of its receiver, all lanes stopped', async () => {
    await assert.rejects(
      scanned(
        [`127.0.5.0/24:${server.port}`],
        {},
        { onObservation: () => Promise.reject(new Error('store is full')) },
      ),
      /store is full/,
    );
  });

  it('waits for its receiver: no more looks under way than lanes', async () => {
    let waiting = 0;
    let most = 0;
    await scanned(
      [`127.0.6.0/26:${server.port}`],
      { concurrency: 5 },
      {
        async onObservation() {
          most = Math.max(most, (waiting += 1));
          await new Promise((resolve) => setTimeout(resolve, 5));
          waiting -= 1;
        },
      },
    );
    assert.equal(most, 5);
  });

  it('reports progress that adds up', async () => {
    const seen: ScanProgress[] = [];
    const { port } = await closedPort();
    await scanned(
      [`127.0.7.0/24:${port}`],
      { rate: { global: 400, perAddress: 0, perNetwork: 0 } },
      { onProgress: (progress) => seen.push(progress) },
    );
    assert.equal(seen.at(-1)?.done, 256);
    for (const { done, outcomes } of seen)
      assert.equal(
        done,
        Object.values(outcomes).reduce((sum, count) => sum + count),
      );
  });

  it('refuses a resume point that is none, and targets it cannot read, before it starts', async () => {
    await assert.rejects(scanned(['127.0.0.1'], {}, { resume: 'nonsense' }), /not a resume point/);
    await assert.rejects(scanned(['http://x']), /is a URL/);
  });
});
