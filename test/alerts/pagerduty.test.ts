import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pagerduty } from '../../src/alerts/pagerduty.js';
import { startHttpRecorder, type HttpRecorder } from '../support/http-recorder.js';
import { testHttpChannel } from './http-channel.js';
import { finding, message, openChannel } from './samples.js';

const routingKey = 'c'.repeat(32);

// https://developer.pagerduty.com/docs/send-alert-event, November 2026: POST /v2/enqueue; event_action trigger, acknowledge or resolve;
// dedup_key of 255 characters, summary of 1,024; severity critical, error, warning or info; an event of 512 KB; 202 accepts.
testHttpChannel('PagerDuty', {
  kind: pagerduty,
  config: (url) => ({ baseUrl: url, routingKey }),
  secret: routingKey,
  maxBytes: 512_000,
  accept: () => ({ status: 202, body: { status: 'success', dedup_key: 'x' } }),
  check({ json, path }) {
    assert.equal(path, '/v2/enqueue');
    assert.equal(json.routing_key, routingKey);
    assert.equal(json.event_action, 'trigger');
    assert.equal(json.dedup_key, 'c'.repeat(32));
    assert.ok(json.payload.summary.length <= 1_024);
    assert.ok(['critical', 'error', 'warning', 'info'].includes(json.payload.severity));
    assert.ok(json.payload.source.length > 0);
  },
  shown: ({ json }) => `${json.payload.summary}\n${json.payload.custom_details.text}`,
  forbidden: /\r|\u001b/,
});

describe('PagerDuty', () => {
  let recorder: HttpRecorder;
  before(async () => {
    recorder = await startHttpRecorder();
  });
  after(() => recorder.close());

  for (const action of ['acknowledge', 'resolve'] as const)
    it(`can ${action} what it triggered`, async () => {
      const channel = openChannel(pagerduty, { baseUrl: recorder.url, routingKey, allowPrivate: true });
      await channel.send(await message([finding()], { action }), new AbortController().signal);
      await channel.close();
      const { json } = recorder.requests.at(-1)!;
      assert.equal(json.event_action, action);
      assert.equal(json.dedup_key, 'c'.repeat(32));
    });
});
