import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signatureHeaders } from '../../../src/inventory/aws/signature.js';

const keys = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: null,
};
const now = new Date('2015-08-30T12:36:00Z');

/** Signatures of AWS's own test suite (aws-sig-v4-test-suite) and of the example in the IAM user guide. */
describe('Signature Version 4', () => {
  for (const [name, method, url, headers, region, service, signature] of [
    [
      'get-vanilla',
      'GET',
      'https://example.amazonaws.com/',
      {},
      'us-east-1',
      'service',
      '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    ],
    [
      'post-vanilla',
      'POST',
      'https://example.amazonaws.com/',
      {},
      'us-east-1',
      'service',
      '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
    ],
    [
      'get-vanilla-query-order-key-case',
      'GET',
      'https://example.amazonaws.com/?Param2=value2&Param1=value1',
      {},
      'us-east-1',
      'service',
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
    [
      'ListUsers',
      'GET',
      'https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08',
      { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' },
      'us-east-1',
      'iam',
      '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    ],
  ] as const)
    it(`signs ${name}`, () => {
      const { authorization = '' } = signatureHeaders(
        { method, url: new URL(url), headers, body: '' },
        keys,
        region,
        service,
        now,
      );
      assert.equal(authorization.split('Signature=')[1], signature);
    });
  it('sends and signs the token of temporary keys, and leaves user-agent out', () => {
    const request = {
      method: 'POST',
      url: new URL('https://acm.eu-central-1.amazonaws.com/'),
      headers: { 'user-agent': 'x' },
      body: '{}',
    } as const;
    const headers = signatureHeaders(request, { ...keys, sessionToken: 'tok' }, 'eu-central-1', 'acm', now);
    assert.equal(headers['x-amz-security-token'], 'tok');
    assert.match(headers['authorization'] ?? '', /SignedHeaders=host;x-amz-date;x-amz-security-token,/);
    assert.ok(!JSON.stringify(headers).includes(keys.secretAccessKey));
  });
});
