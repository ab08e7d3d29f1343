import assert from 'node:assert/strict';
import { constants } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { after, before, describe, it } from 'node:test';
import type { TlsOptions } from 'node:tls';
import type { Observation, TlsFacts } from '../../../../src/model/observation.js';
import { issue, issueCa, issueFor } from '../../../support/pki.js';
import { closedPort, rawServer, reset, tlsServer, type TestServer } from '../../../support/tls-servers.js';
import { probe, probeOptions, targetAt } from '../support.js';

const signal = new AbortController().signal;
setMaxListeners(0, signal);
const root = issueCa();
const intermediate = issueCa('Test Intermediate', { issuer: root });
const stray = issueCa('Stray');
const leaf = issueFor('served.example', { issuer: intermediate });
const rsa = issueFor('served.example', { issuer: intermediate, key: { rsa: 2048 } });

async function seen(tls: TlsOptions, depth: 'fast' | 'full', certificate = leaf): Promise<Observation> {
  const server = await tlsServer({ certificate, chain: [intermediate], tls });
  try {
    return await probe(targetAt(server), probeOptions({ depth }), signal);
  } finally {
    await server.close();
  }
}

describe('A probe', { concurrency: 10 }, () => {
  const legacy = { ciphers: 'ALL:@SECLEVEL=0' };
  const cases: readonly (readonly [what: string, tls: TlsOptions, facts: Partial<TlsFacts>])[] = [
    // With its own choice of groups, a newer OpenSSL takes the hybrid X25519MLKEM768.
    ['TLS 1.3 only', { minVersion: 'TLSv1.3', ecdhCurve: 'X25519' }, { version: 'TLSv1.3', group: 'X25519' }],
    ['TLS 1.2 only', { maxVersion: 'TLSv1.2' }, { version: 'TLSv1.2' }],
    ['TLS 1.1 only', { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ...legacy }, { version: 'TLSv1.1' }],
    ['TLS 1.0 only', { minVersion: 'TLSv1', maxVersion: 'TLSv1', ...legacy }, { version: 'TLSv1' }],
    [
      'one suite only',
      { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' },
      { cipher: 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384' },
    ],
    [
      'a NULL suite only',
      { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0' },
      { cipher: 'TLS_ECDHE_ECDSA_WITH_NULL_SHA' },
    ],
    ['protocols that are not offered', { ALPNProtocols: ['imap'] }, {}],
    [
      'a curve that few offer',
      { ecdhCurve: 'brainpoolP256r1', maxVersion: 'TLSv1.2' },
      { version: 'TLSv1.2' },
    ],
    [
      'no secure renegotiation',
      { maxVersion: 'TLSv1.2', secureOptions: constants.SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION },
      {},
    ],
  ];
  for (const [what, tls, facts] of cases) {
    for (const depth of ['fast', 'full'] as const) {
      it(`collects from a server that speaks ${what} (${depth})`, async () => {
        const { outcome, detail, chain, tls: learned } = await seen(tls, depth);
        assert.equal(outcome, 'ok', detail ?? '');
        assert.deepEqual(
          chain.map(({ sha256 }) => sha256),
          [leaf.sha256, intermediate.sha256],
        );
        for (const [key, value] of Object.entries(facts)) {
          if (key === 'group' && depth === 'fast' && learned?.version !== 'TLSv1.3') continue;
          assert.equal(learned?.[key as keyof TlsFacts], value, key);
        }
      });
    }
  }

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    it(`keeps the certificate of a server that demands one of the client (${version})`, async () => {
      const tls = { requestCert: true, rejectUnauthorized: true, minVersion: version, maxVersion: version };
      const full = await seen(tls, 'full');
      assert.equal(full.outcome, 'ok');
      assert.equal(full.certificate?.sha256, leaf.sha256);
      assert.equal(full.tls?.clientCertificateRequested, true);
      assert.equal((await seen(tls, 'fast')).outcome, 'ok');
    });
  }

  it('records the chain as served: order, strays and root included', async () => {
    for (const depth of ['fast', 'full'] as const) {
      const server = await tlsServer({ certificate: leaf, chain: [stray, root, intermediate] });
      const { chain } = await probe(targetAt(server), probeOptions({ depth }), signal);
      await server.close();
      assert.deepEqual(
        chain.map(({ sha256 }) => sha256),
        [leaf, stray, root, intermediate].map(({ sha256 }) => sha256),
        depth,
      );
    }
  });

  it('reads weak certificates: RSA 1024, SHA-1, expired', async () => {
    const weak = issue({ key: { rsa: 1024 }, hash: 'sha1', notAfter: new Date('2020-01-01') });
    for (const depth of ['fast', 'full'] as const) {
      const { certificate, outcome } = await seen({ ciphers: 'ALL:@SECLEVEL=0' }, depth, weak);
      assert.equal(outcome, 'ok');
      assert.equal(certificate?.sha256, weak.sha256);
      assert.equal(certificate.key?.bits, 1024);
    }
  });

  it('sends the server name, or none', async () => {
    const names: (string | undefined)[] = [];
    const virtual = await tlsServer({
      certificate: leaf,
      tls: {
        SNICallback(name, done) {
          names.push(name);
          done(null, undefined);
        },
      },
    });
    for (const depth of ['fast', 'full'] as const) {
      await probe(targetAt(virtual, { serverName: 'a.example' }), probeOptions({ depth }), signal);
      await probe(targetAt(virtual), probeOptions({ depth }), signal);
    }
    await virtual.close();
    assert.deepEqual(names, ['a.example', 'a.example']);
  });

  it('reports the application protocol and a stapled OCSP response', async () => {
    const staple = Buffer.from('3003020100', 'hex');
    const server = await tlsServer({
      certificate: leaf,
      chain: [intermediate],
      ocspResponse: staple,
      tls: { ALPNProtocols: ['h2'] },
    });
    const { tls } = await probe(targetAt(server), probeOptions(), signal);
    await server.close();
    assert.equal(tls?.alpn, 'h2');
    assert.deepEqual(tls.ocspResponse && Buffer.from(tls.ocspResponse), staple);
  });

  it('says no-certificate of a server with anonymous suites only', async () => {
    for (const depth of ['fast', 'full'] as const) {
      const { outcome, tls } = await seen(
        { maxVersion: 'TLSv1.2', ciphers: 'ADH-AES128-SHA:@SECLEVEL=0', dhparam: 'auto' },
        depth,
      );
      assert.deepEqual([outcome, tls?.cipher], ['no-certificate', 'TLS_DH_anon_WITH_AES_128_CBC_SHA']);
    }
  });

  it('speaks IPv6', async () => {
    const server = await tlsServer({ certificate: leaf, host: '::1' });
    for (const depth of ['fast', 'full'] as const)
      assert.equal((await probe(targetAt(server), probeOptions({ depth }), signal)).outcome, 'ok');
    await server.close();
  });

  it('prefers the certificate of an RSA-only server to a failure', async () => {
    const { certificate } = await seen(
      { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA:@SECLEVEL=0' },
      'full',
      rsa,
    );
    assert.equal(certificate?.sha256, rsa.sha256);
  });

  it('says refused where nothing listens', async () => {
    const { port } = await closedPort();
    const { outcome } = await probe(targetAt({ host: '127.0.0.1', port }), probeOptions(), signal);
    assert.equal(outcome, 'refused');
  });

  it('says refused where a connection meets itself', async () => {
    const { port } = await closedPort();
    const target = targetAt({ host: '127.0.0.1', port });
    // Only now and then is a socket given the very port it asks for; all must be refused all the same.
    const looks = await Promise.all(
      Array.from({ length: 500 }, () =>
        probe(target, probeOptions({ depth: 'fast', deadlineMs: 3000 }), signal),
      ),
    );
    assert.deepEqual([...new Set(looks.map(({ outcome }) => outcome))], ['refused']);
  });

  it('connects from the source address', async () => {
    let peer: string | undefined;
    const server = await rawServer((socket) => {
      peer = socket.remoteAddress;
      socket.destroy();
    });
    await probe(targetAt(server), probeOptions({ sourceAddress: '127.5.6.7' }), signal);
    const wrong = await probe(targetAt(server), probeOptions({ sourceAddress: '192.0.2.1' }), signal);
    await server.close();
    assert.equal(peer, '127.5.6.7');
    assert.equal(wrong.outcome, 'unreachable');
  });
});

describe('A probe that is held back', () => {
  let server: TestServer;
  before(async () => {
    server = await rawServer((socket) => reset(socket));
  });
  after(() => server.close());

  it('is unresolved without address and sends nothing', async () => {
    const { outcome } = await probe(targetAt(server, { address: null }), probeOptions(), signal);
    assert.equal(outcome, 'unresolved');
    assert.equal(server.connections(), 0);
  });

  it('is out of scope when refused, and sends nothing', async () => {
    const options = probeOptions({ refusal: () => 'excluded by the operator' });
    const { outcome, detail } = await probe(targetAt(server), options, signal);
    assert.deepEqual([outcome, detail], ['out-of-scope', 'excluded by the operator']);
    assert.equal(server.connections(), 0);
  });

  it('ends at once when it is stopped', async () => {
    const silent = await rawServer(() => undefined);
    const stop = new AbortController();
    const looking = probe(targetAt(silent), probeOptions(), stop.signal);
    setImmediate(() => stop.abort());
    const { durationMs } = await looking;
    await silent.close();
    assert.ok(durationMs < 2000);
    const late = await probe(targetAt(silent), probeOptions(), stop.signal);
    assert.ok(late.durationMs < 100);
  });

  it('survives nonsense as address', async () => {
    const { outcome } = await probe(targetAt(server, { address: 'not an address' }), probeOptions(), signal);
    assert.equal(outcome, 'unreachable');
  });
});
