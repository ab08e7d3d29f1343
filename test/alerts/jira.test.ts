import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { jira } from '../../src/alerts/jira.js';
import { startHttpRecorder, type HttpRecorder, type RecordedRequest } from '../support/http-recorder.js';
import { testHttpChannel } from './http-channel.js';
import { finding, message, openChannel } from './samples.js';

const label = `certglass-${'c'.repeat(32)}`;
interface AdfDocument {
  readonly content: readonly { readonly content: readonly { readonly text?: string }[] }[];
}
const textOf = (document: AdfDocument): string =>
  document.content.map(({ content }) => content.map(({ text }) => text ?? '\n').join('')).join('\n');

// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues and -issue-search, November 2026: POST /issue with a
// description in the Atlassian Document Format of 32,767 characters and a summary of 255; searching by /search/jql alone.
testHttpChannel('Jira', {
  kind: jira,
  config: (url) => ({ site: url, user: 'bot@example.com', apiToken: 'canary-token', project: 'OPS' }),
  secret: 'canary-token',
  maxBytes: 200_000,
  accept: ({ method }) =>
    method === 'GET' ? { body: { issues: [] } } : { status: 201, body: { key: 'OPS-1' } },
  check({ json, path, headers }) {
    assert.equal(path, '/rest/api/3/issue');
    assert.equal(
      headers.authorization,
      `Basic ${Buffer.from('bot@example.com:canary-token').toString('base64')}`,
    );
    assert.ok(json.fields.summary.length <= 255);
    assert.deepEqual(json.fields.labels, ['certglass', label]);
    assert.equal(json.fields.project.key, 'OPS');
    assert.ok(JSON.stringify(json.fields.description).length <= 100_000);
    assert.ok(textOf(json.fields.description).length <= 32_767);
    for (const { content } of json.fields.description.content)
      for (const node of content)
        assert.ok(node.type === 'hardBreak' || node.text.length > 0, 'no empty text node');
  },
  shown: ({ json }) => `${json.fields.summary}\n${textOf(json.fields.description)}`,
  forbidden: /\r|\u001b/,
});

describe('Jira', () => {
  let recorder: HttpRecorder;
  before(async () => {
    recorder = await startHttpRecorder();
  });
  beforeEach(() => {
    recorder.requests.splice(0);
  });
  after(() => recorder.close());

  /** Sends against a Jira that has these open issues. */
  async function send(action: 'trigger' | 'acknowledge' | 'resolve', open: readonly string[], parts = {}) {
    recorder.respond = ({ path }: RecordedRequest) =>
      path.includes('/search/jql')
        ? { body: { issues: open.map((key) => ({ key })) } }
        : {
            body: {
              key: 'OPS-9',
              transitions: [
                { id: '31', name: 'done' },
                { id: '11', name: 'To Do' },
              ],
            },
          };
    const keys = { site: recorder.url, apiToken: 'x', allowPrivate: true, ...parts };
    const channel = openChannel(jira, keys);
    const result = await channel.send(await message([finding()], { action }), new AbortController().signal);
    await channel.close();
    return {
      result,
      calls: recorder.requests.map(
        ({ method, path }) => `${method} ${path.replace('/rest/api/3/', '').replace(/\?.*/, '')}`,
      ),
    };
  }

  it('never makes a second issue: it comments on the one it finds', async () => {
    const { calls } = await send('trigger', ['OPS-7']);
    assert.deepEqual(calls, ['GET search/jql', 'POST issue/OPS-7/comment']);
    const jql = new URL(recorder.requests[0]!.path, 'http://x').searchParams.get('jql');
    assert.equal(jql, `project = "OPS" AND labels = "${label}" AND statusCategory != Done`);
  });

  it('closes what it opened', async () => {
    const { calls } = await send('resolve', ['OPS-7']);
    assert.deepEqual(calls.slice(1), [
      'POST issue/OPS-7/comment',
      'GET issue/OPS-7/transitions',
      'POST issue/OPS-7/transitions',
    ]);
    assert.deepEqual(recorder.requests.at(-1)?.json, { transition: { id: '31' } });
  });

  it('leaves closing to people where it is told to', async () => {
    const { calls } = await send('resolve', ['OPS-7'], { closeTransition: null });
    assert.equal(calls.at(-1), 'POST issue/OPS-7/comment');
  });

  it('has nothing to close where people closed it already', async () => {
    const { result, calls } = await send('resolve', []);
    assert.deepEqual(calls, ['GET search/jql']);
    assert.equal(result.ok, true);
  });

  it('does not use a key that is none', async () => {
    const { calls } = await send('trigger', ['../../admin']);
    assert.deepEqual(calls, ['GET search/jql', 'POST issue']);
  });
});
