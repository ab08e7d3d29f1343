import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { Api } from '../../src/api/server.js';
import { endpointKey } from '../../src/model/target.js';
import { openStore, type OpenStore } from '../../src/store/index.js';
import { readCertificate } from '../../src/x509/read/read-certificate.js';
import {
  certificate,
  ctEntry,
  delivery,
  embeddedConfig,
  finding,
  inventoryItem,
  log,
  minutes,
  noon,
  observation,
  position,
  temporaryFolder,
} from '../store/sample.js';
import { issueFor } from '../support/pki.js';
import { api, noActions } from './parts.js';

const hosts = Array.from({ length: 7 }, (_, n) => `host-${n}.example.com`);
const real = issueFor('real.example.com');
const realLook = observation('real.example.com', {
  certificate: readCertificate(real.der),
  chain: [readCertificate(real.der)],
  tls: {
    version: 'TLSv1.3',
    cipher: 'TLS_AES_128_GCM_SHA256',
    group: 'X25519',
    alpn: 'h2',
    clientCertificateRequested: true,
    ocspResponse: Buffer.from([1, 2, 3]),
  },
});
const expired = finding('host-0.example.com', { openedAt: minutes(30), lastSeenAt: minutes(30) });
const resolved = finding('host-1.example.com', { state: 'resolved', revision: 2, resolvedAt: minutes(20) });

