import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { freePort } from '../../support/free-port.js';
import { served, startScriptedServer, type ScriptedServer } from '../../support/scripted-server.js';
import type { Issued } from '../../support/pki.js';
import { temporaryFolder } from '../../store/sample.js';
import { digest, Watch } from './harness.js';

/** A CA kept by `openssl ca` in a folder. */
class OpensslCa {
  readonly folder = temporaryFolder();

  constructor(server: string, responder: string) {
    mkdirSync(join(this.folder, 'new'));
    for (const [name, text] of [
      ['index.txt', ''],
      ['serial', '1000\n'],
      ['crlnumber', '01\n'],
    ] as const)
      writeFileSync(join(this.folder, name), text);
    writeFileSync(
      join(this.folder, 'ca.cnf'),
      `[ca]\ndefault_ca=own\n[own]\ndir=${this.folder}\ndatabase=$dir/index.txt\nserial=$dir/serial\n` +
        'crlnumber=$dir/crlnumber\nnew_certs_dir=$dir/new\ndefault_md=sha256\ndefault_days=30\ndefault_crl_days=7\n' +
        'policy=any\nunique_subject=no\nrand_serial=no\n[any]\ncommonName=supplied\n' +
        '[crl_leaf]\nbasicConstraints=critical,CA:FALSE\nsubjectAltName=DNS:crl.example.com\n' +
        `crlDistributionPoints=URI:${server}/ca.crl\n` +
        `[ocsp_leaf]\nbasicConstraints=critical,CA:FALSE\nsubjectAltName=DNS:ocsp.example.com\nauthorityInfoAccess=OCSP;URI:${responder}\n` +
        '[signer]\nbasicConstraints=critical,CA:FALSE\nextendedKeyUsage=OCSPSigning\n',
    );
    this.run([
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '365',
      '-subj',
      '/CN=OpenSSL CA',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
    ]);
  }

  run(args: readonly string[]): void {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });
  }

  issue(name: string, extensions: string): Issued {
    this.run([
      'req',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
    ]);
    this.run([
      'ca',
      '-batch',
      '-config',
      'ca.cnf',
      '-cert',
      'ca.pem',
      '-keyfile',
      'ca.key',
      '-extensions',
      extensions,
      '-in',
      `${name}.csr`,
      '-out',
      `${name}.pem`,
      '-notext',
    ]);
    return this.read(`${name}.pem`);
  }

  revoke(name: string, reason: string): void {
    this.run([
      'ca',
      '-config',
      'ca.cnf',
      '-cert',
      'ca.pem',
      '-keyfile',
      'ca.key',
      '-revoke',
      `${name}.pem`,
      '-crl_reason',
      reason,
    ]);
  }

  crl(): Buffer {
    this.run([
      'ca',
      '-config',
      'ca.cnf',
      '-cert',
      'ca.pem',
      '-keyfile',
      'ca.key',
      '-gencrl',
      '-out',
      'ca.crl.pem',
    ]);
    this.run(['crl', '-in', 'ca.crl.pem', '-outform', 'DER', '-out', 'ca.crl']);
    return readFileSync(join(this.folder, 'ca.crl'));
  }

  read(name: string): Issued {
    const pem = readFileSync(join(this.folder, name), 'utf8');
    const der = Buffer.from(/-----BEGIN CERTIFICATE-----([^-]*)/.exec(pem)?.[1] ?? '', 'base64');
    return { der, pem, sha256: digest(der) } as Issued;
  }
}

describe('lists and responses made by OpenSSL', () => {
  let server: ScriptedServer;
  let ca: OpensslCa;
  let responder: ChildProcess | null = null;
  let responderPort = 0;
  before(async () => {
    server = await startScriptedServer();
    responderPort = await freePort();
    ca = new OpensslCa(server.url, `http://127.0.0.1:${responderPort}`);
  });
  after(async () => {
    responder?.kill();
    await server.close();
  });

  it('are read: revoked with reason and date, and good', async () => {
    const [kept, lost] = [ca.issue('kept', 'crl_leaf'), ca.issue('lost', 'crl_leaf')];
    ca.revoke('lost', 'keyCompromise');
    server.handlers.set('/ca.crl', served(ca.crl()));
    const watch = new Watch(server.port).serve(kept, ca.read('ca.pem')).serve(lost, ca.read('ca.pem'));
    await watch.run();
    assert.equal(watch.outcome(kept), 'good', String(watch.statuses.get(kept.sha256)?.detail));
    const status = watch.statuses.get(lost.sha256);
    assert.deepEqual([status?.outcome, status?.reason], ['revoked', 'keyCompromise']);
    assert.ok(Math.abs((status?.revokedAt?.getTime() ?? 0) - Date.now()) < 3_600_000);
  });

  it('are asked for at a responder with a certificate of its own', async () => {
    const [kept, lost] = [ca.issue('kept-ocsp', 'ocsp_leaf'), ca.issue('lost-ocsp', 'ocsp_leaf')];
    ca.issue('responder', 'signer');
    ca.revoke('lost-ocsp', 'superseded');
    responder = spawn(
      'openssl',
      [
        'ocsp',
        '-port',
        String(responderPort),
        '-index',
        'index.txt',
        '-CA',
        'ca.pem',
        '-rsigner',
        'responder.pem',
        '-rkey',
        'responder.key',
        '-nmin',
        '60',
        '-timeout',
        '5',
      ],
      { cwd: ca.folder, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    await listening(responder);
    const watch = new Watch(responderPort, null, { requestSeconds: 20 })
      .serve(kept, ca.read('ca.pem'))
      .serve(lost, ca.read('ca.pem'));
    await watch.run();
    assert.equal(watch.outcome(kept), 'good', String(watch.statuses.get(kept.sha256)?.detail));
    const status = watch.statuses.get(lost.sha256);
    assert.deepEqual([status?.outcome, status?.reason, status?.method], ['revoked', 'superseded', 'ocsp']);
  });
});

/** Resolves once the responder says that it accepts connections; one that sends nothing would block it. */
function listening({ stderr, stdout }: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    let said = '';
    for (const stream of [stderr, stdout])
      stream?.on('data', (text) => {
        said += String(text);
        if (said.includes('ACCEPT')) resolve();
      });
  });
}
