import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { keysFromChain, type CredentialSources } from '../../../src/inventory/aws/credentials.js';
import { elements, elementText } from '../../../src/inventory/aws/xml.js';
import { createGuardedClient } from '../../../src/lib/http/guarded-client.js';
import { startHttpService, type HeardRequest, type Reply } from '../../support/http-service.js';
import { issueFor, type Issued } from '../../support/pki.js';
import { testFaults, trial, type Script } from '../rest/trial.js';

/**
 * Answers as https://docs.aws.amazon.com/acm/latest/APIReference/API_Operations.html, .../IAM/latest/APIReference/API_ListServerCertificates.html
 * and .../STS/latest/APIReference/API_AssumeRole.html describe them, read 2026-12-01.
 */
const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const until = Date.UTC(2027, 0, 1) / 1_000;
const arn = (n: number | string): string => `arn:aws:acm:eu-central-1:111122223333:certificate/${n}`;
const leafs = [0, 1, 2].map((n) => issueFor(`host-${n}.example.com`));
const legacy = issueFor('legacy.example.com');
const xml = (action: string, content: string): Reply => ({
  status: 200,
  headers: { 'content-type': 'text/xml' },
  text: `<${action}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><${action}Result>${content}</${action}Result></${action}Response>`,
});

interface Stock {
  readonly certificates: readonly {
    readonly arn: string;
    readonly pem: string;
    readonly more?: object;
    readonly status?: string;
  }[];
  readonly server?: readonly { readonly name: string; readonly pem: string }[];
}
const usual: Stock = {
  certificates: [
    {
      arn: arn('a'),
      pem: leafs[0]!.pem,
      more: {
        InUseBy: ['arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/web/1'],
        RenewalEligibility: 'ELIGIBLE',
      },
    },
    {
      arn: arn('b'),
      pem: leafs[1]!.pem,
      more: {
        RenewalSummary: {
          RenewalStatus: 'FAILED',
          RenewalStatusReason: 'CAA_ERROR',
          UpdatedAt: 1_796_000_000,
        },
      },
    },
    { arn: arn('c'), pem: leafs[2]!.pem, more: { Type: 'IMPORTED' } },
    { arn: arn('pending'), pem: '', status: 'PENDING_VALIDATION' },
  ],
  server: [{ name: 'legacy&co', pem: legacy.pem }],
};

/** ACM, IAM and STS in one server, as behind an emulator's single address; two items a page. */
function server(
  { certificates, server: uploaded = [] }: Stock = usual,
  keyId = 'AKIDEXAMPLE',
  size = 2,
): Script {
  return ({ headers, body }: HeardRequest): Reply => {
    const authorization = headers.authorization ?? '';
    if (!authorization.startsWith(`AWS4-HMAC-SHA256 Credential=${keyId}/`)) {
      if (!body.includes('Action=AssumeRole'))
        return { status: 403, text: '{"__type":"UnrecognizedClientException"}' };
    }
    const form = new URLSearchParams(body);
    if (form.get('Action') === 'AssumeRole')
      return xml(
        'AssumeRole',
        '<Credentials><AccessKeyId>ASIATEMP</AccessKeyId><SecretAccessKey>temporarysecret</SecretAccessKey><SessionToken>session</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>',
      );
    if (form.get('Action') === 'ListServerCertificates') {
      const members = uploaded.map(
        ({ name }) =>
          `<member><ServerCertificateName>${name.replace('&', '&amp;')}</ServerCertificateName><Arn>arn:aws:iam::111122223333:server-certificate/${name.replace('&', '&amp;')}</Arn><ServerCertificateId>ASCA</ServerCertificateId></member>`,
      );
      return xml(
        'ListServerCertificates',
        `<IsTruncated>false</IsTruncated><ServerCertificateMetadataList>${members.join('')}</ServerCertificateMetadataList>`,
      );
    }
    if (form.get('Action') === 'GetServerCertificate') {
      const pem = uploaded.find(({ name }) => name === form.get('ServerCertificateName'))?.pem ?? '';
      return xml(
        'GetServerCertificate',
        `<ServerCertificate><CertificateBody>${pem}</CertificateBody></ServerCertificate>`,
      );
    }
    const asked = JSON.parse(body) as {
      NextToken?: string;
      CertificateArn?: string;
      Includes?: { keyTypes: string[] };
    };
    const one = certificates.find(({ arn: its }) => its === asked.CertificateArn);
    switch (headers['x-amz-target']) {
      case 'CertificateManager.ListCertificates': {
        if (asked.Includes?.keyTypes.length !== 7) return { json: { CertificateSummaryList: [] } };
        const start = Number(asked.NextToken ?? 0);
        const page = certificates.slice(start, start + size).map((entry) => ({
          CertificateArn: entry.arn,
          DomainName: 'x',
          Status: entry.status ?? 'ISSUED',
          NotAfter: until,
        }));
        return {
          json: {
            CertificateSummaryList: page,
            ...(start + size < certificates.length ? { NextToken: String(start + size) } : {}),
          },
        };
      }
      case 'CertificateManager.DescribeCertificate':
        if (one === undefined) return { status: 400, text: '{"__type":"ResourceNotFoundException"}' };
        return {
          json: {
            Certificate: {
              DomainName: 'www.example.com',
              SubjectAlternativeNames: ['www.example.com', 'b.example.com'],
              Status: 'ISSUED',
              Type: 'AMAZON_ISSUED',
              ...one.more,
            },
          },
        };
      case 'CertificateManager.GetCertificate':
        if (one === undefined) return { status: 400, text: '{"__type":"ResourceNotFoundException"}' };
        return { json: { Certificate: one.pem, CertificateChain: '' } };
      default:
        return { status: 400, text: '{"__type":"UnknownOperationException"}' };
    }
  };
}

