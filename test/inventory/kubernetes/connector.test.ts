import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { clusterAccess } from '../../../src/inventory/kubernetes/access.js';
import { kubernetesConfig } from '../../../src/inventory/kubernetes/config.js';
import type { HeardRequest, Reply } from '../../support/http-service.js';
import { issueFor } from '../../support/pki.js';
import { testFaults, trial, type Script } from '../rest/trial.js';

/**
 * Resources as https://kubernetes.io/docs/reference/kubernetes-api/ and https://cert-manager.io/docs/reference/api-docs/ describe them, read
 * 2026-12-01.
 */
const token = 'eyJhbGciOiJSUzI1NiJ9.service.account';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const web = issueFor('www.example.com');
const older = issueFor('www.example.com');
const internal = issueFor('internal.example.com');
const node = issueFor('node-1');

const meta = (name: string, more: object = {}) => ({ name, namespace: 'shop', uid: name, ...more });
const request = (name: string, revision: number, pem: string) => ({
  metadata: meta(`${name}-${revision}`, {
    annotations: {
      'cert-manager.io/certificate-name': name,
      'cert-manager.io/certificate-revision': String(revision),
    },
  }),
  status: { certificate: base64(pem), conditions: [{ type: 'Ready', status: 'True' }] },
});
const managed = (name: string, status: object) => ({
  metadata: meta(name, { labels: { team: 'web' } }),
  spec: {
    secretName: `${name}-tls`,
    dnsNames: [`${name}.example.com`],
    issuerRef: { name: 'letsencrypt', kind: 'ClusterIssuer' },
  },
  status,
});
const failed = {
  lastFailureTime: '2026-11-30T10:00:00Z',
  failedIssuanceAttempts: 4,
  conditions: [
    {
      type: 'Ready',
      status: 'False',
      reason: 'DoesNotExist',
      message: 'Issuing certificate as Secret does not exist',
    },
    {
      type: 'Issuing',
      status: 'False',
      reason: 'Failed',
      message: 'The certificate request has failed to complete: NXDOMAIN',
    },
  ],
};

type Resources = Readonly<Record<string, readonly unknown[]>>;
const usual: Resources = {
  '/apis/networking.k8s.io/v1/ingresses': [
    {
      metadata: meta('web'),
      spec: { tls: [{ secretName: 'www-tls', hosts: ['www.example.com'] }, { hosts: ['x'] }] },
    },
  ],
  '/apis/gateway.networking.k8s.io/v1/gateways': [
    {
      metadata: { name: 'edge', namespace: 'infra' },
      spec: {
        listeners: [
          {
            name: 'https',
            port: 443,
            hostname: '*.example.com',
            tls: { certificateRefs: [{ name: 'www-tls', namespace: 'shop' }] },
          },
          { name: 'http', port: 80 },
        ],
      },
    },
  ],
  '/apis/cert-manager.io/v1/certificaterequests': [request('www', 1, older.pem), request('www', 2, web.pem)],
  '/apis/cert-manager.io/v1/certificates': [
    managed('www', {
      renewalTime: '2027-01-01T00:00:00Z',
      revision: 2,
      conditions: [{ type: 'Ready', status: 'True', reason: 'Ready' }],
    }),
    managed('broken', failed),
    managed('waiting', {}),
  ],
  '/api/v1/secrets': [
    {
      metadata: meta('www-tls', { annotations: { 'cert-manager.io/certificate-name': 'www' } }),
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': base64(web.pem), 'tls.key': base64(web.keyPem) },
    },
    {
      metadata: meta('internal'),
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': base64(internal.pem), 'tls.key': base64(internal.keyPem) },
    },
  ],
  '/apis/certificates.k8s.io/v1/certificatesigningrequests': [
    {
      metadata: { name: 'node-csr' },
      spec: { signerName: 'kubernetes.io/kubelet-serving', username: 'system:node:node-1' },
      status: { certificate: base64(node.pem) },
    },
    { metadata: { name: 'pending' }, spec: { signerName: 'x' }, status: {} },
  ],
};

