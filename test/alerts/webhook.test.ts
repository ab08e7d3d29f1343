import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { webhook, webhookBody } from '../../src/alerts/webhook.js';
import { startWebhookSink, webhookSecret, type WebhookSink } from '../support/webhook-sink.js';
import { finding, findings, hostileTexts, message, openChannel } from './samples.js';

const never = new AbortController().signal;
const newSecret = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
const one = [finding()];

describe('webhook', () => {
  let sink: WebhookSink;
  before(async () => {
    sink = await startWebhookSink([webhookSecret, newSecret]);
  });
  after(() => sink.close());

  async function send(parts: object = {}, list = one, signal = never) {
    const channel = openChannel(webhook, {
      url: sink.url,
      secrets: [webhookSecret],
      allowPrivate: true,
      ...parts,
    });
    try {
      return await channel.send(await message(list), signal);
    } finally {
      await channel.close();
    }
  }

  it('posts what an independent verifier accepts', async () => {
    assert.deepEqual(await send(), { ok: true, permanent: false, retryAfterMs: null, detail: 'status 204' });
    const [request] = sink.requests;
    assert.deepEqual(request?.verifiedBy, [0]);
    assert.equal(request?.id, 'd'.repeat(32));
    assert.equal(request?.headers['content-type'], 'application/json');
    assert.equal(request?.json.data.findings[0]?.details['daysOver'], 22);
  });

  it('signs with every secret, so that they can be rotated', async () => {
    await send({ secrets: [newSecret, webhookSecret] });
    assert.deepEqual(sink.requests.at(-1)?.verifiedBy, [0, 1]);
  });

  it('keeps webhook-id and body over retries, and what was merely seen again does not change it', async () => {
    const start = sink.requests.length;
    sink.answers = [{ status: 503 }, 'silence', { status: 204 }];
    assert.equal((await send()).ok, false);
    assert.equal((await send({}, one, AbortSignal.timeout(200))).ok, false);
    assert.equal((await send({}, [finding({ lastSeenAt: new Date() })])).ok, true);
    const tries = sink.requests.slice(start);
    assert.equal(new Set(tries.map(({ id }) => id)).size, 1);
    assert.equal(new Set(tries.map(({ body }) => body)).size, 1);
    assert.ok(tries.every(({ verifiedBy }) => verifiedBy.includes(0)));
  });

  for (const [status, headers, expected] of [
    [200, {}, { ok: true, permanent: false, retryAfterMs: null }],
    [299, {}, { ok: true, permanent: false, retryAfterMs: null }],
    [301, { location: 'http://127.0.0.1/' }, { ok: false, permanent: false, retryAfterMs: null }],
    [304, {}, { ok: false, permanent: false, retryAfterMs: null }],
    [400, {}, { ok: false, permanent: false, retryAfterMs: null }],
    [410, {}, { ok: false, permanent: true, retryAfterMs: null }],
    [429, { 'retry-after': '120' }, { ok: false, permanent: false, retryAfterMs: 120_000 }],
    [503, { 'retry-after': 'soon' }, { ok: false, permanent: false, retryAfterMs: null }],
  ] as const) {
    it(`judges status ${status} ${JSON.stringify(headers)}`, async () => {
      sink.answers = [{ status, headers }];
      assert.deepEqual(await send(), { ...expected, detail: `status ${status}` });
    });
  }

  it('never follows a redirect', async () => {
    const start = sink.requests.length;
    sink.answers = [{ status: 307, headers: { location: sink.url } }];
    await send();
    assert.equal(sink.requests.length - start, 1);
  });

  it('A3: refuses a loopback receiver unless told otherwise', async () => {
    const start = sink.requests.length;
    const result = await send({ allowPrivate: false });
    assert.equal(result.ok, false);
    assert.match(result.detail, /^receiver refused, see `allowPrivate`/);
    assert.equal(sink.requests.length, start);
    assert.equal((await send({ allowPrivate: false, allow: ['127.0.0.0/8'] })).ok, true);
  });

  it('says what failed without the path, where a secret may stand', async () => {
    const result = await send({ url: 'http://127.0.0.1:1/hooks/canary-secret' });
    assert.equal(result.ok, false);
    assert.match(result.detail, /ECONNREFUSED/);
    assert.doesNotMatch(result.detail, /canary/);
  });

  it('sends the configured headers', async () => {
    await send({ headers: { Authorization: 'Splunk abc' } });
    assert.equal(sink.requests.at(-1)?.headers.authorization, 'Splunk abc');
  });

  it('sends a template of its own, with values as JSON strings', async () => {
    const template = '{"summary":"{{ headline }}","dedup":"{{id}}","n":1,"url":"{{link}}"}';
    await send({ template }, [finding({ title: 'quote " and \\ and \n' })]);
    assert.deepEqual(JSON.parse(sink.requests.at(-1)!.body), {
      summary: 'CRITICAL: quote " and \\ and \n (www.example.com:443)',
      dedup: 'd'.repeat(32),
      n: 1,
      url: 'https://certglass.example.com/findings?state=open&sort=-severity',
    });
    assert.deepEqual(sink.requests.at(-1)?.verifiedBy, [0]);
  });
});

