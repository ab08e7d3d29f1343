import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sns } from '../../src/alerts/sns.js';
import { testHttpChannel } from './http-channel.js';

const fields = (body: string): URLSearchParams => new URLSearchParams(body);

// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html, November 2026: Message of 262,144 bytes; Subject of ASCII text without
// control characters, less than 100 characters; signature version 4.
testHttpChannel('SNS', {
  kind: sns,
  config: (url) => ({
    endpoint: `${url}/`,
    topicArn: 'arn:aws:sns:eu-central-1:123456789012:certglass',
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'canary-secret',
  }),
  secret: 'canary-secret',
  maxBytes: 262_144,
  check({ body, headers, path }) {
    assert.equal(path, '/');
    const sent = fields(body);
    assert.equal(sent.get('Action'), 'Publish');
    assert.equal(sent.get('TopicArn'), 'arn:aws:sns:eu-central-1:123456789012:certglass');
    assert.match(sent.get('Subject') ?? '', /^[\x20-\x7e]{1,99}$/);
    assert.equal(sent.get('MessageAttributes.entry.1.Name'), 'severity');
    assert.match(
      String(headers.authorization),
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/sns\/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=[0-9a-f]{64}$/,
    );
    assert.match(String(headers['x-amz-date']), /^\d{8}T\d{6}Z$/);
  },
  shown: ({ body }) => fields(body).get('Message') ?? '',
  forbidden: /\r|\u001b/,
});

it('wants the ARN of a topic', () => {
  assert.equal(sns.config.safeParse({ ...sns.example, topicArn: 'certglass' }).success, false);
});
