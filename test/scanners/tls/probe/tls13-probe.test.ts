import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import type { TlsOptions } from 'node:tls';
import { survey } from '../../../../scanners/tls/survey/survey.js';
import { tls13Probe, type Tls13Look } from '../../../../scanners/tls/probe/tls13-probe.js';
import { issue, issueCa, issueFor, type Issued } from '../../../support/pki.js';
import { serverHello, records } from '../../../support/tls-records.js';
import { rawServer, tlsServer, type TestServer } from '../../../support/tls-servers.js';
import { probe, probeOptions, targetAt } from '../support.js';

const signal = new AbortController().signal;
const limits = { maxBytes: 262_144, maxCertificateBytes: 1_048_576 };
const root = issueCa('Client Root');
const leaf = issueFor('a.example', { issuer: root });
const many = Array.from({ length: 6000 }, (_, index) => `host-${index}.a-rather-long-name.example`);

function look(server: TestServer, deadlineMs = 10_000): Promise<Tls13Look> {
  const route = {
    address: server.host,
    port: server.port,
    sourceAddress: null,
    deadlineAt: performance.now() + deadlineMs,
    signal,
  };
  return tls13Probe(targetAt(server), route, limits);
}

async function seen(tls: TlsOptions, certificate: Issued = leaf, ocspResponse?: Buffer): Promise<Tls13Look> {
  const server = await tlsServer({
    certificate,
    chain: [root],
    tls: { minVersion: 'TLSv1.3', ...tls },
    ...(ocspResponse === undefined ? {} : { ocspResponse }),
  });
  try {
    return await look(server);
  } finally {
    await server.close();
  }
}

