import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readdirSync } from 'node:fs';
import type { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { targetGroup, tlsConfig } from '../../../scanners/tls/config.js';
import { scanTargets } from '../../../scanners/tls/scan.js';
import type { Outcome } from '../../../src/model/observation.js';
import { issueFor } from '../../support/pki.js';
import { flight } from '../../support/tls-records.js';
import { closedPort, loopback, rawServer, reset, tlsServer } from '../../support/tls-servers.js';

const certificate = issueFor('a.example');
const bytes = flight(certificate.der);
const concurrency = 20;

describe('A network of which six in ten endpoints are hostile', () => {
  it('is classified endpoint by endpoint, within the limit of sockets, and leaves no file open', async () => {
    const open = (): number => readdirSync('/proc/self/fd').length;
    const before = open();
    const at = (network: number, count: number) => ({ hosts: loopback(`127.44.${network}.0`, count) });
    const servers = {
      ok: await tlsServer({ certificate, ...at(1, 40) }),
      tarpit: await rawServer(() => undefined, at(2, 20)),
      reset: await rawServer((socket) => socket.once('data', () => reset(socket)), at(4, 10)),
      drip: await rawServer(
        (socket) => {
          let sent = 0;
          const timer = setInterval(() => socket.write(bytes.subarray(sent, (sent += 1))), 50);
          socket.on('close', () => clearInterval(timer));
        },
        at(5, 10),
      ),
    };
    const refusing = await closedPort();
    const kinds: readonly (readonly [network: number, count: number, port: number, outcome: Outcome])[] = [
      [1, 40, servers.ok.port, 'ok'],
      [2, 20, servers.tarpit.port, 'silent'],
      [3, 20, refusing.port, 'refused'],
      [4, 10, servers.reset.port, 'reset'],
      [5, 10, servers.drip.port, 'silent'],
    ];
    const wrong: string[] = [];
    const sockets = new Set<Socket>();
    let most = 0;
    const count = (message: unknown): void => {
      const { socket } = message as { socket: Socket };
      most = Math.max(most, sockets.add(socket).size);
      socket.once('close', () => sockets.delete(socket));
    };
    subscribe('net.client.socket', count);
    const { done } = await scanTargets({
      ...targetGroup.parse({
        targets: kinds.map(
          ([network, count, port]) => `127.44.${network}.0-127.44.${network}.${count - 1}:${port}`,
        ),
        depth: 'fast',
      }),
      config: tlsConfig.parse({ concurrency, deadlineMs: 3000 }),
      scanId: 'mixed',
      signal: new AbortController().signal,
      onObservation({ target, outcome }) {
        const network = Number(target.address?.split('.')[2]);
        const expected = kinds.find(([one]) => one === network)?.[3];
        if (outcome !== expected) wrong.push(`${target.address} is ${outcome}, not ${expected}`);
      },
    });
    unsubscribe('net.client.socket', count);
    await Promise.all(Object.values(servers).map((server) => server.close()));
    // The last lane's socket is destroyed before the scan ends, and says so in the last phase of the loop's turn, after the
    // servers (libuv calls back in reverse order) and after immediates: in the next turn all have.
    for (let turn = 0; turn < 2; turn += 1) await new Promise(setImmediate);
    assert.deepEqual(wrong, []);
    assert.equal(done, 100);
    assert.equal(sockets.size, 0, 'client sockets that are still open');
    // A socket is closed for good one turn of the loop after its lane has gone on.
    assert.ok(most >= concurrency && most <= 2 * concurrency, `${most} sockets`);
    assert.ok(open() <= before, `${open()} files open, ${before} before`);
  });
});
