import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { elastic } from '../../src/alerts/elastic.js';
import { startHttpRecorder, type HttpRecorder } from '../support/http-recorder.js';
import { openChannel } from './samples.js';
import { hostileMessages, streamMessage } from './streams.js';

// https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk and https://www.elastic.co/docs/reference/ecs/ecs-x509, November
// 2026: NDJSON of actions and documents; `errors` and a status for each item; serial numbers in upper case without colons.
describe('Elastic', () => {
  let recorder: HttpRecorder;
  before(async () => {
    recorder = await startHttpRecorder();
  });
  beforeEach(() => {
    recorder.requests.splice(0);
    recorder.respond = () => ({ body: { errors: false, items: [] } });
  });
  after(() => recorder.close());

  async function send(parts: object = {}, message = streamMessage()) {
    const channel = openChannel(elastic, {
      url: recorder.url,
      apiKey: 'canary-key',
      allowPrivate: true,
      ...parts,
    });
    const result = await channel.send(await message, new AbortController().signal);
    await channel.close();
    return result;
  }
  const lines = () =>
    recorder.requests[0]!.body.trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('creates a document for each change, in the Elastic Common Schema', async () => {
    assert.equal((await send()).ok, true);
    const [request] = recorder.requests;
    assert.equal(request?.path, '/logs-certglass.event-default/_bulk');
    assert.equal(request?.headers['content-type'], 'application/x-ndjson');
    assert.equal(request?.headers.authorization, 'ApiKey canary-key');
    assert.ok(request?.body.endsWith('\n'));
    const [action, document, , other] = lines();
    assert.deepEqual(action, { create: { _id: `${'f'.repeat(32)}:1` } });
    assert.equal(document['@timestamp'], '2026-11-23T10:00:00.000Z');
    assert.deepEqual([document.event.kind, document.event.action], ['alert', 'certificate_expired']);
    assert.deepEqual(document.server, { address: 'www.example.com', port: 443 });
    const { x509, hash } = document.tls.server;
    assert.equal(x509.serial_number, '0ABC01');
    assert.equal(x509.subject.distinguished_name, 'CN=www.example.com');
    assert.equal(hash.sha256, 'A'.repeat(64));
    assert.equal(other.certglass.finding.state, 'resolved');
    assert.doesNotMatch(request?.body ?? '', /:null/);
  });

  it('takes a document that is there already for stored, which is what a repeat looks like', async () => {
    const item = (status: number) => ({ create: { status, error: { reason: `because ${status}` } } });
    recorder.respond = () => ({ body: { errors: true, items: [item(409), item(201)] } });
    assert.equal((await send()).ok, true);
    recorder.respond = () => ({ body: { errors: true, items: [item(409), item(400)] } });
    const result = await send();
    assert.equal(result.ok, false);
    assert.equal(result.detail, 'status 200: 1 documents refused: because 400');
  });

  it('logs in with user and password as well', async () => {
    await send({ apiKey: null, user: 'u', password: 'p' });
    assert.equal(
      recorder.requests[0]?.headers.authorization,
      `Basic ${Buffer.from('u:p').toString('base64')}`,
    );
  });

  it('keeps hostile text inside of JSON strings', async () => {
    for (const message of await hostileMessages()) {
      recorder.requests.splice(0);
      assert.equal((await send({}, Promise.resolve(message))).ok, true);
      assert.equal(lines().length, 2);
    }
  });
});