/** An API server of these resources, `size` a page. */
function server(resources: Resources = usual, size = 2): Script {
  return ({ url, headers }: HeardRequest): Reply => {
    if (headers.authorization !== `Bearer ${token}`)
      return { status: 401, text: '{"kind":"Status","message":"Unauthorized"}' };
    const items = resources[url.pathname];
    if (items === undefined) return { status: 404, text: '404 page not found' };
    const start = Number(url.searchParams.get('continue') ?? 0);
    const next = start + size < items.length ? String(start + size) : '';
    return {
      json: {
        kind: 'List',
        metadata: { resourceVersion: '1', continue: next },
        items: items.slice(start, start + size),
      },
    };
  };
}
const configure = (url: string, more: object = {}): object => ({
  type: 'kubernetes',
  access: { from: 'token', url, token },
  ...more,
});

describe('kubernetes', () => {
  it("takes cert-manager's certificates from requests, without reading a secret", async () => {
    const { items, errors, notes, failure, requests } = await trial(configure, server());
    assert.deepEqual([errors, notes, failure], [[], [], null]);
    assert.ok(requests.every(({ url }) => !url.pathname.includes('secrets')));
    const www = items.find(({ reference }) => reference === 'certificate shop/www');
    assert.equal(www?.sha256, web.sha256);
    assert.deepEqual(www?.inUseBy, [
      'Ingress shop/web (www.example.com)',
      'Gateway infra/edge listener https (*.example.com:443)',
    ]);
    assert.deepEqual(www?.labels, { team: 'web', namespace: 'shop', issuer: 'ClusterIssuer letsencrypt' });
    assert.deepEqual([www?.status, www?.renewal?.dueAt], ['Ready Ready', new Date('2027-01-01T00:00:00Z')]);
  });
  it('reports a failed issuance although there is no certificate yet', async () => {
    const { items } = await trial(configure, server());
    const broken = items.find(({ reference }) => reference === 'certificate shop/broken');
    assert.deepEqual(broken?.names, ['broken.example.com']);
    assert.equal(broken?.sha256, null);
    assert.deepEqual(broken?.renewal, {
      isAutomatic: true,
      dueAt: null,
      failedAt: new Date('2026-11-30T10:00:00Z'),
      failures: 4,
      message: 'The certificate request has failed to complete: NXDOMAIN',
    });
    assert.ok(!items.some(({ reference }) => reference === 'certificate shop/waiting'));
  });
  it('takes signed requests, with who asked', async () => {
    const { items } = await trial(configure, server());
    const csr = items.find(({ reference }) => reference === 'certificatesigningrequest node-csr');
    assert.deepEqual(
      [csr?.sha256, csr?.owner, csr?.labels['signer']],
      [node.sha256, 'system:node:node-1', 'kubernetes.io/kubelet-serving'],
    );
  });
  it('lists TLS secrets when told to, and keeps nothing of their keys', async () => {
    const { items, requests } = await trial((url) => configure(url, { secrets: true }), server());
    const secrets = items.filter(({ reference }) => reference.startsWith('secret '));
    assert.deepEqual(
      secrets.map(({ sha256 }) => sha256),
      [web.sha256, internal.sha256],
    );
    assert.ok(!JSON.stringify(items).includes(base64(web.keyPem).slice(0, 60)));
    const asked = requests.find(({ url }) => url.pathname === '/api/v1/secrets');
    assert.equal(asked?.url.searchParams.get('fieldSelector'), 'type=kubernetes.io/tls');
  });
  it('stays within the namespaces it is given', async () => {
    const inShop = Object.fromEntries(
      Object.entries(usual).map(([path, items]) => [
        path.replace(/\/([a-z]+)$/, '/namespaces/shop/$1'),
        items,
      ]),
    );
    const { items, requests } = await trial(
      (url) => configure(url, { namespaces: ['shop'] }),
      server(inShop),
    );
    assert.ok(items.some(({ reference }) => reference === 'certificate shop/www'));
    assert.ok(requests.every(({ url }) => url.pathname.includes('/namespaces/shop/')));
  });
  it('needs no cert-manager and no gateways', async () => {
    const { items, failure } = await trial(
      (url) => configure(url, { secrets: true }),
      server({ '/api/v1/secrets': usual['/api/v1/secrets']! }),
    );
    assert.equal(failure, null);
    assert.equal(items.length, 2);
  });
  it('lists anew when a cursor has ended, each resource once', async () => {
    const right = server(usual, 1);
    let gone = 0;
    const { items, failure } = await trial(configure, (request) => {
      const isLater =
        request.url.pathname.endsWith('/certificates') && request.url.searchParams.has('continue');
      return isLater && (gone += 1) === 1 ? { status: 410, text: '{"reason":"Expired"}' } : right(request);
    });
    assert.equal(failure, null);
    const references = items.map(({ reference }) => reference);
    assert.equal(new Set(references).size, references.length);
    assert.ok(references.includes('certificate shop/broken'));
  });
  it('notes that signing requests are not for it to see', async () => {
    const right = server();
    const { notes, failure, errors } = await trial(configure, (request) =>
      request.url.pathname.endsWith('certificatesigningrequests')
        ? { status: 403, text: '{"message":"forbidden"}' }
        : right(request),
    );
    assert.deepEqual([failure, errors], [null, []]);
    assert.match(notes.join(), /certificatesigningrequests cannot be listed/);
  });
});

