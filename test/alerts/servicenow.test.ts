import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { servicenow } from '../../src/alerts/servicenow.js';
import { startHttpRecorder, type HttpRecorder } from '../support/http-recorder.js';
import { testHttpChannel } from './http-channel.js';
import { finding, message, openChannel } from './samples.js';

const id = '9d385017c611228701d22104cc95c371';

// https://docs.servicenow.com, "Table API", November 2026: GET, POST and PATCH /api/now/table/{table}; short_description of 160,
// description of 4,000 characters; correlation_id of 100.
testHttpChannel('ServiceNow', {
  kind: servicenow,
  config: (url) => ({ instance: url, user: 'bot', password: 'canary-password' }),
  secret: 'canary-password',
  maxBytes: 20_000,
  accept: ({ method }) =>
    method === 'GET' ? { body: { result: [] } } : { status: 201, body: { result: { sys_id: id } } },
  check({ json, path, method }) {
    assert.equal(`${method} ${path}`, 'POST /api/now/table/incident');
    assert.ok(json.short_description.length <= 160);
    assert.ok(json.description.length <= 4_000);
    assert.equal(json.correlation_id, 'c'.repeat(32));
  },
  shown: ({ json }) => `${json.short_description}\n${json.description}`,
  forbidden: /\r|\u001b/,
});

describe('ServiceNow', () => {
  let recorder: HttpRecorder;
  before(async () => {
    recorder = await startHttpRecorder();
  });
  beforeEach(() => {
    recorder.requests.splice(0);
  });
  after(() => recorder.close());

  async function send(action: 'trigger' | 'resolve', open: readonly string[]) {
    recorder.respond = () => ({ body: { result: open.map((sys_id) => ({ sys_id })) } });
    const channel = openChannel(servicenow, { instance: recorder.url, password: 'x', allowPrivate: true });
    const result = await channel.send(await message([finding()], { action }), new AbortController().signal);
    await channel.close();
    return {
      result,
      calls: recorder.requests.map(({ method, path }) => `${method} ${path.replace(/\?.*/, '')}`),
    };
  }

  it('looks for an open incident by its correlation id, and updates that', async () => {
    const { calls } = await send('trigger', [id]);
    assert.deepEqual(calls, ['GET /api/now/table/incident', `PATCH /api/now/table/incident/${id}`]);
    const query = new URL(recorder.requests[0]!.path, 'http://x').searchParams.get('sysparm_query');
    assert.equal(query, `correlation_id=${'c'.repeat(32)}^active=true^state!=6`);
    assert.match(recorder.requests[1]?.json.work_notes, /^CRITICAL: /);
  });

  it('resolves what it opened', async () => {
    await send('resolve', [id]);
    const { state, close_code, close_notes } = recorder.requests[1]?.json;
    assert.deepEqual([state, close_code], ['6', 'Solved (Permanently)']);
    assert.ok(close_notes.length > 0);
  });

  it('has nothing to resolve where people did', async () => {
    const { result, calls } = await send('resolve', []);
    assert.equal(result.ok, true);
    assert.equal(calls.length, 1);
  });
});
