import assert from 'node:assert/strict';
import { it } from 'node:test';
import { signedAwsHeaders } from '../../src/lib/aws-signature.js';

const now = new Date('2015-08-30T12:36:00Z');
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: null,
};

it('signs the example of the AWS General Reference as it says', () => {
  const signed = signedAwsHeaders(
    {
      method: 'GET',
      url: new URL('https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08'),
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body: '',
      service: 'iam',
      region: 'us-east-1',
    },
    credentials,
    now,
  );
  assert.equal(
    signed['authorization'],
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
  );
  assert.equal(signed['x-amz-date'], '20150830T123600Z');
});

it('signs the test suite of AWS: a query out of order, and one with characters that need encoding', () => {
  const sign = (query: string): string =>
    signedAwsHeaders(
      {
        method: 'GET',
        url: new URL(`https://example.amazonaws.com/${query}`),
        headers: {},
        body: '',
        service: 'service',
        region: 'us-east-1',
      },
      credentials,
      now,
    )['authorization']!.slice(-64);
  assert.equal(sign(''), '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31');
  assert.equal(
    sign('?Param2=value2&Param1=value1'),
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  );
  assert.notEqual(sign("?a=(*)!'"), sign('?a='));
});

it('signs the token of temporary credentials as well', () => {
  const signed = signedAwsHeaders(
    {
      method: 'POST',
      url: new URL('https://sns.eu-west-1.amazonaws.com/'),
      headers: {},
      body: 'a=b',
      service: 'sns',
      region: 'eu-west-1',
    },
    { ...credentials, sessionToken: 'token' },
    now,
  );
  assert.equal(signed['x-amz-security-token'], 'token');
  assert.match(signed['authorization']!, /SignedHeaders=host;x-amz-date;x-amz-security-token,/);
});
