import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tls13Probe } from '../../scanners/tls/probe/tls13-probe.js';
import { targetAt } from '../scanners/tls/support.js';
import { issueCa, issueFor } from '../support/pki.js';
import { freePort } from '../support/free-port.js';
import { program, serverFolder, start } from './support.js';

const leaf = issueFor('localhost', { issuer: issueCa() });

/** Servers that answer the first hello with a HelloRetryRequest: for a group, a cookie, or both. */
const servers: readonly (readonly [command: 'openssl' | 'gnutls-serv', options: string, group: string])[] = [
  ['openssl', '-groups P-384', 'P-384'],
  ['openssl', '-groups P-521 -ciphersuites TLS_AES_256_GCM_SHA384', 'P-521'],
  ['openssl', '-groups X448 -ciphersuites TLS_CHACHA20_POLY1305_SHA256', 'X448'],
  ['openssl', '-stateless', 'X25519'],
  ['openssl', '-stateless -groups P-384', 'P-384'],
  ['gnutls-serv', '--priority NORMAL:-GROUP-ALL:+GROUP-SECP384R1', 'P-384'],
  ['gnutls-serv', '--priority NORMAL:-GROUP-ALL:+GROUP-SECP521R1', 'P-521'],
  ['gnutls-serv', '--priority NORMAL:-GROUP-ALL:+GROUP-X448', 'X448'],
];

describe('Our own reading of TLS 1.3 follows a HelloRetryRequest', () => {
  for (const [command, options, group] of servers) {
    const path = program(command);
    it(`of ${command} ${options}`, { skip: path === null && `${command} is not installed` }, async () => {
      const folder = serverFolder(leaf);
      const port = await freePort();
      const files =
        command === 'openssl'
          ? `s_server -accept 127.0.0.1:${port} -cert cert.pem -key key.pem -quiet -tls1_3`
          : `--port ${port} --x509certfile cert.pem --x509keyfile key.pem --echo --quiet`;
      const running = await start(
        path ?? '',
        [...files.split(' '), ...options.split(' ')],
        port,
        folder.path,
      );
      try {
        const look = await tls13Probe(
          targetAt({ host: '127.0.0.1', port }),
          {
            address: '127.0.0.1',
            port,
            sourceAddress: null,
            deadlineAt: performance.now() + 10_000,
            signal: new AbortController().signal,
          },
          { maxBytes: 262_144, maxCertificateBytes: 1_048_576 },
        );
        assert.equal(look.outcome, 'ok', look.detail ?? '');
        assert.equal(look.tls?.group, group);
        assert.deepEqual(Buffer.from(look.chain[0] ?? []), leaf.der);
      } finally {
        await running.stop();
        folder.remove();
      }
    });
  }
});
