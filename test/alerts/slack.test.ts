import assert from 'node:assert/strict';
import { slack } from '../../src/alerts/slack.js';
import { testHttpChannel } from './http-channel.js';

// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks and .../reference/block-kit/blocks, November 2026: at most 50
// blocks, 150 characters in a header, 3,000 in a section.
testHttpChannel('Slack', {
  kind: slack,
  config: (url) => ({ url: `${url}/services/T0/B0/canary` }),
  secret: 'canary',
  maxBytes: 14_000,
  check({ json }) {
    assert.ok(json.blocks.length <= 50, `${json.blocks.length} blocks`);
    assert.ok(json.text.length > 0);
    assert.doesNotMatch(json.text, /[<>]|@(?!\u200b)/);
    for (const block of json.blocks) {
      if (block.type === 'header')
        assert.ok(block.text.text.length <= 150 && block.text.type === 'plain_text');
      else if (block.type === 'section')
        assert.ok(block.text.text.length <= 3_000 && block.text.type === 'plain_text');
      else {
        assert.equal(block.type, 'context');
        // The only mrkdwn is ours.
        for (const { text } of block.elements)
          assert.match(text, /^(and \d+ more - )?<https:\/\/certglass\.example\.com\/[^>|]+\|[A-Za-z ]+>$/);
      }
    }
  },
  shown: ({ json }) =>
    json.blocks
      .map(
        (block: { text?: { text: string }; elements?: { text: string }[] }) =>
          block.text?.text ?? (block.elements ?? []).map(({ text }) => text).join(),
      )
      .join('\n'),
  forbidden: /@here|@everyone|https?:\/\/evil/,
});
