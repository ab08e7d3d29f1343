import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { testChannels } from '../../src/cli/alert-test.js';
import { temporaryFolder } from '../store/sample.js';
import { startWebhookSink, webhookSecret, type WebhookSink } from '../support/webhook-sink.js';

const folder = temporaryFolder();
const dataDir = join(folder, 'data');
const config = join(folder, 'certglass.yaml');

async function run(names: readonly string[], options: object = {}) {
  let text = '';
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const code = await testChannels(names, { config, ...options }, { stdout: sink, stderr: sink });
  return { code, text };
}

describe('certglass alert test', () => {
  let sink: WebhookSink;
  before(async () => {
    sink = await startWebhookSink();
    const good = { type: 'webhook', url: sink.url, secrets: [webhookSecret], allowPrivate: true };
    const closed = { ...good, name: 'closed', url: 'http://127.0.0.1:1/' };
    writeFileSync(config, JSON.stringify({ store: { dataDir }, alerts: { channels: [good, closed] } }));
  });
  after(() => sink.close());

  it('sends a marked sample straight from the configuration when no service runs', async () => {
    const { code, text } = await run(['webhook']);
    assert.equal(code, 0);
    assert.match(text, /^webhook: accepted after \d\.\d s: status 20\d\n$/);
    assert.match(sink.requests[0]?.body ?? '', /"type":"test"|This is a test/);
  });

  it('exits 1 when a receiver did not accept it, and says why', async () => {
    const { code, text } = await run(['webhook:closed', 'webhook'], { json: true });
    assert.equal(code, 1);
    const [closed, good] = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual([closed.channel, closed.ok, good.ok], ['webhook:closed', false, true]);
    assert.match(closed.detail, /ECONNREFUSED/);
  });

  it('names the channels there are when the one asked for does not exist', async () => {
    await assert.rejects(run(['email']), /there is no channel email; .*has: webhook, webhook:closed$/);
  });

  it('asks the service that runs on the data folder of the configuration', async () => {
    const asked: string[] = [];
    const answer = { channel: 'webhook', ok: true, partial: true, detail: 'status 200', seconds: 1.25 };
    const service = createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      response.end(JSON.stringify(answer));
    });
    after(() => service.close());
    await once(service.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'service.json'), JSON.stringify({ url, token: 'local', pid: process.pid }));
    const { code, text } = await run(['webhook:on call']);
    assert.deepEqual(asked, ['POST /api/v1/channels/webhook%3Aon%20call/test Bearer local']);
    assert.equal(code, 1);
    assert.equal(text, 'webhook: accepted for some recipients only after 1.3 s: status 200\n');
  });
});
