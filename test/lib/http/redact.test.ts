import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRedactor } from '../../../src/lib/http/redact.js';

describe('createRedactor', () => {
  const secret = 'hunter2/ä+x';
  const redact = createRedactor([secret, null, undefined, 'ab']);
  for (const text of [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    `before ${secret} after ${secret}`,
  ])
    it(`hides ${text}`, () => {
      const clean = redact(text);
      assert.ok(!clean.includes('hunter2') && !clean.includes(Buffer.from(secret).toString('base64')), clean);
    });
  for (const [text, expected] of [
    ['GET https://user:pass@host.example/x failed', 'GET https://***@host.example/x failed'],
    ['sent Authorization: Bearer abcdefgh.ijkl', 'sent Authorization: Bearer ***'],
    ['{"client_secret":"abcdef","a":1}', '{"client_secret":"***","a":1}'],
    ['?access_token=abcdef&page=2', '?access_token=***&page=2'],
    ['X-Vault-Token: hvs.CAESIJ', 'X-Vault-Token: ***'],
    ['password = s3cr3t!', 'password = ***'],
    ['api_key=12345678 refused', 'api_key=*** refused'],
    ['the key usage is wrong', 'the key usage is wrong'],
    ['POST /oauth2/token: status 401', 'POST /oauth2/token: status 401'],
    ['cab: status 403', 'cab: status 403'],
  ] as const)
    it(`${text} -> ${expected}`, () => assert.equal(redact(text), expected));
});
