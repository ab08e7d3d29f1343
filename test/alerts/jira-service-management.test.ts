import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { jiraServiceManagement } from '../../src/alerts/jira-service-management.js';
import { startHttpRecorder, type HttpRecorder } from '../support/http-recorder.js';
import { testHttpChannel } from './http-channel.js';
import { finding, message, openChannel } from './samples.js';

// https://developer.atlassian.com/cloud/jira/service-desk-ops/rest/v2/api-group-integration-events, November 2026: POST /alerts with
// `GenieKey`; message of 130 characters, description of 15,000, alias of 512; closed by /alerts/{alias}/close?identifierType=alias.
testHttpChannel('Jira Service Management', {
  kind: jiraServiceManagement,
  config: (url) => ({ baseUrl: url, apiKey: 'canary-key' }),
  secret: 'canary-key',
  maxBytes: 60_000,
  accept: () => ({ status: 202, body: { result: 'Request will be processed' } }),
  check({ json, path, headers }) {
    assert.equal(path, '/alerts');
    assert.equal(headers.authorization, 'GenieKey canary-key');
    assert.ok(json.message.length <= 130, json.message);
    assert.ok(json.description.length <= 15_000);
    assert.equal(json.alias, 'c'.repeat(32));
    assert.match(json.priority, /^P[1-5]$/);
    assert.ok(json.tags.length <= 20 && json.tags.every((tag: string) => tag.length <= 60));
  },
  shown: ({ json }) => `${json.message}\n${json.description}`,
  forbidden: /\r|\u001b/,
});

describe('Jira Service Management', () => {
  let recorder: HttpRecorder;
  before(async () => {
    recorder = await startHttpRecorder();
  });
  after(() => recorder.close());

  for (const [action, verb] of [
    ['acknowledge', 'acknowledge'],
    ['resolve', 'close'],
  ] as const)
    it(`${verb}s its alert by the alias`, async () => {
      const channel = openChannel(jiraServiceManagement, {
        baseUrl: recorder.url,
        apiKey: 'k',
        allowPrivate: true,
      });
      await channel.send(await message([finding()], { action }), new AbortController().signal);
      await channel.close();
      assert.equal(recorder.requests.at(-1)?.path, `/alerts/${'c'.repeat(32)}/${verb}?identifierType=alias`);
    });
});
