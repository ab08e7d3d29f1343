import assert from 'node:assert/strict';
import { it } from 'node:test';
import { googleChat } from '../../src/alerts/google-chat.js';
import { startHttpRecorder } from '../support/http-recorder.js';
import { testHttpChannel } from './http-channel.js';
import { finding, message, openChannel } from './samples.js';

// https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages/create and .../format-messages, November 2026: text
// of 4,096 characters, `requestId` makes a request idempotent, `thread.threadKey` names a thread.
testHttpChannel('Google Chat', {
  kind: googleChat,
  config: (url) => ({ url: `${url}/v1/spaces/AAAA/messages?key=canary-key&token=canary-token` }),
  secret: 'canary-token',
  maxBytes: 32_000,
  check({ json, path }) {
    assert.ok(json.text.length <= 4_096, `${json.text.length} characters`);
    const query = new URL(path, 'http://x').searchParams;
    assert.equal(query.get('requestId'), 'd'.repeat(32));
    assert.equal(query.get('key'), 'canary-key');
    assert.ok(json.thread.threadKey);
  },
  shown: ({ json }) => json.text,
  forbidden: /<users\/all>|<https?:\/\/evil|@here|\*bold|`code/,
});

it('answers in the thread of the first message about a finding', async () => {
  const recorder = await startHttpRecorder();
  const channel = openChannel(googleChat, {
    url: `${recorder.url}/v1/spaces/A/messages?key=k&token=t`,
    allowPrivate: true,
  });
  const replyTo = ['b'.repeat(32), 'a'.repeat(32)];
  await channel.send(await message([finding()], { replyTo }), new AbortController().signal);
  assert.equal(recorder.requests[0]?.json.thread.threadKey, 'a'.repeat(32));
  await channel.close();
  await recorder.close();
});