describe('webhook payload', () => {
  for (const count of [1, 20, 1_000, 50_000])
    it(`reports ${count} findings in under 20 kB and says how many it leaves out`, async () => {
      const list = findings(count);
      const body = webhookBody(await message(list));
      const { data } = JSON.parse(body);
      assert.ok(Buffer.byteLength(body) < 20_000, `${Buffer.byteLength(body)} bytes`);
      assert.ok(data.findings.length > 0);
      assert.equal(data.findings.length + data.omitted, count);
      assert.equal(data.total, count);
      const byRule = Object.values<number>(data.omittedByRule).reduce((sum, omitted) => sum + omitted, 0);
      assert.equal(byRule, data.omitted);
    });

  it('stays under 20 kB, and still shows the finding, when everything in it is hostile', async () => {
    for (const text of hostileTexts) {
      const details = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`${text}${n}`, text]));
      const subject = { kind: 'endpoint', key: text } as const;
      const list = [finding({ title: text, rule: text, host: text, subject, details })];
      const body = webhookBody(await message(list));
      assert.ok(Buffer.byteLength(body) < 20_000, `${Buffer.byteLength(body)} bytes`);
      assert.equal(JSON.parse(body).data.findings.length, 1);
    }
  });
});

describe('webhook configuration', () => {
  const good = { type: 'webhook', url: 'https://hooks.example.com/x', secrets: [webhookSecret] };
  for (const [name, parts] of [
    ['a secret without whsec_', { secrets: [Buffer.alloc(32).toString('base64')] }],
    ['a secret of 23 bytes', { secrets: [`whsec_${Buffer.alloc(23).toString('base64')}`] }],
    ['a secret of 65 bytes', { secrets: [`whsec_${Buffer.alloc(65).toString('base64')}`] }],
    ['no secret', { secrets: [] }],
    ['a file URL', { url: 'file:///etc/passwd' }],
    ['a password in the URL', { url: 'https://user:pass@hooks.example.com/' }],
    ['a header with a line break', { headers: { 'X-A': 'b\r\nc: d' } }],
    ['an unknown key', { retries: 3 }],
    ['a template that is no JSON', { template: 'hello' }],
    ['a template with an unknown name', { template: '"{{headlin}}"' }],
    ['an allow entry that is a name', { allow: ['localhost'] }],
  ] as const)
    it(`refuses ${name}`, () => assert.equal(webhook.config.safeParse({ ...good, ...parts }).success, false));
  it('takes the least that is needed', () => assert.equal(webhook.config.parse(good).allowPrivate, false));
});
