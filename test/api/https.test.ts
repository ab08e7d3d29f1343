import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { it } from 'node:test';
import { connect } from 'node:tls';
import fastify from 'fastify';
import { pino } from 'pino';
import { httpsServerFactory } from '../../src/api/web/https.js';
import { eventually } from '../e2e/service-process.js';
import { temporaryFolder } from '../store/sample.js';
import { issueFor } from '../support/pki.js';

/** Common name of the certificate that a new connection is shown. */
async function served(port: number): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  try {
    await once(socket, 'secureConnect');
    return String(socket.getPeerCertificate().subject.CN);
  } finally {
    socket.destroy();
  }
}

it('reads certificate and key again when they change, and keeps the last good pair', async () => {
  const folder = temporaryFolder();
  const files = { certificateFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  const put = (name: string): void => {
    const { pem, keyPem } = issueFor(name);
    writeFileSync(files.keyFile, keyPem);
    writeFileSync(files.certificateFile, pem);
  };
  const logged: string[] = [];
  const log = pino({}, { write: (line: string) => void logged.push(line) });
  put('first.example.com');
  const app = fastify({ serverFactory: httpsServerFactory(files, log, 20) });
  try {
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    assert.equal(await served(port), 'first.example.com');
    put('second.example.com');
    await eventually(
      () => served(port),
      (name) => name === 'second.example.com',
      10_000,
    );
    writeFileSync(files.certificateFile, 'not a certificate');
    await eventually(
      async () => logged.join(''),
      (lines) => lines.includes('cannot be used; the last one stays'),
      10_000,
    );
    assert.equal(await served(port), 'second.example.com');
  } finally {
    await app.close();
  }
});

it('says in one sentence which file cannot be read', () => {
  const files = { certificateFile: '/nonexistent/cert.pem', keyFile: '/nonexistent/key.pem' };
  const make = httpsServerFactory(files, pino({ level: 'silent' }));
  assert.throws(
    () => make(() => undefined, {}),
    /api\.tls\.certificateFile: \/nonexistent\/cert\.pem cannot be read/,
  );
});