describe('Our own reading of TLS 1.3', () => {
  for (const [curve, group] of [
    ['X25519', 'X25519'],
    ['prime256v1', 'P-256'],
    ['secp384r1', 'P-384'],
    ['secp521r1', 'P-521'],
    ['X448', 'X448'],
  ] as const) {
    it(`brings the chain of a server that takes ${group} only`, async () => {
      const { outcome, detail, chain, tls } = await seen({ ecdhCurve: curve });
      assert.equal(outcome, 'ok', detail ?? '');
      assert.deepEqual(Buffer.from(chain[0] ?? []), leaf.der);
      assert.equal(tls?.group, group);
    });
  }

  for (const suite of [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'TLS_AES_128_CCM_SHA256',
    'TLS_AES_128_CCM_8_SHA256',
  ]) {
    it(`brings the chain byte for byte (${suite})`, async () => {
      const { outcome, detail, chain, tls } = await seen({ ciphers: `${suite}:ALL:@SECLEVEL=0` });
      assert.equal(outcome, 'ok', detail ?? '');
      assert.deepEqual(
        chain.map((der) => Buffer.from(der)),
        [leaf.der, root.der],
      );
      assert.deepEqual([tls?.cipher, tls?.clientCertificateRequested], [suite, false]);
    });
  }

  it('sees the request for a client certificate and the authorities it names', async () => {
    const asked = await seen({ requestCert: true, rejectUnauthorized: false, ca: [root.pem] });
    assert.equal(asked.tls?.clientCertificateRequested, true);
    assert.ok(asked.certificateAuthorities && asked.certificateAuthorities.length > 10);
    assert.equal((await seen({})).certificateAuthorities, null);
  });

  it('sees a stapled OCSP response', async () => {
    const staple = Buffer.from('3003020100', 'hex');
    const { tls } = await seen({}, leaf, staple);
    assert.deepEqual(tls?.ocspResponse && Buffer.from(tls.ocspResponse), staple);
  });

  it('recovers a certificate of more than 100 KB from a server that speaks TLS 1.3 only', async () => {
    const large = issue({ dnsNames: many, issuer: root });
    assert.ok(large.der.length > 150_000);
    const server = await tlsServer({ certificate: large, tls: { minVersion: 'TLSv1.3' } });
    for (const depth of ['fast', 'full'] as const) {
      const { outcome, certificate, detail } = await probe(targetAt(server), probeOptions({ depth }), signal);
      assert.equal(outcome, 'ok', detail ?? '');
      assert.equal(certificate?.sha256, large.sha256);
    }
    await server.close();
  });

  it('serves the survey of a server that speaks TLS 1.3 only', async () => {
    const server = await tlsServer({
      certificate: leaf,
      tls: { minVersion: 'TLSv1.3', requestCert: true, rejectUnauthorized: false, ca: [root.pem] },
    });
    const first = await probe(targetAt(server), probeOptions(), signal);
    const facts = await survey(
      first,
      { ...probeOptions(), surveyDeadlineMs: 20_000, deadlineMs: 5000, turn: () => Promise.resolve() },
      signal,
    );
    await server.close();
    assert.deepEqual(facts.clientAuthorities, ['CN=Client Root']);
  });

  it('answers one HelloRetryRequest, for what it may change', async () => {
    const retry = (...extensions: readonly number[]): Buffer => {
      const bytes = records(22, serverHello({ cipherSuite: 0x1301, extensions: Buffer.from(extensions) }));
      createHash('sha256')
        .update('HelloRetryRequest')
        .digest()
        .copy(bytes, 5 + 4 + 2);
      return bytes;
    };
    const version = [0, 43, 0, 2, 3, 4];
    const forGroup = (group: number): readonly number[] => [0, 51, 0, 2, group >> 8, group & 255];
    const cookie = [0, 44, 0, 4, 0, 2, 7, 7];
    const cases: readonly (readonly [bytes: Buffer, hellos: number, detail: RegExp])[] = [
      [retry(...version, ...forGroup(24)), 2, /a second HelloRetryRequest/],
      [retry(...version, ...cookie), 2, /a second HelloRetryRequest/],
      [retry(...version), 1, /HelloRetryRequest for nothing/],
      [retry(...version, ...forGroup(29)), 1, /HelloRetryRequest for X25519/],
      [retry(...version, ...forGroup(0x11ec)), 1, /HelloRetryRequest for X25519MLKEM768/],
    ];
    for (const [bytes, hellos, detail] of cases) {
      let heard = '';
      const server = await rawServer((socket) =>
        socket.on('data', (chunk) => {
          heard += chunk.toString('latin1');
          socket.write(bytes);
        }),
      );
      const { outcome, detail: said } = await look(server);
      await server.close();
      assert.equal(outcome, 'protocol-error');
      assert.match(String(said), detail);
      assert.equal(heard.split(/^\x16\x03\x01|\x16\x03\x03/s).length - 1, hellos);
      assert.equal(
        heard.includes('\0\x2c\0\x04\0\x02\x07\x07'),
        bytes.includes(Buffer.from(cookie)) && hellos === 2,
      );
    }
  });

  it('says what it met instead', async () => {
    const share = Buffer.concat([
      Buffer.from([0, 43, 0, 2, 3, 4, 0, 51, 0, 36, 0, 29, 0, 32]),
      Buffer.alloc(32, 9),
    ]);
    const sealed = Buffer.concat([
      records(22, serverHello({ cipherSuite: 0x1301, extensions: share })),
      records(23, Buffer.alloc(100)),
    ]);
    const cases: readonly (readonly [bytes: Buffer, outcome: string, detail: RegExp])[] = [
      [sealed, 'protocol-error', /cannot be opened/],
      [
        records(22, serverHello({ cipherSuite: 0x1301 })),
        'protocol-error',
        /a key share that was offered is not spoken/,
      ],
      [
        records(22, serverHello({ cipherSuite: 0x1306, extensions: share })),
        'protocol-error',
        /does not fit/,
      ],
      [Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'plain-http', /HTTP/],
      [Buffer.from('15030300020228', 'hex'), 'alert', /handshake_failure/],
      [Buffer.alloc(0), 'closed', /^null$/],
    ];
    for (const [bytes, outcome, detail] of cases) {
      const server = await rawServer((socket) => socket.once('data', () => socket.end(bytes)));
      const met = await look(server);
      await server.close();
      assert.equal(met.outcome, outcome, met.detail ?? '');
      assert.match(String(met.detail), detail);
      assert.equal(met.chain.length, 0);
    }
  });
});
