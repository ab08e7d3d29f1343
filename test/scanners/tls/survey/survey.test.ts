import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { vector16, vector8 } from '../../../../scanners/tls/wire/client-hello.js';
import { survey } from '../../../../scanners/tls/survey/survey.js';
import type { SurveyOptions } from '../../../../scanners/tls/survey/surveyor.js';
import type { SurveyFacts } from '../../../../src/model/survey.js';
import type { Target } from '../../../../src/model/target.js';
import { commonName, issueFor } from '../../../support/pki.js';
import { pickyServer, type Picks } from '../../../support/picky-server.js';
import { rawServer, tlsServer, type TestServer } from '../../../support/tls-servers.js';
import { probe, probeOptions, targetAt } from '../support.js';

const signal = new AbortController().signal;
const rsa = issueFor('rsa.example').der;
const ecdsa = issueFor('ecdsa.example');

function options(changes: Partial<SurveyOptions> = {}): SurveyOptions {
  return {
    ...probeOptions(),
    surveyDeadlineMs: 20_000,
    deadlineMs: 5000,
    turn: () => Promise.resolve(),
    ...changes,
  };
}

async function surveyed(
  server: TestServer,
  changes: Partial<SurveyOptions> = {},
  target: Partial<Target> = {},
): Promise<SurveyFacts> {
  const look = await probe(targetAt(server, target), probeOptions({ depth: 'fast' }), signal);
  return survey(look, options(changes), signal);
}

async function picked(picks: Picks, target: Partial<Target> = {}): Promise<SurveyFacts> {
  const server = await pickyServer(picks);
  try {
    return await surveyed(server, {}, target);
  } finally {
    await server.close();
  }
}

const everywhere = (suites: readonly number[], versions = [0x0303]): Picks['suites'] =>
  Object.fromEntries(versions.map((version) => [version, suites]));

