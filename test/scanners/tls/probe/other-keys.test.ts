import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { scanTargets } from '../../../../scanners/tls/scan.js';
import type { ScanRequest } from '../../../../scanners/tls/scan-request.js';
import { targetGroup, tlsConfig } from '../../../../scanners/tls/config.js';
import type { Observation } from '../../../../src/model/observation.js';
import { notProbed } from '../../../../src/model/not-probed.js';
import { issueFor, type Issued } from '../../../support/pki.js';
import { tlsServer, type TestServer } from '../../../support/tls-servers.js';

const ecdsa = issueFor('both.example');
const rsa = issueFor('both.example', { key: { rsa: 2048 } });

async function scanned(server: TestServer, more: Partial<ScanRequest> = {}): Promise<Observation> {
  const seen: Observation[] = [];
  await scanTargets({
    ...targetGroup.parse({ targets: [server.target], depth: 'full' }),
    config: tlsConfig.parse({ deadlineMs: 3000 }),
    otherKeys: true,
    scanId: 'scan-1',
    signal: new AbortController().signal,
    onObservation: (observation) => void seen.push(observation),
    ...more,
  });
  const [observation] = seen;
  assert.ok(observation !== undefined && seen.length === 1);
  return observation;
}

function dual(version: 'TLSv1.2' | 'TLSv1.3', ...certificates: readonly Issued[]): Promise<TestServer> {
  const [certificate = ecdsa] = certificates;
  const [key, cert] = [certificates.map(({ keyPem }) => keyPem), certificates.map(({ pem }) => pem)];
  return tlsServer({ certificate, tls: { minVersion: version, maxVersion: version, key, cert } });
}

describe('a server with one certificate for each type of key', () => {
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const)
    it(`shows both at depth full (${version})`, async () => {
      const server = await dual(version, ecdsa, rsa);
      const { certificate, alternates } = await scanned(server);
      await server.close();
      const shown = [certificate?.sha256, ...(alternates ?? []).map(({ chain }) => chain[0]?.sha256)];
      assert.deepEqual(shown.toSorted(), [ecdsa.sha256, rsa.sha256].toSorted());
    });

  it('shows both through STARTTLS', async () => {
    const server = await tlsServer({
      certificate: ecdsa,
      tls: { key: [ecdsa.keyPem, rsa.keyPem], cert: [ecdsa.pem, rsa.pem] },
      before: async (socket) => {
        // SSLRequest of PostgreSQL
        await new Promise((resolve) => socket.once('data', resolve));
        socket.write('S');
      },
    });
    const { alternates } = await scanned(server, { starttls: 'postgres' });
    await server.close();
    assert.equal(alternates?.length, 1);
  });
});

describe('a server with one certificate', () => {
  it('takes one more connection at depth full and shows nothing else', async () => {
    for (const certificate of [ecdsa, rsa]) {
      const server = await dual('TLSv1.3', certificate);
      const observation = await scanned(server);
      assert.equal(server.connections(), 2);
      await server.close();
      assert.deepEqual(observation.alternates, []);
    }
  });

  it('takes one connection where the other type of key is not asked for, which is said', async () => {
    const server = await dual('TLSv1.3', ecdsa);
    const observation = await scanned(server, { otherKeys: false });
    assert.equal(server.connections(), 1);
    await server.close();
    assert.ok(notProbed(observation).includes('other-certificates'));
    assert.ok(notProbed(observation).includes('protocol-versions'));
  });
});

describe('what was not probed for', () => {
  const seen = { certificate: {}, alternates: [] } as unknown as Observation;

  it('is nothing after a survey, or where no certificate came', () => {
    assert.deepEqual(notProbed({ ...seen, survey: {} as Observation['survey'] & object }), []);
    assert.deepEqual(notProbed({ ...seen, certificate: null }), []);
  });

  it('is what only a survey asks for', () => {
    assert.deepEqual(notProbed(seen), ['protocol-versions', 'cipher-suites', 'key-exchange-groups']);
  });
});