const keys = { from: 'keys', accessKeyId: 'AKIDEXAMPLE', secretAccessKey };
const configure = (url: string, more: object = {}): object => ({
  type: 'aws',
  endpoint: url,
  regions: ['eu-central-1'],
  credentials: keys,
  ...more,
});
const reference = (name: string): string => `${arn(name)} until 2027-01-01T00:00:00.000Z`;

describe('aws', () => {
  it('lists all key types of ACM, with use and renewal, and IAM server certificates', async () => {
    const { items, errors, failure } = await trial(configure, server());
    assert.deepEqual([errors, failure], [[], null]);
    assert.deepEqual(
      items.map((item) => [item.reference, item.sha256]),
      [
        ...['a', 'b', 'c'].map((name, n) => [reference(name), leafs[n]?.sha256]),
        ['arn:aws:iam::111122223333:server-certificate/legacy&co ASCA', legacy.sha256],
      ],
    );
    assert.match(items[0]?.inUseBy[0] ?? '', /loadbalancer\/app\/web/);
    assert.deepEqual(
      items.map(({ renewal }) => [renewal?.isAutomatic, renewal?.message]),
      [
        [true, null],
        [true, 'CAA_ERROR'],
        [false, null],
        [undefined, undefined],
      ],
    );
    assert.deepEqual(items[1]?.renewal?.failedAt, new Date(1_796_000_000_000));
    assert.deepEqual(items[0]?.names, ['www.example.com', 'b.example.com']);
    assert.deepEqual(items[0]?.labels, {
      account: '111122223333',
      region: 'eu-central-1',
      type: 'AMAZON_ISSUED',
    });
  });
  it('does not get again what it knows, but asks how renewal goes', async () => {
    const first = await trial(configure, server());
    const known = async () =>
      new Map(first.items.map((item) => [item.reference, { ...item, inUseBy: ['old'], renewal: null }]));
    const again = await trial(configure, server(), { known });
    assert.deepEqual(again.items.slice(0, 3), first.items.slice(0, 3));
    assert.ok(
      !again.requests.some(({ headers }) => String(headers['x-amz-target']).endsWith('GetCertificate')),
    );
  });
  it('assumes a role for each account', async () => {
    const accounts = [
      { roleArn: 'arn:aws:iam::444455556666:role/inventory', externalId: 'shared-with-vendor' },
    ];
    const right = server(usual, 'ASIATEMP');
    const { items, failure, requests } = await trial((url) => configure(url, { accounts }), right);
    assert.equal(failure, null);
    assert.equal(items.length, 4);
    const assumed = requests.filter(({ body }) => body.includes('Action=AssumeRole'));
    assert.equal(assumed.length, 1);
    assert.equal(new URLSearchParams(assumed[0]?.body).get('ExternalId'), 'shared-with-vendor');
    assert.ok(requests.slice(1).every(({ headers }) => headers['x-amz-security-token'] === 'session'));
  });
  it('waits out throttling, which AWS says with 400', async () => {
    const right = server();
    let turn = 0;
    const { items, failure } = await trial(configure, (request) =>
      (turn += 1) % 3 === 0
        ? { status: 400, text: '{"__type":"ThrottlingException","message":"Rate exceeded"}' }
        : right(request),
    );
    assert.equal(failure, null);
    assert.equal(items.length, 4);
  });
  it('notes what was deleted since it was listed', async () => {
    const right = server();
    const { items, notes, failure } = await trial(configure, (request) =>
      request.body.includes(arn('b'))
        ? { status: 400, text: '{"__type":"ResourceNotFoundException"}' }
        : right(request),
    );
    assert.equal(failure, null);
    assert.equal(items.length, 3);
    assert.deepEqual(notes, [`${reference('b')}: is gone meanwhile`]);
  });
  it('never ends a listing whose token repeats', async () => {
    const right = server();
    const { failure } = await trial(configure, (request) =>
      String(request.headers['x-amz-target']).endsWith('ListCertificates')
        ? { json: { CertificateSummaryList: [], NextToken: 'again' } }
        : right(request),
    );
    assert.match(failure?.message ?? '', /repeats a page/);
  });
});

