import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { survey } from '../../scanners/tls/survey/survey.js';
import type { Observation } from '../../src/model/observation.js';
import { probe, probeOptions, targetAt } from '../scanners/tls/support.js';
import { issueCa, issueFor } from '../support/pki.js';
import { freePort } from '../support/free-port.js';
import { program, serverFolder, start, type ServerFolder } from './support.js';

const signal = new AbortController().signal;
const root = issueCa();
const intermediate = issueCa('Intermediate', { issuer: root });
const ecdsa = issueFor('a.example', { issuer: intermediate });
const rsa = issueFor('a.example', { issuer: intermediate, key: { rsa: 2048 } });
const fallback = issueFor('default.example', { issuer: intermediate });
const staple = Buffer.from('30030a0106', 'hex'); // OCSPResponse: unauthorized

/** Runs a server with its folder while `use` looks at it. */
async function withServer(
  name: string,
  args: (folder: ServerFolder, port: number) => readonly string[],
  use: (port: number) => Promise<void>,
): Promise<void> {
  const folder = serverFolder(ecdsa, [intermediate]);
  const port = await freePort();
  try {
    const running = await start(program(name) ?? '', args(folder, port), port, folder.path);
    try {
      await use(port);
    } finally {
      await running.stop();
    }
  } finally {
    folder.remove();
  }
}

function look(
  port: number,
  depth: 'fast' | 'full',
  serverName: string | null = 'a.example',
): Promise<Observation> {
  return probe(targetAt({ host: '127.0.0.1', port }, { serverName }), probeOptions({ depth }), signal);
}

const missing = (name: string): string | false =>
  program(name) === null ? `${name} is not installed` : false;

describe('nginx', { skip: missing('nginx') }, () => {
  const config = (folder: ServerFolder, port: number): readonly string[] => {
    folder.write('rsa.pem', rsa.pem + intermediate.pem);
    folder.write('rsa.key', rsa.keyPem);
    folder.write('fallback.pem', fallback.pem + intermediate.pem);
    folder.write('fallback.key', fallback.keyPem);
    const conf = folder.write(
      'nginx.conf',
      `daemon off; master_process off; pid nginx.pid; error_log stderr crit; events {}
       http { access_log off;
         server { listen 127.0.0.1:${port} ssl default_server; server_name default.example;
           ssl_certificate fallback.pem; ssl_certificate_key fallback.key; return 204; }
         server { listen 127.0.0.1:${port} ssl; server_name a.example; ssl_certificate cert.pem; ssl_certificate_key key.pem;
           ssl_certificate rsa.pem; ssl_certificate_key rsa.key; return 204; } }`,
    );
    return ['-p', folder.path, '-c', conf];
  };

  it('shows its certificate by name, and another without', async () => {
    await withServer('nginx', config, async (port) => {
      for (const depth of ['fast', 'full'] as const) {
        const named = await look(port, depth);
        assert.deepEqual(
          named.chain.map(({ sha256 }) => sha256),
          [ecdsa.sha256, intermediate.sha256],
          named.detail ?? '',
        );
        assert.equal((await look(port, depth, null)).certificate?.sha256, fallback.sha256);
      }
    });
  });

  it('shows the RSA beside the ECDSA certificate, and the default one, to a survey', async () => {
    await withServer('nginx', config, async (port) => {
      const options = { ...probeOptions(), surveyDeadlineMs: 60_000, turn: () => Promise.resolve() };
      const facts = await survey(await look(port, 'full'), options, signal);
      assert.deepEqual(
        facts.alternates.map(({ asked, chain }) => [asked, chain[0]?.sha256]),
        [
          ['RSA', rsa.sha256],
          ['no-server-name', fallback.sha256],
        ],
      );
    });
  });
});

describe('openssl s_server', { skip: missing('openssl') }, () => {
  const server =
    (...more: readonly string[]) =>
    (folder: ServerFolder, port: number): readonly string[] => {
      writeFileSync(`${folder.path}/staple.der`, staple);
      return [
        's_server',
        '-accept',
        `127.0.0.1:${port}`,
        '-cert',
        'cert.pem',
        '-cert_chain',
        'cert.pem',
        '-key',
        'key.pem',
        '-quiet',
        '-www',
        ...more,
      ];
    };
  const cases: readonly (readonly [
    what: string,
    args: readonly string[],
    check: (seen: Observation) => void,
  ])[] = [
    ['as it comes', [], ({ tls }) => assert.equal(tls?.version, 'TLSv1.3')],
    ['that sends no tickets', ['-num_tickets', '0'], ({ durationMs }) => assert.ok(durationMs < 5000)],
    ['with TLS 1.2 only', ['-tls1_2'], ({ tls }) => assert.equal(tls?.version, 'TLSv1.2')],
    [
      'with TLS 1.0 only',
      ['-tls1', '-cipher', 'ALL:@SECLEVEL=0'],
      ({ tls }) => assert.equal(tls?.version, 'TLSv1'),
    ],
    [
      'that demands a client certificate',
      ['-Verify', '1'],
      ({ tls }) => assert.equal(tls?.clientCertificateRequested, true),
    ],
    [
      'that demands one in TLS 1.2',
      ['-Verify', '1', '-tls1_2'],
      ({ tls }) => assert.equal(tls?.clientCertificateRequested, true),
    ],
    [
      'with a stapled OCSP response',
      ['-status_file', 'staple.der'],
      ({ tls }) => assert.ok(tls?.ocspResponse),
    ],
    ['with P-521 only', ['-groups', 'P-521'], ({ tls }) => assert.equal(tls?.group, 'P-521')],
  ];
  for (const [what, args, check] of cases) {
    it(`${what} shows its certificate`, async () => {
      await withServer('openssl', server(...args), async (port) => {
        const full = await look(port, 'full');
        assert.equal(full.outcome, 'ok', full.detail ?? '');
        assert.equal(full.certificate?.sha256, ecdsa.sha256);
        check(full);
        const fast = await look(port, 'fast');
        assert.equal(fast.certificate?.sha256, ecdsa.sha256, fast.detail ?? '');
      });
    });
  }
});
