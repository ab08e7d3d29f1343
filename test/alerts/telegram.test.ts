import assert from 'node:assert/strict';
import { it } from 'node:test';
import { telegram } from '../../src/alerts/telegram.js';
import { startHttpRecorder } from '../support/http-recorder.js';
import { testHttpChannel } from './http-channel.js';
import { finding, message, openChannel } from './samples.js';

// https://core.telegram.org/bots/api#sendmessage and #html-style, November 2026: 4,096 characters after entities parsing; HTML knows b,
// a and a few more tags, everything else has to be escaped; the answer says `ok`.
testHttpChannel('Telegram', {
  kind: telegram,
  config: (url) => ({ baseUrl: url, token: '123:canary-token', chat: '-100' }),
  secret: '123:canary-token',
  maxBytes: 16_000,
  accept: () => ({ body: { ok: true, result: {} } }),
  check({ json, path }) {
    assert.equal(path, '/bot123:canary-token/sendMessage');
    assert.equal(json.chat_id, '-100');
    assert.equal(json.parse_mode, 'HTML');
    assert.equal(json.link_preview_options.is_disabled, true);
    assert.ok(json.text.replace(/<[^>]*>/g, '').length <= 4_096);
    const tags = [...json.text.matchAll(/<\/?([a-z]+)/g)].map(([, tag]: string[]) => tag);
    assert.deepEqual(
      [...new Set(tags)].filter((tag) => tag !== 'a' && tag !== 'b'),
      [],
    );
  },
  shown: ({ json }) => json.text,
  forbidden: /<script|<img|href="https?:\/\/evil|@here/,
});

it('takes an answer without ok for a refusal', async () => {
  const recorder = await startHttpRecorder();
  recorder.respond = () => ({ body: { ok: false, description: 'chat not found' } });
  const channel = openChannel(telegram, { baseUrl: recorder.url, allowPrivate: true });
  const result = await channel.send(await message([finding()]), new AbortController().signal);
  assert.deepEqual([result.ok, result.detail], [false, 'status 200: chat not found']);
  await channel.close();
  await recorder.close();
});

it('wants a token that can be one', () => {
  assert.equal(telegram.config.safeParse({ ...telegram.example, token: 'no token' }).success, false);
});
