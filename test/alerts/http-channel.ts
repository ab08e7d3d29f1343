import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { z } from 'zod';
import type { ChannelKind } from '../../src/alerts/channel.js';
import type { Finding } from '../../src/model/finding.js';
import {
  startHttpRecorder,
  type HttpRecorder,
  type RecordedAnswer,
  type RecordedRequest,
} from '../support/http-recorder.js';
import { finding, findings, hostileTexts, message, openChannel } from './samples.js';

/** What a channel over HTTP must do, whatever its vendor. */
export interface HttpChannelTest<Schema extends z.ZodObject> {
  /** Keys that point it at the receiver. */
  config(url: string): object;
  /** Secret that must not appear in what is reported; null: it has none. */
  readonly secret: string | null;
  /** The vendor's limit for a whole request, and how it counts. */
  readonly maxBytes: number;
  /** Asserts that a request is what the vendor's documentation asks for. */
  check(request: RecordedRequest): void;
  /** Everything in the request that people see, as the vendor reads it. */
  shown(request: RecordedRequest): string;
  /** Markup that hostile text must not be able to make in `shown`. */
  readonly forbidden: RegExp;
  /** How the receiver accepts; default 200 with `{}`. */
  accept?(request: RecordedRequest): RecordedAnswer;
  readonly kind: ChannelKind<Schema>;
}

/** Runs what every HTTP channel must pass, against a recording server. */
export function testHttpChannel<Schema extends z.ZodObject>(
  name: string,
  test: HttpChannelTest<Schema>,
): void {
  let recorder: HttpRecorder;
  const send = (list: readonly Finding[], parts: object = {}) => sendThrough(test, recorder, list, parts);
  const last = (): RecordedRequest => recorder.requests.at(-1)!;
  const accept = (): void => {
    recorder.respond = (request) => test.accept?.(request) ?? {};
  };

  describe(`${name}, as every channel over HTTP`, () => {
    before(async () => {
      recorder = await startHttpRecorder();
    });
    after(() => recorder.close());

    it('reports one finding with what, where, how long, what to do and a link', async () => {
      accept();
      const result = await send([finding()]);
      assert.equal(result.ok, true, result.detail);
      test.check(last());
      const shown = test.shown(last());
      for (const part of [
        /expired/,
        /www\.example\.com:443/,
        /Since/,
        /What to do/,
        /certglass\.example\.com\/findings\/f{32}/,
      ])
        assert.match(shown, part);
    });

    it('reports a resolution', async () => {
      accept();
      const resolved = finding({ state: 'resolved', resolvedAt: new Date('2026-11-23T13:00:00Z') });
      assert.equal((await send([resolved])).ok, true);
      test.check(last());
      assert.match(test.shown(last()), /RESOLVED/);
    });

    it('stays within the limit with 50,000 findings, whole findings only, and says how many it leaves out', async () => {
      accept();
      assert.equal((await send(findings(50_000))).ok, true);
      test.check(last());
      assert.ok(Buffer.byteLength(last().body) <= test.maxBytes, `${Buffer.byteLength(last().body)} bytes`);
      assert.match(test.shown(last()), /and 49,?9\d\d more/);
    });

    it('keeps hostile text inert', async () => {
      accept();
      for (const text of [...hostileTexts, ...chatTexts]) {
        const hostile = finding({
          title: text,
          host: text,
          details: { [text]: text },
          subject: { kind: 'self', key: text },
        });
        assert.equal((await send([hostile])).ok, true);
        test.check(last());
        assert.ok(Buffer.byteLength(last().body) <= test.maxBytes);
        const shown = test.shown(last());
        assert.doesNotMatch(shown, test.forbidden, text.slice(0, 40));
        assert.doesNotMatch(shown, /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202e]/u);
      }
    });

    for (const [status, headers, permanent, retryAfterMs] of [
      [410, {}, true, null],
      [429, { 'retry-after': '7' }, false, 7_000],
      [500, {}, false, null],
      [302, { location: 'http://127.0.0.1:1/' }, false, null],
    ] as const)
      it(`calls status ${status} a failure${permanent ? ' for good' : ''}`, async () => {
        recorder.respond = () => ({ status, headers, body: { message: `no ${test.secret ?? ''}` } });
        const result = await send([finding()]);
        assert.equal(result.ok, false);
        assert.equal(result.permanent, permanent);
        assert.equal(result.retryAfterMs, retryAfterMs);
        assert.match(result.detail, new RegExp(`status ${status}`));
        assert.ok(test.secret === null || !result.detail.includes(test.secret), result.detail);
      });

    it('refuses a loopback receiver unless that is allowed', async () => {
      const before = recorder.requests.length;
      const result = await send([finding()], { allowPrivate: false });
      assert.equal(result.ok, false);
      assert.match(result.detail, /^receiver refused/);
      assert.equal(recorder.requests.length, before);
    });
  });
}

/** Sends through a channel of the kind that points at the recorder. */
async function sendThrough<Schema extends z.ZodObject>(
  test: HttpChannelTest<Schema>,
  recorder: HttpRecorder,
  list: readonly Finding[],
  parts: object,
) {
  const channel = openChannel(test.kind, { ...test.config(recorder.url), allowPrivate: true, ...parts });
  try {
    return await channel.send(await message(list, {}, test.kind.takes), new AbortController().signal);
  } finally {
    await channel.close();
  }
}

/** What chats would act on. */
const chatTexts = [
  '@here <!channel> <!here|x> <@U123> @everyone @all #general',
  '[click](https://evil.example/)',
  '<https://evil.example/|click>',
  '**bold** _it_ ~~no~~ `code` ```block```',
  'https://evil.example/',
  '![x](https://evil.example/a.png)',
  '<users/all>',
  '<@&123> <#123>',
  '> quote',
  '[~accountid:5] {code}x{code}',
];