describe('the API over a real store', () => {
  let store: OpenStore;
  let app: Api;
  const said: unknown[] = [];

  before(async () => {
    store = await openStore(embeddedConfig(temporaryFolder()), log);
    await store.writeObservations([...hosts.map((host) => observation(host)), realLook]);
    await store.writeFindings([
      expired,
      resolved,
      ...hosts.slice(2).map((host) => finding(host, { severity: 'warning' })),
    ]);
    await store.writeCtEntries([ctEntry('host-0.example.com', 7)]);
    await store.writeCtPosition(position());
    await store.writeDeliveries([delivery('email', 'host-0.example.com')]);
    await store.writeInventory(
      { source: 'files:a', startedAt: noon },
      [inventoryItem('files:a', 'host-0.example.com')],
      () => ({
        source: 'files:a',
        startedAt: noon,
        finishedAt: minutes(1),
        complete: true,
        items: 1,
        errors: [],
        notes: [],
      }),
    );
    await store.writeScanRun({
      id: 'scan-1',
      name: 'targets',
      startedAt: noon,
      finishedAt: null,
      targets: 8,
      outcomes: { ok: 8 },
      resume: '{"position":3}',
    });
    app = await api(
      {},
      {
        reader: store.reader,
        health: () => store.health(),
        rules: [
          {
            id: 'expired',
            title: 'Expired',
            kind: 'certificate',
            severity: 'error',
            citation: 'RFC 5280',
            remediation: 'Renew.',
            effectiveFrom: noon,
          },
        ],
        actions: {
          ...noActions,
          async changeFinding(...words) {
            said.push(words);
            return { ...expired, state: 'acknowledged', revision: 2 };
          },
          async sendAgain(id, actor) {
            said.push([id, actor]);
            const stored = delivery('email', 'host-0.example.com');
            return id === stored.id ? { ...stored, attempts: 0 } : null;
          },
          pushInventory: async () => 'nothing is pushed in this test',
          async startScan(scan, actor) {
            said.push([scan, actor]);
            return {
              id: 'scan-2',
              name: 'api',
              startedAt: noon,
              finishedAt: null,
              targets: 1,
              outcomes: {},
              resume: null,
            };
          },
        },
      },
    );
  });
  after(async () => {
    await app.close();
    await store.close();
  });

  const get = async (url: string) => {
    const answer = await app.inject(url);
    assert.equal(answer.statusCode, 200, `${url}: ${answer.body}`);
    return answer.json();
  };
  const items = async (url: string): Promise<Record<string, unknown>[]> => (await get(url)).items;

  it('gives a finding as it is, dates in ISO form', async () => {
    assert.deepEqual(await items(`/api/v1/findings?id=${expired.id}`), [JSON.parse(JSON.stringify(expired))]);
  });

  for (const [query, count] of [
    ['', 7],
    ['state=open', 6],
    ['state=open&state=resolved', 7],
    ['state=open,resolved', 7],
    ['severity=error', 2],
    ['rule=expired&severity=warning', 5],
    ['rule=none', 0],
    ['host=host-3.example.com', 1],
    ['hostSuffix=example.com', 7],
    ['hostSuffix=ample.com', 0],
    ['hostContains=ost-3', 1],
    [`certificateSha256=${expired.certificateSha256}`, 1],
    ['subjectKind=endpoint', 7],
    ['subjectKind=self', 0],
    [`subjectKey=${encodeURIComponent(expired.subject.key)}`, 1],
  ] as const)
    it(`filters findings by ${query || 'nothing'}`, async () => {
      assert.equal((await items(`/api/v1/findings?${query}`)).length, count);
    });

  it('gives one finding with its history', async () => {
    const { history, deliveries, related, ...one } = await get(`/api/v1/findings/${expired.id}`);
    assert.equal(one.id, expired.id);
    assert.deepEqual(history, [one]);
    assert.equal(deliveries.length, 1);
    assert.deepEqual(related, []);
    assert.equal((await app.inject(`/api/v1/findings/${'0'.repeat(32)}`)).statusCode, 404);
  });

  it('hands on what people say of a finding', async () => {
    const url = `/api/v1/findings/${expired.id}`;
    const answer = await app.inject({
      method: 'POST',
      url: `${url}/acknowledge`,
      payload: { note: 'on it' },
    });
    assert.equal(answer.statusCode, 200);
    assert.equal(answer.json().state, 'acknowledged');
    assert.equal((await app.inject({ method: 'POST', url: `${url}/silence` })).statusCode, 200);
    assert.deepEqual(said.splice(0), [
      [expired.id, { action: 'acknowledge', note: 'on it' }, 'local'],
      [expired.id, { action: 'silence', until: null, note: null }, 'local'],
    ]);
    const late = await app.inject({ method: 'POST', url: `/api/v1/findings/${resolved.id}/silence` });
    assert.equal(late.statusCode, 409);
    assert.match(late.json().detail, /resolved; there is nothing to silence/);
    const unknown = await app.inject({ method: 'POST', url: `/api/v1/findings/${'0'.repeat(32)}/reopen` });
    assert.equal(unknown.statusCode, 404);
    assert.deepEqual(said, []);
  });

  it('gives a certificate in the form of the contract, and everywhere it was met', async () => {
    const one = await get(`/api/v1/certificates/${real.sha256}`);
    const node = new X509Certificate(real.der);
    assert.equal(one.sha1, node.fingerprint.replaceAll(':', '').toLowerCase());
    assert.equal(one.serialNumber, BigInt(`0x${node.serialNumber}`).toString(16));
    assert.equal(one.notAfter, new Date(node.validTo).toISOString());
    assert.deepEqual(one.dnsNames, ['real.example.com']);
    assert.deepEqual(one.key, { type: 'EC', bits: 256, curve: 'P-256' });
    assert.equal(one.signatureAlgorithm, 'ecdsa-with-SHA256');
    assert.deepEqual(
      one.servedNow.map(({ key }: { key: string }) => key),
      [endpointKey(realLook.target)],
    );
    const logged = await get(`/api/v1/certificates/${certificate('host-0.example.com').sha256}`);
    assert.deepEqual(logged.logged, [
      {
        logId: 'bG9nLWE=',
        log: 'Log A',
        leafIndex: 7,
        timestamp: noon.toISOString(),
        entryType: 'x509',
        verified: true,
      },
    ]);
    assert.equal(logged.inventory[0].reference, 'host-0.example.com.pem');
    assert.equal((await app.inject(`/api/v1/certificates/${'0'.repeat(64)}`)).statusCode, 404);
  });

  it('gives the exact bytes as DER and as PEM, to be saved', async () => {
    const der = await app.inject(`/api/v1/certificates/${real.sha256}.der`);
    assert.equal(createHash('sha256').update(der.rawPayload).digest('hex'), real.sha256);
    assert.equal(der.headers['content-type'], 'application/pkix-cert');
    assert.equal(der.headers['content-disposition'], `attachment; filename="${real.sha256}.der"`);
    const pem = await app.inject(`/api/v1/certificates/${real.sha256.toUpperCase()}.pem`);
    assert.equal(pem.body, real.pem);
    assert.equal((await app.inject(`/api/v1/certificates/${'0'.repeat(64)}.pem`)).statusCode, 404);
  });

  for (const [query, count] of [
    ['hostSuffix=example.com', 8],
    ['host=real.example.com', 1],
    [`sha1=${createHash('sha1').update(real.der).digest('hex')}`, 1],
    [`serialNumber=${certificate('host-2.example.com').serialNumber.toUpperCase()}`, 1],
    ['served=true', 8],
    ['served=false', 1],
    ['keyType=EC', 9],
    ['keyType=RSA', 0],
    ['issuer=test%20ca', 8],
    ['expiresBefore=2000-01-01', 0],
    ['expiresAfter=2026-11-23T12:00:00%2B01:00', 9],
  ] as const)
    it(`filters certificates by ${query}`, async () => {
      assert.equal((await items(`/api/v1/certificates?${query}`)).length, count);
    });

  it('gives endpoints and observations, bytes in base64', async () => {
    const [one] = await items('/api/v1/endpoints?host=real.example.com');
    assert.deepEqual(one?.['target'], realLook.target);
    assert.deepEqual(one?.['chain'], [real.sha256]);
    assert.equal((one?.['tls'] as { ocspResponse: string }).ocspResponse, 'AQID');
    assert.equal(one?.['lastObservedAt'], noon.toISOString());
    assert.equal((await items('/api/v1/endpoints?port=443&outcome=ok&address=192.0.2.1')).length, 8);
    const [look] = await items(
      `/api/v1/observations?endpointKey=${encodeURIComponent(endpointKey(realLook.target))}`,
    );
    assert.equal(look?.['certificateSha256'], real.sha256);
    assert.equal(look?.['outcome'], 'ok');
    assert.equal((await items('/api/v1/observations?scanId=scan-1&from=2026-11-23&to=2026-11-24')).length, 8);
  });

  it('gives names, inventory, scans, logs, rules and deliveries', async () => {
    const names = await items('/api/v1/names?hostSuffix=real.example.com');
    assert.deepEqual(
      names.map(({ name, certificates, sha256 }) => [name, certificates, sha256]),
      [['real.example.com', 1, real.sha256]],
    );
    assert.equal((await items('/api/v1/inventory?source=files:a&owner=team-a'))[0]?.['source'], 'files:a');
    assert.equal((await items('/api/v1/inventory/runs'))[0]?.['complete'], true);
    const [scan] = await items('/api/v1/scans');
    assert.equal(scan?.['resumable'], true);
    assert.equal(scan?.['resume'], undefined);
    const [ctLog] = await items('/api/v1/ct/logs');
    assert.deepEqual(
      [ctLog?.['lagSeconds'], ctLog?.['etaSeconds'], ctLog?.['budget']],
      [
        12.5,
        null,
        { requestsPerSecond: null, active: 1, waiting: 2, blockedSeconds: 0.5, failuresInARow: 3 },
      ],
    );
    assert.deepEqual([ctLog?.['behind'], ctLog?.['entries'], ctLog?.['followerState']], [10, 1, undefined]);
    assert.equal((await items('/api/v1/rules'))[0]?.['effectiveFrom'], noon.toISOString());
    assert.equal((await items('/api/v1/deliveries?channel=email&state=pending'))[0]?.['channel'], 'email');
  });

  it('tells something again that was told before, and nothing that was not', async () => {
    said.splice(0);
    const { id } = delivery('email', 'host-0.example.com');
    const ask = (path: string) =>
      app.inject({ method: 'POST', url: `/api/v1/deliveries/${path}/send-again` });
    const answer = await ask(id);
    assert.deepEqual([answer.statusCode, answer.json().state], [202, 'pending']);
    assert.deepEqual(said, [[id, 'local']]);
    assert.equal((await ask('0'.repeat(32))).statusCode, 404);
  });

  it('starts a scan', async () => {
    said.splice(0);
    const payload = { targets: ['127.0.0.1:8443', 'example.internal', '10.0.0.0/30'], starttls: 'none' };
    const answer = await app.inject({ method: 'POST', url: '/api/v1/scans', payload });
    assert.equal(answer.statusCode, 202);
    assert.equal(answer.json().id, 'scan-2');
    assert.deepEqual(said, [[{ ...payload, ports: null, depth: null }, 'local']]);
    const strange = { ...payload, starttls: 'telnet' };
    assert.equal(
      (await app.inject({ method: 'POST', url: '/api/v1/scans', payload: strange })).statusCode,
      400,
    );
  });

  for (const list of ['findings', 'certificates', 'endpoints', 'observations', 'names'])
    it(`pages through ${list}: every item once, in the same order, whatever the page size`, async () => {
      const whole = await items(`/api/v1/${list}?limit=1000`);
      assert.ok(whole.length >= 7);
      for (const limit of [1, 3]) {
        const paged: unknown[] = [];
        let cursor: string | null = null;
        do {
          const suffix: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
          const page = await get(`/api/v1/${list}?limit=${limit}${suffix}`);
          assert.ok(page.items.length <= limit);
          paged.push(...page.items);
          cursor = page.nextCursor;
        } while (cursor !== null);
        assert.deepEqual(paged, whole);
      }
    });

  it('S2: refuses cursors of other lists and made-up ones', async () => {
    const { nextCursor } = await get('/api/v1/findings?limit=1');
    for (const cursor of [
      nextCursor,
      'x',
      Buffer.from('["names","\'; DROP TABLE findings"]').toString('base64url'),
    ]) {
      const answer = await app.inject(`/api/v1/endpoints?cursor=${encodeURIComponent(cursor)}`);
      assert.equal(answer.statusCode, 400);
      assert.match(answer.json().detail, /cursor was not given out for this list/);
    }
  });

  it('S2: no hostile text in any filter changes the shape of an answer or reaches the engine as SQL', async () => {
    await app.ready();
    const injections = [
      "' OR '1'='1' --",
      "'; DROP TABLE findings; --",
      "') UNION ALL SELECT * FROM system.users --",
      "file('/etc/passwd')",
      '%_\\',
      "\\'",
      '{host:String}/*',
      'x\0y\u001b[31m',
      '\uD800\u202E\r\n',
    ];
    let asked = 0;
    for (const [path, operations] of Object.entries(app.swagger().paths ?? {})) {
      if (path.includes('{') || !path.startsWith('/api/')) continue;
      const parameters =
        (operations?.get as { parameters?: { name: string }[] } | undefined)?.parameters ?? [];
      if (!parameters.some(({ name }) => name === 'cursor')) continue;
      const before = (await get(path)).items;
      for (const { name } of parameters)
        for (const text of injections) {
          const answer = await app.inject({ url: path, query: { [name]: text } });
          asked += 1;
          if (answer.statusCode === 400) continue;
          assert.equal(answer.statusCode, 200, `${path} ${name} ${text}: ${answer.body}`);
          const ids = new Set(before.map((item: unknown) => JSON.stringify(item)));
          for (const item of answer.json().items) assert.ok(ids.has(JSON.stringify(item)));
        }
      assert.deepEqual((await get(path)).items, before);
    }
    assert.ok(asked > 500, String(asked));
  });

  it('is ready while the store answers', async () => {
    assert.deepEqual((await app.inject('/health/ready')).json(), { status: 'ok', version: '0.0.0-test' });
  });
});
