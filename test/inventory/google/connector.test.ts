import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { describe, it } from 'node:test';
import type { HeardRequest, Reply } from '../../support/http-service.js';
import { issueFor } from '../../support/pki.js';
import { testFaults, trial, type Script } from '../rest/trial.js';

/**
 * Answers as https://cloud.google.com/certificate-manager/docs/reference/, .../compute/docs/reference/rest/v1/sslCertificates and
 * .../certificate-authority-service/docs/reference/rest show them, read 2026-12-01.
 */
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const [managed, failing, classic, internal] = ['managed', 'failing', 'classic', 'internal'].map((name) =>
  issueFor(`${name}.example.com`),
);
const token = 'google-access-token';
const name = (id: string): string => `projects/web/locations/global/certificates/${id}`;

const usual = [
  {
    name: name('managed'),
    pemCertificate: managed!.pem,
    sanDnsnames: ['managed.example.com'],
    labels: { team: 'web' },
    usedBy: [{ name: 'projects/web/targetHttpsProxies/edge' }],
    managed: { state: 'ACTIVE' },
  },
  {
    name: name('failing'),
    pemCertificate: failing!.pem,
    sanDnsnames: ['failing.example.com'],
    managed: {
      state: 'ACTIVE',
      authorizationAttemptInfo: [
        {
          domain: 'failing.example.com',
          state: 'FAILED',
          failureReason: 'CAA',
          details: 'forbids the CA',
          attemptTime: '2026-11-30T00:00:00Z',
        },
      ],
    },
  },
  { name: name('waiting'), sanDnsnames: ['x'], managed: { state: 'PROVISIONING' } },
];

function isSigned(assertion: string): boolean {
  const [head = '', claims = '', signature = ''] = assertion.split('.');
  const { iss } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { iss: string };
  const isGood = verify(
    'RSA-SHA256',
    Buffer.from(`${head}.${claims}`),
    createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })),
    Buffer.from(signature, 'base64url'),
  );
  return isGood && iss === 'certglass@web.example';
}

function server(certificates: readonly object[] = usual, size = 2): Script {
  return ({ url, headers, body }: HeardRequest): Reply => {
    if (url.pathname === '/token')
      return isSigned(new URLSearchParams(body).get('assertion') ?? '..')
        ? { json: { access_token: token, expires_in: 3599 } }
        : { status: 400, text: '{"error":"invalid_grant"}' };
    if (url.pathname.startsWith('/computeMetadata/'))
      return headers['metadata-flavor'] === 'Google'
        ? { json: { access_token: token, expires_in: 3599 } }
        : { status: 403 };
    if (headers.authorization !== `Bearer ${token}`) return { status: 401 };
    switch (url.pathname) {
      case '/v1/projects/web/locations/-/certificates': {
        const start = Number(url.searchParams.get('pageToken') ?? 0);
        return {
          json: {
            certificates: certificates.slice(start, start + size),
            nextPageToken: start + size < certificates.length ? String(start + size) : '',
          },
        };
      }
      case '/compute/v1/projects/web/aggregated/sslCertificates':
        return {
          json: {
            items: {
              'regions/europe-west3': { warning: { code: 'NO_RESULTS_ON_PAGE' } },
              global: {
                sslCertificates: [
                  {
                    selfLink:
                      'https://www.googleapis.com/compute/v1/projects/web/global/sslCertificates/classic',
                    certificate: classic!.pem,
                    type: 'SELF_MANAGED',
                  },
                ],
              },
            },
          },
        };
      case '/v1/projects/web/locations/-/caPools/-/certificates':
        return {
          json: {
            certificates: [
              {
                name: 'projects/web/locations/x/caPools/p/certificates/internal',
                pemCertificate: internal!.pem,
                revocationDetails: { revocationState: 'KEY_COMPROMISE' },
              },
            ],
          },
        };
      default:
        return { status: 404 };
    }
  };
}
const credentials = (url: string): object => ({
  from: 'key',
  json: JSON.stringify({
    type: 'service_account',
    client_email: 'certglass@web.example',
    private_key: key,
    token_uri: `${url}/token`,
  }),
});
const configure = (url: string, more: object = {}): object => ({
  type: 'google',
  projects: ['web'],
  endpoint: url,
  credentials: credentials(url),
  ...more,
});
const all = { services: ['certificate-manager', 'load-balancer', 'ca-service'] };

describe('google', () => {
  it('lists three services, with use, renewal and revocation', async () => {
    const { items, errors, failure } = await trial((url) => configure(url, all), server());
    assert.deepEqual([errors, failure], [[], null]);
    assert.deepEqual(
      items.map(({ reference, sha256, status }) => [reference, sha256, status]),
      [
        [name('managed'), managed?.sha256, 'ACTIVE'],
        [name('failing'), failing?.sha256, 'ACTIVE'],
        ['projects/web/global/sslCertificates/classic', classic?.sha256, null],
        [
          'projects/web/locations/x/caPools/p/certificates/internal',
          internal?.sha256,
          'revoked KEY_COMPROMISE',
        ],
      ],
    );
    assert.deepEqual(items[0]?.inUseBy, ['projects/web/targetHttpsProxies/edge']);
    assert.equal(items[0]?.renewal?.failedAt, null);
    assert.deepEqual(
      [items[1]?.renewal?.failedAt, items[1]?.renewal?.message],
      [new Date('2026-11-30T00:00:00Z'), 'failing.example.com: CAA forbids the CA'],
    );
    assert.deepEqual(items[2]?.names, ['classic.example.com']);
  });
  it('signs in by the metadata service', async () => {
    const { items, failure } = await trial(
      (url) => configure(url, { credentials: { from: 'metadata' }, metadata: url }),
      server(),
    );
    assert.equal(failure, null);
    assert.equal(items.length, 3);
  });
  it('notes an API that is not enabled', async () => {
    const right = server();
    const { items, notes, failure } = await trial(
      (url) => configure(url, all),
      (request) =>
        request.url.pathname.includes('caPools')
          ? {
              status: 403,
              text: '{"error":{"message":"x has not been used in project 1","status":"PERMISSION_DENIED"}}',
            }
          : right(request),
    );
    assert.equal(failure, null);
    assert.equal(items.length, 3);
    assert.deepEqual(notes, ['privateca.googleapis.com is not enabled in web']);
  });
  it('says what is wrong with the key, and keeps it to itself', async () => {
    const { failure } = await trial(
      (url) => configure(url, { credentials: { from: 'key', json: '{"private_key":"secret-of-mine"}' } }),
      server(),
    );
    assert.equal(failure?.message, 'credentials.json is no key of a service account');
  });
});

const many = Array.from({ length: 60 }, (_, n) => ({ name: name(`m${n}`), pemCertificate: classic!.pem }));
testFaults('google', {
  configure: (url) => configure(url, { services: ['certificate-manager'] }),
  script: () => server(many, 7),
  expected: many.map((one) => one.name),
  secrets: [key.split('\n')[3]!],
  isLaterPage: ({ url }) => url.searchParams.get('pageToken') === '14',
});