describe('AWS credentials', () => {
  const folder = mkdtempSync(join(tmpdir(), 'certglass-aws-'));
  const rules = { allowPrivate: true, allow: [], ports: null, ca: null };
  const client = createGuardedClient(rules);
  after(async () => {
    rmSync(folder, { recursive: true });
    await client.close();
  });
  const { signal } = new AbortController();
  const chain = (environment: NodeJS.ProcessEnv, more: Partial<CredentialSources> = {}) =>
    keysFromChain(
      { environment, profile: null, client, metadata: client, stsUrl: 'http://127.0.0.1:1', ...more },
      signal,
    );
  const nowhere = join(folder, 'none');
  const metadata = {
    AccessKeyId: 'ASIA',
    SecretAccessKey: 's',
    Token: 't',
    Expiration: '2099-01-01T00:00:00Z',
  };

  it('come from the environment first', async () => {
    const got = await chain({
      AWS_ACCESS_KEY_ID: 'AKIA',
      AWS_SECRET_ACCESS_KEY: 's',
      AWS_SESSION_TOKEN: 't',
    });
    assert.deepEqual([got.accessKeyId, got.sessionToken, got.expiresAt], ['AKIA', 't', null]);
  });
  it('come from a profile', async () => {
    const file = join(folder, 'credentials');
    writeFileSync(
      file,
      '[default]\naws_access_key_id = one\naws_secret_access_key = s\n\n[profile prod]\naws_access_key_id=two\naws_secret_access_key=s=/+\n',
    );
    const environment = { AWS_SHARED_CREDENTIALS_FILE: file };
    assert.equal((await chain(environment)).accessKeyId, 'one');
    const prod = await chain(environment, { profile: 'prod' });
    assert.deepEqual([prod.accessKeyId, prod.secretAccessKey], ['two', 's=/+']);
    await assert.rejects(chain(environment, { profile: 'gone' }), /the profile gone has no access key/);
  });
  it('come from a web identity', async () => {
    writeFileSync(join(folder, 'jwt'), 'a.b.c');
    const sts = await startHttpService(() =>
      xml(
        'AssumeRoleWithWebIdentity',
        '<Credentials><AccessKeyId>ASIAWEB</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>',
      ),
    );
    const got = await chain(
      { AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, 'jwt'), AWS_ROLE_ARN: 'arn:aws:iam::1:role/x' },
      { stsUrl: sts.url },
    );
    assert.equal(got.accessKeyId, 'ASIAWEB');
    assert.equal(new URLSearchParams(sts.requests[0]?.body).get('WebIdentityToken'), 'a.b.c');
    await sts.close();
  });
  it('come from the container', async () => {
    const agent = await startHttpService(({ headers }) =>
      headers.authorization === 'secret' ? { json: metadata } : { status: 401 },
    );
    const got = await chain({
      AWS_SHARED_CREDENTIALS_FILE: nowhere,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${agent.url}/v1/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: 'secret',
    });
    assert.deepEqual(got.expiresAt, new Date('2099-01-01T00:00:00Z'));
    await agent.close();
  });
  it('come from instance metadata version 2', async () => {
    const imds = await startHttpService(({ method, url, headers }) => {
      if (method === 'PUT' && url.pathname === '/latest/api/token')
        return { status: 200, text: 'session-token' };
      if (headers['x-aws-ec2-metadata-token'] !== 'session-token') return { status: 401 };
      return url.pathname.endsWith('/role') ? { json: metadata } : { status: 200, text: 'role' };
    });
    const got = await chain({
      AWS_SHARED_CREDENTIALS_FILE: nowhere,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: imds.url,
    });
    assert.equal(got.accessKeyId, 'ASIA');
    await imds.close();
  });
  it('are nowhere: one sentence', async () => {
    const environment = {
      AWS_SHARED_CREDENTIALS_FILE: nowhere,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://127.0.0.1:1',
    };
    await assert.rejects(chain(environment), /there are no AWS credentials/);
  });
});

it('reads the XML of the Query protocol', () => {
  assert.deepEqual(elements('<a><b>1</b><b>2</b></a>', 'b'), ['1', '2']);
  assert.equal(elementText('<a>x &amp;lt; &#65;&#x42; &bogus;</a>', 'a'), 'x &lt; AB &bogus;');
  assert.equal(elementText('<a/>', 'a'), null);
});

const many: readonly Issued[] = Array.from({ length: 60 }, (_, n) => issueFor(`many-${n}.example.com`));
testFaults('aws', {
  configure: (url) => configure(url, { iam: false }),
  script: () =>
    server({ certificates: many.map(({ pem }, n) => ({ arn: arn(`m${n}`), pem })) }, 'AKIDEXAMPLE', 7),
  expected: many.map((_, n) => reference(`m${n}`)),
  secrets: [secretAccessKey],
  isLaterPage: ({ body }) => body.includes('"NextToken":"14"'),
});
