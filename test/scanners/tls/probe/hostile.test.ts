import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { servedCertificate, type HostileServer } from '../../../support/hostile-moves.js';
import { hostileServers } from '../../../support/hostile-servers.js';
import { rawServer } from '../../../support/tls-servers.js';
import { probe, probeOptions, targetAt } from '../support.js';

const deadlineMs = 1500;

function check(hostile: HostileServer): void {
  for (const depth of ['fast', 'full'] as const) {
    const outcome = (depth === 'full' ? hostile.outcomeInFull : undefined) ?? hostile.outcome;
    it(`that ${hostile.name} is ${outcome} (${depth})`, async () => {
      const server = await rawServer(hostile.serve);
      try {
        // Two connections may follow one another: a server that ends by itself gets time for both.
        const limitMs = hostile.waits ? deadlineMs : 10_000;
        const seen = await probe(
          targetAt(server),
          probeOptions({ depth, deadlineMs: limitMs }),
          new AbortController().signal,
        );
        assert.equal(seen.outcome, outcome, seen.detail ?? '');
        assert.equal(seen.chain.length, hostile.certificates ?? 0);
        if (hostile.detail !== undefined) assert.ok(seen.detail?.includes(hostile.detail), `${seen.detail}`);
        assert.ok(seen.durationMs < limitMs + 500, `${seen.durationMs} ms`);
        assert.equal(seen.certificate, seen.chain[0] ?? null);
      } finally {
        await server.close();
      }
    });
  }
}

// Apart from the floods, which would make them late: these are held to the deadline.
describe('A hostile server that does not end', { concurrency: 12 }, () => {
  for (const hostile of hostileServers) if (hostile.waits === true) check(hostile);
});

describe('A hostile server', { concurrency: 12 }, () => {
  for (const hostile of hostileServers) if (hostile.waits !== true) check(hostile);

  it('does not hide the certificate it sends: the bytes are the very same', async () => {
    const good = hostileServers.find(({ name }) => name === 'warns and goes on');
    assert.ok(good);
    const server = await rawServer(good.serve);
    try {
      const seen = await probe(
        targetAt(server),
        probeOptions({ depth: 'fast' }),
        new AbortController().signal,
      );
      assert.equal(seen.certificate?.sha256, servedCertificate.sha256);
    } finally {
      await server.close();
    }
  });
});
