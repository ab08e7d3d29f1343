import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { splunk } from '../../src/alerts/splunk.js';
import { eventSchema } from '../../src/model/event.js';
import { startHttpRecorder, type HttpRecorder } from '../support/http-recorder.js';
import { openChannel } from './samples.js';
import { hostileMessages, streamMessage } from './streams.js';

// https://docs.splunk.com/Documentation/Splunk/latest/Data/HECExamples and .../AboutHECIDXAck, November 2026: concatenated JSON objects to
// /services/collector/event; {"text":"Success","code":0,"ackId":n}; acknowledgements at /services/collector/ack?channel=.
describe('Splunk', () => {
  let recorder: HttpRecorder;
  before(async () => {
    recorder = await startHttpRecorder();
  });
  beforeEach(() => {
    recorder.requests.splice(0);
    recorder.respond = () => ({ body: { text: 'Success', code: 0, ackId: 7 } });
  });
  after(() => recorder.close());

  async function send(parts: object = {}, message = streamMessage()) {
    const keys = {
      url: recorder.url,
      token: 'canary-token',
      allowPrivate: true,
      pollMilliseconds: 1,
      ...parts,
    };
    const channel = openChannel(splunk, keys);
    const result = await channel.send(await message, new AbortController().signal);
    await channel.close();
    return result;
  }
  const events = () => recorder.requests[0]!.body.split('\n').map((line) => JSON.parse(line));

  it('posts an event for each change', async () => {
    assert.equal((await send({ index: 'certs' })).ok, true);
    const [request] = recorder.requests;
    assert.equal(request?.path, '/services/collector/event');
    assert.equal(request?.headers.authorization, 'Splunk canary-token');
    const [first, second] = events();
    assert.deepEqual(
      [first.time, first.host, first.index, first.sourcetype],
      [Date.parse('2026-11-23T10:00:00Z') / 1000, 'www.example.com:443', 'certs', 'certglass:event'],
    );
    assert.equal(eventSchema.safeParse(first.event).success, true);
    assert.equal(second.event.event_type, 'finding_resolved');
  });

  it('waits until the events are indexed, where it is told to', async () => {
    let asked = 0;
    recorder.respond = ({ path, json }) => {
      if (path.endsWith('/event')) return { body: { text: 'Success', code: 0, ackId: 7 } };
      assert.deepEqual(json, { acks: [7] });
      return { body: { acks: { 7: (asked += 1) === 3 } } };
    };
    assert.equal((await send({ acknowledge: true })).ok, true);
    assert.equal(asked, 3);
    assert.ok(recorder.requests[0]?.headers['x-splunk-request-channel']);
    assert.match(recorder.requests[1]?.path ?? '', /^\/services\/collector\/ack\?channel=[0-9a-f-]{36}$/);
  });

  it('sends again what was never indexed', async () => {
    recorder.respond = ({ path }) => ({
      body: path.endsWith('/event') ? { code: 0, ackId: 7 } : { acks: { 7: false } },
    });
    const result = await send({ acknowledge: true });
    assert.equal(result.ok, false);
    assert.match(result.detail, /not indexed in time/);
  });

  for (const [name, answer, detail] of [
    ['a full queue', { status: 503, body: { text: 'Server is busy', code: 9 } }, /^status 503$/],
    [
      'a refusal with status 200',
      { body: { text: 'Incorrect index', code: 7 } },
      /^status 200: Incorrect index$/,
    ],
    [
      'a token without acknowledgement',
      { body: { code: 0 } },
      /^status 200$|switch on indexer acknowledgement/,
    ],
  ] as const)
    it(`reports ${name}`, async () => {
      recorder.respond = () => answer;
      const result = await send(name.includes('acknowledgement') ? { acknowledge: true } : {});
      assert.equal(result.ok, false);
      assert.match(result.detail, detail);
    });

  it('keeps hostile text inside of JSON strings', async () => {
    for (const message of await hostileMessages()) {
      recorder.requests.splice(0);
      assert.equal((await send({}, Promise.resolve(message))).ok, true);
      assert.equal(events().length, 1);
    }
  });
});
