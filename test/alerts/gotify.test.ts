import assert from 'node:assert/strict';
import { gotify } from '../../src/alerts/gotify.js';
import { testHttpChannel } from './http-channel.js';

// https://gotify.net/api-docs#/message/createMessage and https://gotify.net/docs/msgextras, November 2026: POST /message, the token in
// X-Gotify-Key, plain text unless `client::display` says otherwise.
testHttpChannel('Gotify', {
  kind: gotify,
  config: (url) => ({ server: `${url}/`, token: 'canary-token' }),
  secret: 'canary-token',
  maxBytes: 32_000,
  check({ json, path, headers }) {
    assert.equal(path, '/message');
    assert.equal(headers['x-gotify-key'], 'canary-token');
    assert.equal(json.extras['client::display'].contentType, 'text/plain');
    assert.ok(Number.isInteger(json.priority));
  },
  shown: ({ json }) => `${json.title}\n${json.message}`,
  forbidden: /\r|\u001b/,
});
