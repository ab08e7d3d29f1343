import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { targetGroup, tlsConfig } from '../../../../scanners/tls/config.js';
import { scanTargets } from '../../../../scanners/tls/scan.js';
import type { Observation } from '../../../../src/model/observation.js';
import { issueFor } from '../../../support/pki.js';
import { loopback, rawServer, reset, tlsServer } from '../../../support/tls-servers.js';

const certificate = issueFor('a.example');
const resetting = (socket: Socket): unknown => socket.once('data', () => reset(socket));

async function scanned(
  targets: readonly string[],
  changes: { retries: number; concurrency?: number; deadlineMs?: number },
): Promise<Observation[]> {
  const seen: Observation[] = [];
  await scanTargets({
    ...targetGroup.parse({ targets, depth: 'fast' }),
    config: tlsConfig.parse(changes),
    scanId: 'retry',
    signal: new AbortController().signal,
    onObservation: (observation) => void seen.push(observation),
  });
  return seen;
}

describe('A scan tries again', () => {
  it('after a reset, as often as told and no more, and reports the endpoint once', async () => {
    const server = await rawServer(resetting);
    const [first] = await scanned([server.target], { retries: 0 });
    const once = server.connections();
    const seen = await scanned([server.target], { retries: 2 });
    await server.close();
    assert.equal(first?.outcome, 'reset');
    assert.deepEqual(
      seen.map(({ outcome }) => outcome),
      ['reset'],
    );
    assert.equal(server.connections(), once * 4);
  });

  it('and takes what it then sees', async () => {
    const [flaky, good] = [await rawServer(moody), await tlsServer({ certificate })];
    let count = 0;
    function moody(socket: Socket): void {
      if ((count += 1) <= 2) resetting(socket);
      else socket.pipe(connect(good.port, good.host)).pipe(socket);
    }
    const seen = await scanned([flaky.target], { retries: 1 });
    await Promise.all([flaky.close(), good.close()]);
    assert.equal(seen[0]?.certificate?.sha256, certificate.sha256);
  });

  it('but keeps what it saw when another try sees nothing in the time that is left', async () => {
    let count = 0;
    const moody = await rawServer((socket) => void ((count += 1) <= 2 && resetting(socket)));
    const [seen] = await scanned([moody.target], { retries: 1, deadlineMs: 600 });
    await moody.close();
    assert.deepEqual([seen?.outcome, count], ['reset', 3]);
  });

  it('but not after silence', async () => {
    const silent = await rawServer(() => undefined);
    await scanned([silent.target], { retries: 5, deadlineMs: 200 });
    await silent.close();
    assert.equal(silent.connections(), 1);
  });

  it('without keeping a lane waiting', async () => {
    const hosts = loopback('127.45.0.1', 8);
    const [server, good] = [await rawServer(resetting), await tlsServer({ certificate, hosts })];
    const goodOnes = hosts.map((host) => `${host}:${good.port}`);
    const seen = await scanned([server.target, ...goodOnes], { retries: 3, concurrency: 1 });
    await Promise.all([server.close(), good.close()]);
    assert.deepEqual(
      seen.map(({ outcome }) => outcome),
      [...goodOnes.map(() => 'ok'), 'reset'],
    );
  });
});

describe('A server that resets what does not offer TLS 1.3', () => {
  it('is read by the full probe', async () => {
    const good = await tlsServer({ certificate, tls: { minVersion: 'TLSv1.3' } });
    const guarded = await rawServer((socket) =>
      socket.once('data', (hello) => {
        // supported_versions with TLS 1.3 in it
        if (!/002b00....(....)*0304/.test(hello.toString('hex'))) return reset(socket);
        const inner = connect(good.port, good.host);
        inner.write(hello);
        socket.pipe(inner).pipe(socket);
      }),
    );
    const [seen] = await scanned([guarded.target], { retries: 0 });
    await Promise.all([guarded.close(), good.close()]);
    assert.equal(seen?.certificate?.sha256, certificate.sha256);
    assert.equal(guarded.connections(), 3);
  });
});
