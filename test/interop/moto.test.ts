import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createConnectors, inventoryConfig } from '../../src/inventory/config.js';
import { readCertificate } from '../../src/x509/read/read-certificate.js';
import { collect } from '../support/collect.js';
import { freePort } from '../support/free-port.js';
import { issueFor } from '../support/pki.js';

/** `moto_server` of the Python package moto (`pip install 'moto[server]' boto3`): an independent implementation of AWS's interfaces. */
const server = [
  process.env['CERTGLASS_MOTO'] ?? '',
  ...(process.env['PATH'] ?? '').split(':').map((folder) => join(folder, 'moto_server')),
].find((path) => path !== '' && existsSync(path));

/** Imports certificates with boto3, AWS's own client: the input is JSON, the output the number listed. */
const importer = `
import boto3, json, sys
given = json.load(sys.stdin)
access = dict(endpoint_url=given['url'], region_name='eu-central-1', aws_access_key_id='test', aws_secret_access_key='test')
acm, iam = boto3.client('acm', **access), boto3.client('iam', **access)
for one in given['acm']:
    acm.import_certificate(Certificate=one['pem'], PrivateKey=one['keyPem'])
for one in given['iam']:
    iam.upload_server_certificate(ServerCertificateName='one', CertificateBody=one['pem'], PrivateKey=one['keyPem'])
`;

describe('AWS as moto has it', { skip: server === undefined && 'needs moto_server' }, () => {
  let moto: ChildProcess;
  let url = '';
  before(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    moto = spawn(server ?? '', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
    for (;;) {
      const isUp = await fetch(`${url}/moto-api/`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (isUp || moto.exitCode !== null) break;
    }
  });
  after(async () => {
    if (moto.exitCode !== null) return;
    moto.kill('SIGKILL');
    await once(moto, 'exit');
  });

  it('lists every certificate of ACM, page by page and of every kind of key, and those of IAM', async () => {
    const acm = Array.from({ length: 25 }, (_, n) =>
      issueFor(`h${n}.example.com`, { key: { ec: n % 2 === 0 ? 'P-256' : 'P-384' } }),
    );
    const iam = [issueFor('iam.example.com', {})];
    const pems = (some: typeof acm) => some.map(({ pem, keyPem }) => ({ pem, keyPem }));
    const python = join(dirname(server ?? ''), 'python');
    const input = JSON.stringify({ url, acm: pems(acm), iam: pems(iam) });
    const done = spawnSync(python, ['-c', importer], {
      input,
      encoding: 'utf8',
      timeout: 60_000,
      killSignal: 'SIGKILL',
    });
    assert.equal(done.status, 0, done.stderr);
    const source = {
      type: 'aws',
      regions: ['eu-central-1'],
      endpoint: url,
      credentials: { from: 'keys', accessKeyId: 'test', secretAccessKey: 'test' },
    };
    const [connector] = createConnectors(inventoryConfig.parse({ sources: [source] }), readCertificate);
    const signal = new AbortController().signal;
    const items = await collect(connector!.list(signal, (sentence) => assert.fail(sentence)));
    assert.deepEqual(
      items.map(({ sha256 }) => sha256).sort(),
      [...acm, ...iam].map(({ sha256 }) => sha256).sort(),
    );
  });
});