describe('access to a cluster', () => {
  const folder = mkdtempSync(join(tmpdir(), 'certglass-kube-'));
  after(() => rmSync(folder, { recursive: true }));
  const ca = issueFor('ca').pem;
  writeFileSync(join(folder, 'ca.crt'), ca);
  writeFileSync(join(folder, 'token'), `${token}\n`);
  const user = (name: string, settings: object) => ({ name, user: settings });
  writeFileSync(
    join(folder, 'config'),
    JSON.stringify({
      'current-context': 'by-token',
      contexts: ['by-token', 'by-certificate', 'by-exec'].map((name) => ({
        name,
        context: { cluster: 'one', user: name },
      })),
      clusters: [
        { name: 'one', cluster: { server: 'https://127.0.0.1:6443', 'certificate-authority': 'ca.crt' } },
      ],
      users: [
        user('by-token', { tokenFile: 'token' }),
        user('by-certificate', {
          'client-certificate-data': base64(web.pem),
          'client-key-data': base64(web.keyPem),
        }),
        user('by-exec', { exec: { command: 'aws' } }),
      ],
    }),
  );
  const access = (context: string | null, path = join(folder, 'config')) =>
    clusterAccess(
      kubernetesConfig.parse({ type: 'kubernetes', access: { from: 'kubeconfig', path, context } }),
    );

  it('reads a token and a CA from files beside the kubeconfig', async () => {
    const got = await access(null);
    assert.deepEqual([got.url, got.token, got.outbound.ca], ['https://127.0.0.1:6443', token, ca]);
  });
  it('reads a client certificate', async () => {
    const got = await access('by-certificate');
    assert.deepEqual(
      [got.token, got.outbound.clientCertificate],
      [null, { certificate: web.pem, key: web.keyPem }],
    );
  });
  it('says what it cannot use', async () => {
    await assert.rejects(access('by-exec'), /exec plug-ins are not run/);
    await assert.rejects(access('gone'), /the context gone has no cluster and user/);
    await assert.rejects(access(null, join(folder, 'ca.crt')), /is no kubeconfig/);
    await assert.rejects(clusterAccess(kubernetesConfig.parse({ type: 'kubernetes' }), {}), /this is no pod/);
  });
});

const many = Array.from({ length: 300 }, (_, n) => `app-${n}`);
const crowd: Resources = {
  '/apis/cert-manager.io/v1/certificaterequests': many.map((name) => request(name, 1, web.pem)),
  '/apis/cert-manager.io/v1/certificates': many.map((name) => managed(name, {})),
};
testFaults('kubernetes', {
  configure,
  script: () => server(crowd, 7),
  expected: many.map((name) => `certificate shop/${name}`),
  secrets: [token],
  isLaterPage: ({ url }) =>
    url.pathname.endsWith('/certificates') && url.searchParams.get('continue') === '14',
});
