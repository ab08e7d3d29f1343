import assert from 'node:assert/strict';
import { teams } from '../../src/alerts/teams.js';
import { testHttpChannel } from './http-channel.js';

// https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook ("Workflows") and
// https://adaptivecards.io/explorer, November 2026: one card of version 1.4 or older, about 28 KB in all.
testHttpChannel('Teams', {
  kind: teams,
  config: (url) => ({ url: `${url}/powerautomate/workflows/1/invoke?sig=canary-signature` }),
  secret: 'canary-signature',
  maxBytes: 27_000,
  check({ json, path }) {
    assert.match(path, /sig=canary-signature/);
    assert.equal(json.type, 'message');
    const [{ contentType, content }] = json.attachments;
    assert.equal(contentType, 'application/vnd.microsoft.card.adaptive');
    assert.equal(content.type, 'AdaptiveCard');
    assert.equal(content.version, '1.4');
    assert.equal(content.msteams.entities, undefined, 'no mention');
    for (const block of content.body) assert.ok(['TextBlock', 'FactSet'].includes(block.type));
  },
  shown: ({ json }) =>
    json.attachments[0].content.body
      .map(
        (block: { text?: string; facts?: { title: string; value: string }[] }) =>
          block.text ?? (block.facts ?? []).map(({ title, value }) => `${title}: ${value}`).join('\n'),
      )
      .join('\n'),
  forbidden: /(?<!\\)\[click|(?<!\\)\*\*|(?<!\\)`|https?:\/\/evil/,
});
