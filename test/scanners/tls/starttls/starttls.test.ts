import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import { describe, it } from 'node:test';
import { TdsStream } from '../../../../scanners/tls/starttls/tds.js';
import type { StarttlsKind } from '../../../../src/model/target.js';
import { issueFor } from '../../../support/pki.js';
import { rawServer, tlsServer } from '../../../support/tls-servers.js';
import { probe, probeOptions, targetAt } from '../support.js';
import { good, play, playMysql, refusing, type Step } from './scripts.js';

const leaf = issueFor('served.example');
const signal = new AbortController().signal;
setMaxListeners(0, signal);

describe('STARTTLS', { concurrency: 10 }, () => {
  for (const [starttls, steps] of Object.entries(good) as [StarttlsKind, readonly Step[]][]) {
    for (const depth of ['fast', 'full'] as const) {
      it(`brings the certificate of an ${starttls} server (${depth})`, async () => {
        const server = await tlsServer({
          certificate: leaf,
          before: (socket) => (starttls === 'mysql' ? playMysql(socket) : play(socket, steps)),
          ...(starttls === 'mssql' ? { wrap: (socket) => new TdsStream(socket) } : {}),
        });
        const seen = await probe(
          targetAt(server, { starttls }),
          probeOptions({ depth, deadlineMs: 5000 }),
          signal,
        );
        await server.close();
        assert.equal(seen.outcome, 'ok', `${seen.outcome} ${seen.detail}`);
        assert.equal(seen.certificate?.sha256, leaf.sha256);
      });
    }
  }

  for (const [starttls, how, steps, detail] of refusing) {
    it(`is refused by an ${starttls} server that ${how}`, async () => {
      const server = await rawServer((socket) => void play(socket, steps).catch(() => socket.destroy()));
      const seen = await probe(
        targetAt(server, { starttls }),
        probeOptions({ depth: 'fast', deadlineMs: 5000 }),
        signal,
      );
      await server.close();
      assert.equal(seen.outcome, 'starttls-refused', seen.detail ?? '');
      assert.match(seen.detail ?? '', detail);
    });
  }

  it('refuses plain text that comes after the consent', async () => {
    const server = await rawServer((socket) => socket.end('+OK ready\r\n+OK begin\r\n-ERR injected\r\n'));
    const seen = await probe(targetAt(server, { starttls: 'pop3' }), probeOptions({ depth: 'fast' }), signal);
    await server.close();
    assert.match(seen.detail ?? '', /after the consent/);
  });

  it('keeps the deadline while a server drips, and the byte limit while one floods', async () => {
    const dripping = await rawServer((socket) => {
      const timer = setInterval(() => socket.write('2'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    const slow = await probe(
      targetAt(dripping, { starttls: 'smtp' }),
      probeOptions({ deadlineMs: 1000 }),
      signal,
    );
    await dripping.close();
    assert.equal(slow.outcome, 'silent');
    assert.ok(slow.durationMs < 1500);
    const flooding = await rawServer((socket) => {
      const pump = (): void => {
        while (!socket.destroyed && socket.write('220-without end\r\n'.repeat(1000)));
      };
      socket.on('drain', pump);
      pump();
    });
    const flooded = await probe(
      targetAt(flooding, { starttls: 'smtp' }),
      probeOptions({ deadlineMs: 5000 }),
      signal,
    );
    await flooding.close();
    assert.equal(flooded.outcome, 'starttls-refused');
    assert.match(flooded.detail ?? '', /more than 65536 bytes/);
  });

  it('takes any bytes for an answer and never throws', async () => {
    let state = 11;
    const next = (below: number): number =>
      (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) % below;
    const server = await rawServer((socket) => {
      socket.end(
        Buffer.from(
          Array.from({ length: next(200) }, () =>
            next(3) === 0 ? [10, 13, 48, 50, 255, 0][next(6)]! : next(256),
          ),
        ),
      );
    });
    const kinds = Object.keys(good) as StarttlsKind[];
    await Promise.all(
      Array.from({ length: 300 }, async (_, index) => {
        const starttls = kinds[index % kinds.length]!;
        const seen = await probe(
          targetAt(server, { starttls }),
          probeOptions({ depth: 'fast', deadlineMs: 3000 }),
          signal,
        );
        assert.notEqual(seen.outcome, 'ok');
      }),
    );
    await server.close();
  });
});
