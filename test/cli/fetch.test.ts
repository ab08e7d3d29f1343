import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { revocationConfig } from '../../scanners/revocation/config.js';
import { authorityInfo, crlOf, crlPoints } from '../scanners/revocation/harness.js';
import { issueCa, issueFor, toPem, type Issued } from '../support/pki.js';
import { served, startScriptedServer, type ScriptedServer } from '../support/scripted-server.js';
import { tlsServer } from '../support/tls-servers.js';
import { file, run } from './run-inspect.js';

const root = issueCa('Fetch Root');
const main = join(import.meta.dirname, '../../src/main.js');

describe('one-off questions to the network', () => {
  let server: ScriptedServer;
  let issuer: Issued;
  let leaf: Issued;
  before(async () => {
    server = await startScriptedServer();
    issuer = issueCa('Fetch Issuer', { issuer: root });
    leaf = issueFor('127.0.0.1', {
      issuer,
      serialNumber: 0x77n,
      extensions: [crlPoints(`${server.url}/1.crl`), authorityInfo([], [`${server.url}/issuer.der`])],
    });
    server.handlers.set('/issuer.der', served(issuer.der));
  });
  after(() => server.close());
  const outbound = (): ReturnType<typeof revocationConfig.parse> =>
    revocationConfig.parse({ allow: ['127.0.0.0/8'], ports: [server.port] });

  it('inspect --fetch completes the path, and says that the certificate is good', async () => {
    server.handlers.set('/1.crl', served(crlOf(issuer)));
    const roots = file('fetch-root.pem', root.pem);
    const path = file('fetch-leaf.pem', leaf.pem);
    const offline = await run([path], { json: true, roots });
    assert.equal(offline.lines[0]?.validation?.grade, 'invalid');
    assert.equal(offline.lines[0].revocation, null);
    const { lines } = await run([path], { json: true, roots, fetch: true, outbound: outbound() });
    assert.equal(lines[0]?.validation?.grade === 'invalid', false, JSON.stringify(lines[0]?.validation));
    assert.deepEqual(
      [lines[0]?.revocation?.status, lines[0]?.revocation?.source],
      ['good', `${server.url}/1.crl`],
    );
  });

  it('inspect --fetch fails for a revoked certificate, with reason and date', async () => {
    server.handlers.set('/1.crl', served(crlOf(issuer, [0x77n])));
    const path = file('fetch-revoked.pem', leaf.pem + toPem(issuer.der));
    const { code, lines } = await run([path], { json: true, fetch: true, outbound: outbound() });
    assert.equal(code, 1);
    assert.deepEqual(
      [lines[0]?.revocation?.status, lines[0]?.revocation?.revokedAt],
      ['revoked', '2026-05-20T00:00:00.000Z'],
    );
    assert.ok(lines[0]?.findings.some(({ rule }) => rule === 'revoked'));
    const text = await run([path], { fetch: true, outbound: outbound() });
    assert.match(text.out, /revocation +revoked, unspecified, since 2026-05-20/);
  });

  it('inspect --fetch contacts nothing private unless it is allowed', async () => {
    const before = server.asked.length;
    const { lines } = await run([file('fetch-private.pem', leaf.pem)], { json: true, fetch: true });
    assert.equal(server.asked.length, before);
    assert.equal(lines[0]?.revocation?.status, 'unknown');
    assert.match(String(lines[0].revocation.detail), /not a public address/);
  });

  it('scan --revocation says that a served certificate is revoked', async () => {
    server.handlers.set('/1.crl', served(crlOf(issuer, [0x77n])));
    const target = await tlsServer({ certificate: leaf, chain: [issuer] });
    const environment = {
      ...process.env,
      CERTGLASS__REVOCATION__ALLOW: '["127.0.0.0/8"]',
      CERTGLASS__REVOCATION__PORTS: `[${server.port}]`,
    };
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [main, 'scan', target.target, '--json', '--revocation', '--fail-on', 'critical'],
      { env: environment },
    ).catch((error: unknown) => error as { stdout: string });
    await target.close();
    const line = JSON.parse(stdout.split('\n')[0] ?? '') as { findings: { rule: string; details: object }[] };
    const finding = line.findings.find(({ rule }) => rule === 'revoked');
    assert.deepEqual({ reason: 'unspecified', method: 'crl', ...finding?.details }, finding?.details);
  });
});
