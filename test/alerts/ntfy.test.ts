import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ntfy } from '../../src/alerts/ntfy.js';
import { testHttpChannel } from './http-channel.js';

// https://docs.ntfy.sh/publish/#publish-as-json, November 2026: JSON to the root of the server; longer messages than 4,096 bytes become
// attachments; Markdown only when asked for.
testHttpChannel('ntfy', {
  kind: ntfy,
  config: (url) => ({ server: url, topic: 'certglass', token: 'tk_canary' }),
  secret: 'tk_canary',
  maxBytes: 8_000,
  check({ json, path, headers }) {
    assert.equal(path, '/');
    assert.equal(headers.authorization, 'Bearer tk_canary');
    assert.equal(json.topic, 'certglass');
    assert.ok(Buffer.byteLength(json.message) <= 4_096, `${Buffer.byteLength(json.message)} bytes`);
    assert.ok(json.priority >= 1 && json.priority <= 5);
    assert.equal(json.markdown, undefined);
    assert.match(json.click, /^https:\/\/certglass\.example\.com\//);
  },
  shown: ({ json }) => `${json.title}\n${json.message}`,
  forbidden: /\r|\u001b/,
});

it('refuses a topic that is a path', () => {
  assert.equal(ntfy.config.safeParse({ ...ntfy.example, topic: 'a/b' }).success, false);
});
