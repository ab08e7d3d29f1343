import assert from 'node:assert/strict';
import { mattermost } from '../../src/alerts/mattermost.js';
import { testHttpChannel } from './http-channel.js';

// https://developers.mattermost.com/integrate/webhooks/incoming, November 2026: `text` in Markdown, cut into several posts beyond the
// server's post size (16,383 characters, 4,000 on old servers).
testHttpChannel('Mattermost', {
  kind: mattermost,
  config: (url) => ({ url: `${url}/hooks/canary`, channel: 'ops' }),
  secret: 'canary',
  maxBytes: 16_000,
  check({ json }) {
    assert.equal(json.channel, 'ops');
    assert.ok(json.text.length <= 4_000, `${json.text.length} characters`);
  },
  shown: ({ json }) => json.text,
  forbidden: /@here|@all|@everyone|(?<!\\)\[click|(?<!\\)!\\?\[|https?:\/\/evil|(?<!\\)#general/,
});
