import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import type { TlsOptions } from 'node:tls';
import { issueFor } from '../../../support/pki.js';
import { rawServer, reset, tlsServer } from '../../../support/tls-servers.js';
import { alert } from '../../../support/tls-records.js';
import { probe, probeOptions, targetAt } from '../support.js';

const certificate = issueFor('picky.example');
const signal = new AbortController().signal;

/** How a machine shows that it cannot stand a hello. */
const refusals: Readonly<Record<string, (socket: Socket) => unknown>> = {
  'by the alert no_application_protocol': (socket) => socket.end(alert(120)),
  'by the alert handshake_failure': (socket) => socket.end(alert(40)),
  'by the alert internal_error': (socket) => socket.end(alert(80)),
  'by a warning and an end': (socket) => socket.end(alert(112, 1)),
  'by an end': (socket) => socket.end(),
  'by a reset': reset,
};

/** Hands hellos to a server behind it, but those that `refuses` says so of, which `how` answers. */
async function frontOf(
  refuses: (hello: Buffer) => boolean,
  how: (socket: Socket) => unknown,
  options: TlsOptions = {},
): Promise<{ look(depth: 'fast' | 'full'): Promise<string>; hellos: Buffer[]; close(): Promise<unknown> }> {
  const behind = await tlsServer({ certificate, tls: options });
  const hellos: Buffer[] = [];
  const front = await rawServer((socket) => {
    socket.once('data', (hello: Buffer) => {
      hellos.push(hello);
      if (refuses(hello)) return void how(socket);
      const inner = connect(behind.port, behind.host);
      inner.on('error', () => socket.destroy()).write(hello);
      socket.pipe(inner).pipe(socket);
    });
  });
  return {
    hellos,
    async look(depth) {
      const { outcome, detail } = await probe(
        targetAt(front),
        probeOptions({ depth, deadlineMs: 3000 }),
        signal,
      );
      return detail === null ? outcome : `${outcome}: ${detail}`;
    },
    close: () => Promise.all([front.close(), behind.close()]),
  };
}

/** Types of the extensions of a hello. */
function extensionTypes(hello: Buffer): number[] {
  let at = 43;
  at += 1 + hello.readUInt8(at);
  at += 2 + hello.readUInt16BE(at);
  at += 1 + hello.readUInt8(at);
  const types: number[] = [];
  for (at += 2; at + 4 <= hello.length; at += 4 + hello.readUInt16BE(at + 2))
    types.push(hello.readUInt16BE(at));
  return types;
}

const alpn = 16;

describe('A server that cannot stand ALPN', () => {
  for (const [name, how] of Object.entries(refusals))
    it(`and says so ${name} is asked without it`, async () => {
      // TLS 1.3 only: the fast probe, which has no ALPN, does not reach it.
      const front = await frontOf((hello) => extensionTypes(hello).includes(alpn), how, {
        minVersion: 'TLSv1.3',
      });
      assert.equal(await front.look('full'), 'ok');
      assert.equal(await front.look('fast'), 'ok');
      await front.close();
    });

  it('is told by its first words when it refuses both', async () => {
    const server = await rawServer((socket) => socket.once('data', () => socket.end(alert(49))));
    const seen = await probe(targetAt(server), probeOptions({ deadlineMs: 3000 }), signal);
    await server.close();
    assert.deepEqual([seen.outcome, seen.detail], ['alert', 'access_denied']);
  });
});

const sizeOf = (hello: Buffer): number => hello.readUInt16BE(3);

describe('A server that waits for ever after a hello of 256 to 511 octets', () => {
  const hangs = (hello: Buffer): boolean => sizeOf(hello) > 255 && sizeOf(hello) < 512;
  for (const depth of ['fast', 'full'] as const)
    it(`is never sent one (${depth})`, async () => {
      for (const options of [
        {},
        { maxVersion: 'TLSv1.2' },
        { minVersion: 'TLSv1.3' },
      ] satisfies TlsOptions[]) {
        const front = await frontOf(hangs, () => undefined, options);
        assert.equal(await front.look(depth), 'ok');
        assert.deepEqual(
          front.hellos.map(sizeOf).filter((size) => size > 255 && size < 512),
          [],
        );
        await front.close();
      }
    });

  it('is not sent more than 512 where that is enough', async () => {
    const front = await frontOf((hello) => sizeOf(hello) > 512, reset, { maxVersion: 'TLSv1.2' });
    assert.equal(await front.look('fast'), 'ok');
    assert.deepEqual(front.hellos.map(sizeOf), [512]);
    await front.close();
  });
});