describe('A survey', { concurrency: 4 }, () => {
  it('sees SSL 3 to TLS 1.2, RC4, 3DES, EXPORT, NULL and anonymous suites that OpenSSL no longer speaks', async () => {
    const suites = [0x0005, 0x000a, 0x0003, 0x0002, 0x0034, 0x0009, 0x0096];
    const facts = await picked({ suites: everywhere(suites, [0x0300, 0x0301, 0x0302, 0x0303]), rsa });
    const names = [
      'TLS_RSA_WITH_RC4_128_SHA',
      'TLS_RSA_WITH_3DES_EDE_CBC_SHA',
      'TLS_RSA_EXPORT_WITH_RC4_40_MD5',
      'TLS_RSA_WITH_NULL_SHA',
      'TLS_DH_anon_WITH_AES_128_CBC_SHA',
      'TLS_RSA_WITH_DES_CBC_SHA',
      'TLS_RSA_WITH_SEED_CBC_SHA',
    ];
    assert.deepEqual(
      facts.versions,
      ['TLSv1.2', 'TLSv1.1', 'TLSv1', 'SSLv3'].map((version) => ({
        version,
        cipherSuites: names,
        preference: 'server',
      })),
    );
    assert.equal(facts.incomplete, null);
  });

  it('takes few connections of a server that speaks what is recommended today', async () => {
    const ciphers =
      'TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384';
    const server = await tlsServer({ certificate: ecdsa, tls: { ciphers, ecdhCurve: 'X25519:P-256' } });
    const { versions, groups, connections, incomplete } = await surveyed(server);
    await server.close();
    assert.deepEqual(
      versions.map(({ version, cipherSuites }) => [version, cipherSuites.length]),
      [
        ['TLSv1.3', 2],
        ['TLSv1.2', 2],
      ],
    );
    assert.deepEqual([groups, incomplete], [['X25519', 'P-256'], null]);
    assert.ok(connections <= 40, `${connections}`);
  });

  it('tells whose order decides', async () => {
    const suites = everywhere([0x002f, 0x0035, 0x009c]);
    assert.equal((await picked({ suites, rsa })).versions[0]?.preference, 'server');
    assert.equal((await picked({ suites, rsa, clientOrder: true })).versions[0]?.preference, 'client');
    assert.equal((await picked({ suites: everywhere([0x002f]), rsa })).versions[0]?.preference, null);
  });

  it('sees SSL 2 and its suites', async () => {
    const certificate = Buffer.from(rsa);
    const kinds = Buffer.from('0100800700c0ffffff', 'hex');
    const body = Buffer.concat([
      Buffer.of(4, 0, 1, 0, 2),
      Buffer.of(certificate.length >> 8, certificate.length & 255, 0, kinds.length, 0, 16),
      certificate,
      kinds,
      Buffer.alloc(16),
    ]);
    const ssl2 = Buffer.concat([Buffer.of(0x80 | (body.length >> 8), body.length & 255), body]);
    const facts = await picked({ suites: everywhere([0x002f]), rsa, ssl2 });
    assert.deepEqual(facts.versions.at(-1), {
      version: 'SSLv2',
      cipherSuites: ['SSL_CK_RC4_128_WITH_MD5', 'SSL_CK_DES_192_EDE3_CBC_WITH_MD5', '0xffffff'],
      preference: null,
    });
  });

  it('finds hybrid groups by HelloRetryRequest, and curves of TLS 1.2', async () => {
    const facts = await picked({
      suites: { 0x0304: [0x1301], 0x0303: [0xc02f] },
      groups: [4588, 29, 24],
      rsa,
    });
    assert.deepEqual(facts.groups, ['X25519MLKEM768', 'X25519', 'P-384']);
    assert.deepEqual(
      facts.versions.map(({ version }) => version),
      ['TLSv1.3', 'TLSv1.2'],
    );
  });

  it('measures the Diffie-Hellman prime', async () => {
    const bits = async (prime: Uint8Array): Promise<number | null> =>
      (await picked({ suites: everywhere([0x0033]), rsa, prime })).dhBits;
    assert.equal(await bits(Buffer.alloc(128, 0xff)), 1024);
    assert.equal(await bits(Buffer.concat([Buffer.alloc(2), Buffer.of(1), Buffer.alloc(63, 1)])), 505);
    assert.equal(await bits(Buffer.alloc(64)), null);
    assert.equal((await picked({ suites: everywhere([0x002f]), rsa })).dhBits, null);
  });

  it('reads compression, renegotiation, SCTs and client authorities', async () => {
    const scts = vector16(Buffer.concat([vector16(Buffer.alloc(40)), vector16(Buffer.alloc(41))]));
    const authorities = vector16(
      Buffer.concat([vector16(commonName('Our CA')), vector16(commonName('Their CA'))]),
    );
    const facts = await picked({
      suites: everywhere([0x002f]),
      rsa,
      compresses: true,
      extensions: Buffer.concat([Buffer.of(0xff, 1, 0, 1, 0, 0, 18), vector16(scts)]),
      certificateRequest: Buffer.concat([vector8(Buffer.of(1)), vector16(Buffer.of(4, 1)), authorities]),
    });
    assert.deepEqual([facts.compression, facts.secureRenegotiation, facts.handshakeScts], [true, true, 2]);
    assert.deepEqual(facts.clientAuthorities, ['CN=Our CA', 'CN=Their CA']);
    const plain = await picked({ suites: everywhere([0x002f]), rsa });
    assert.deepEqual(
      [plain.compression, plain.secureRenegotiation, plain.handshakeScts, plain.clientAuthorities],
      [false, false, null, null],
    );
  });

  it('asks for secure renegotiation in SSL 3 too, where a suite stands for the extension', async () => {
    const renegotiation = Buffer.of(0xff, 1, 0, 1, 0);
    const facts = await picked({ suites: everywhere([0x000a], [0x0300]), rsa, extensions: renegotiation });
    assert.deepEqual([facts.versions[0]?.version, facts.secureRenegotiation], ['SSLv3', true]);
  });

  it('collects the RSA and the ECDSA chain, the one without name and the one for unknown names', async () => {
    const [nameless, unknown] = [issueFor('nameless.example').der, issueFor('unknown.example').der];
    const facts = await picked(
      {
        suites: everywhere([0xc02b, 0xc02f]),
        rsa,
        ecdsa: ecdsa.der,
        byName: { '': nameless, 'unknown.invalid': unknown },
      },
      { serverName: 'ecdsa.example' },
    );
    assert.deepEqual(
      facts.alternates.map(({ asked, chain }) => [asked, chain[0]?.dnsNames[0]]),
      [
        ['RSA', 'rsa.example'],
        ['no-server-name', 'nameless.example'],
        ['unknown-server-name', 'unknown.example'],
      ],
    );
  });

  it('collects both chains of a server that speaks TLS 1.3 only', async () => {
    const other = issueFor('both.example', { key: { rsa: 2048 } });
    const server = await tlsServer({
      certificate: ecdsa,
      tls: { minVersion: 'TLSv1.3', key: [ecdsa.keyPem, other.keyPem], cert: [ecdsa.pem, other.pem] },
    });
    const facts = await surveyed(server);
    await server.close();
    assert.deepEqual(
      facts.alternates.map(({ asked, chain }) => [asked, chain[0]?.sha256]),
      [['RSA', other.sha256]],
    );
    assert.equal(facts.ticketLifetimeSeconds, 7200);
  });

  it('fingerprints: JARM of 62 digits, zeros when nothing is understood, the same every time', async () => {
    const [one, two] = [
      await picked({ suites: everywhere([0x002f]), rsa }),
      await picked({ suites: everywhere([0x002f]), rsa }),
    ];
    assert.match(one.jarm ?? '', /^[0-9a-f]{62}$/);
    assert.equal(one.jarm, two.jarm);
    // Suite 002f is the sixth of the list, TLS 1.2 is d; the hello of TLS 1.1 and those of 1.3 are answered alike or not at all.
    assert.ok(one.jarm?.startsWith('06d06d'), one.jarm ?? '');
    const mute = await rawServer((socket) => socket.once('data', () => socket.end()));
    const nothing = await surveyed(mute);
    await mute.close();
    assert.equal(nothing.jarm, '0'.repeat(62));
    assert.deepEqual(nothing.versions, []);
  });

  it('takes turns, and ends where it may not go on', async () => {
    const server = await pickyServer({ suites: everywhere([0x002f]), rsa });
    let turns = 0;
    const facts = await surveyed(server, { turn: () => Promise.resolve(void (turns += 1)) });
    assert.equal(turns, facts.connections);
    assert.equal(server.connections(), turns + 1);
    let left = 5;
    const refused = await surveyed(server, { refusal: () => (left-- > 0 ? null : 'excluded meanwhile') });
    assert.deepEqual([refused.connections, refused.incomplete], [5, 'excluded meanwhile']);
    await server.close();
  });

  it('gives up on an endpoint that falls silent, and keeps the deadline', async () => {
    const silent = await rawServer(() => undefined);
    const look = {
      ...(await probe(targetAt(silent), probeOptions({ depth: 'fast', deadlineMs: 100 }), signal)),
      outcome: 'ok' as const,
    };
    const facts = await survey(look, options({ deadlineMs: 100 }), signal);
    assert.deepEqual([facts.connections, facts.incomplete], [3, 'the endpoint is silent']);
    const startedAt = performance.now();
    const late = await survey(look, options({ surveyDeadlineMs: 150 }), signal);
    await silent.close();
    assert.ok(performance.now() - startedAt < 1500);
    assert.notEqual(late.incomplete, null);
  });

  it('ends on servers that contradict themselves', async () => {
    // Always picks the same suite, offered or not; and the same group.
    const server = await pickyServer({ suites: everywhere([0x002f]), rsa });
    const stubborn = await rawServer((socket) =>
      socket.once('data', () =>
        socket.end(Buffer.from('160303002a020000260303' + '07'.repeat(32) + '00c02f00', 'hex')),
      ),
    );
    const facts = await surveyed(stubborn);
    await stubborn.close();
    await server.close();
    assert.equal(facts.incomplete, null);
    assert.ok(facts.connections < 100, `${facts.connections}`);
  });
});
