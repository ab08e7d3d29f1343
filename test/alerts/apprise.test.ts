import assert from 'node:assert/strict';
import { it } from 'node:test';
import { apprise } from '../../src/alerts/apprise.js';
import { testHttpChannel } from './http-channel.js';

// https://github.com/caronc/apprise-api#api-details, November 2026: POST /notify/KEY with tag, or /notify with urls; title, body, type
// (info, success, warning, failure) and format.
testHttpChannel('Apprise', {
  kind: apprise,
  config: (url) => ({
    server: `${url}/`,
    key: null,
    urls: ['json://user:canary@example.com', 'ntfy://topic'],
  }),
  secret: 'canary',
  maxBytes: 40_000,
  check({ json, path }) {
    assert.equal(path, '/notify');
    assert.equal(json.urls, 'json://user:canary@example.com,ntfy://topic');
    assert.ok(['success', 'info', 'warning', 'failure'].includes(json.type));
    assert.equal(json.format, 'text');
  },
  shown: ({ json }) => `${json.title}\n${json.body}`,
  forbidden: /\r|\u001b/,
});

testHttpChannel('Apprise with a key', {
  kind: apprise,
  config: (url) => ({ server: url, key: 'certglass', tag: 'ops' }),
  secret: null,
  maxBytes: 40_000,
  check({ json, path }) {
    assert.equal(path, '/notify/certglass');
    assert.equal(json.tag, 'ops');
  },
  shown: ({ json }) => `${json.title}\n${json.body}`,
  forbidden: /\r|\u001b/,
});

it('takes either a key or URLs', () => {
  for (const parts of [{ key: null }, { urls: ['json://x'] }])
    assert.equal(apprise.config.safeParse({ ...apprise.example, ...parts }).success, false);
});
