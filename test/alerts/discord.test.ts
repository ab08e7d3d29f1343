import assert from 'node:assert/strict';
import { discord } from '../../src/alerts/discord.js';
import { testHttpChannel } from './http-channel.js';

// https://discord.com/developers/docs/resources/webhook and .../message#embed-object-embed-limits, November 2026: title 256, description
// 4,096, all of an embed 6,000 characters; `allowed_mentions.parse: []` suppresses every mention.
testHttpChannel('Discord', {
  kind: discord,
  config: (url) => ({ url: `${url}/api/webhooks/0/canary` }),
  secret: 'canary',
  maxBytes: 24_000,
  check({ json }) {
    const [embed] = json.embeds;
    assert.ok(embed.title.length <= 256);
    assert.ok(embed.description.length <= 4_096);
    assert.ok(embed.title.length + embed.description.length <= 6_000);
    assert.deepEqual(json.allowed_mentions, { parse: [] });
    assert.equal(json.content, undefined);
  },
  shown: ({ json }) => `${json.embeds[0].title}\n${json.embeds[0].description}`,
  forbidden: /@here|@everyone|(?<!\\)\[click|(?<!\\)<@|https?:\/\/evil|(?<!\\)`/,
});
