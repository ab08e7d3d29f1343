import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { after, before, it } from 'node:test';
import { explainAlerts } from '../../src/cli/alert-explain.js';
import { finding } from '../store/sample.js';

const id = 'a'.repeat(32);
const items = [
  {
    channel: 'slack:web',
    status: 'sent',
    at: '2026-01-01T10:00:00.000Z',
    why: 'Sent: the receiver answered status 200 \u001b[31mred.',
    steps: ['keys of the channel: match'],
    nextReminderAt: '2026-01-02T10:00:00.000Z',
  },
  {
    channel: 'email',
    status: 'skipped',
    at: null,
    why: 'Not sent: no route.',
    steps: [],
    nextReminderAt: null,
  },
];
const server = createServer(({ url }, response) => {
  if (url === `/api/v1/findings/${id}`) response.end(JSON.stringify(finding('a.example.com')));
  else if (url === `/api/v1/findings/${id}/alerts`) response.end(JSON.stringify({ items }));
  else response.writeHead(404).end(JSON.stringify({ detail: 'there is no finding with this id' }));
});
let url = '';
before(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

async function run(wanted: string, json = false): Promise<string> {
  let text = '';
  const stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  assert.equal(await explainAlerts(wanted, { url, json }, { stdout, stderr: stdout }), 0);
  return text;
}

it('prints each channel with when, why and what was considered', async () => {
  const [title, about, ...rest] = (await run(id)).split('\n');
  assert.match(title ?? '', /a\.example\.com:443$/);
  assert.match(about ?? '', /^error, open, opened \d{4}-\d\d-\d\d \d\d:\d\d UTC \(.* ago\)$/);
  const text = rest.join('\n').replaceAll(/\((\d[\d,]* \w+ ago|in \d[\d,]* \w+)\)/g, '(then)');
  assert.equal(
    text,
    [
      '',
      'slack:web: sent 2026-01-01 10:00 UTC (then)',
      '  Sent: the receiver answered status 200 \\u{1b}[31mred.',
      '  - keys of the channel: match',
      '  - reminder 2026-01-02 10:00 UTC (then) if nothing changes',
      '',
      'email: skipped',
      '  Not sent: no route.',
      '',
    ].join('\n'),
  );
});

it('prints a line of JSON for each channel', async () => {
  const lines = (await run(id, true)).trim().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    items,
  );
});

it('says when there is no such finding', async () => {
  await assert.rejects(run('b'.repeat(32)), /there is no finding with this id/);
});
