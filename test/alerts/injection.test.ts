import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { ChannelKind, Message } from '../../src/alerts/channel.js';
import { channelKinds } from '../../src/alerts/index.js';
import { inventoryEventOf, inventoryMessage } from '../../src/delivery/inventory-events.js';
import { startHttpRecorder, type HttpRecorder } from '../support/http-recorder.js';
import { startSmtpSink } from '../support/smtp-sink.js';
import { temporaryFolder } from '../store/sample.js';
import { finding, hostileTexts, message, openChannel, words } from './samples.js';

const payloads = [
  ...hostileTexts.filter(({ length }) => length < 1_000),
  '@here <!channel> <!here|x> <@U123> @everyone @all',
  '[click](https://evil.example/) ![x](https://evil.example/a.png)',
  '<https://evil.example/|click> <users/all> <@&123>',
  'X-Forged: yes\r\nX-Forged2: yes',
  '+1+cmd|calc!A0',
  '<165>1 - - forged - - forged',
  '|CEF:0|forged| src=evil \\n',
];

/** What a receiver got of one message. */
interface Got {
  /** Values and names of headers. */
  readonly head: readonly string[];
  readonly bodies: readonly string[];
}

/** Findings and inventory events, ten to a message, whose every text is a payload. */
async function hostileMessages(): Promise<readonly Message[]> {
  const messages: Message[] = [];
  const now = new Date('2026-11-23T12:00:00Z');
  for (let start = 0; start < payloads.length; start += 10) {
    const some = payloads.slice(start, start + 10);
    const findings = some.map((text, n) =>
      finding({
        id: String(n).padStart(32, '0'),
        ...{ title: text, host: text, owner: text, tags: [text], note: text, changedBy: text },
        ...{ details: { [text]: text }, subject: { kind: 'self', key: text } },
      }),
    );
    const events = some.map((text, n) => {
      const certificate = { sha256: 'a'.repeat(64), subject: text, issuer: text, serialNumber: '1' };
      const dates = { notBefore: now, notAfter: now };
      const change = {
        id: String(n),
        at: now,
        endpoint: `${text.replaceAll('|', '')}||443||`,
        ctLog: null,
        before: null,
      };
      return inventoryEventOf({ ...change, certificate: { ...certificate, ...dates, names: [text] } }, words);
    });
    messages.push(
      await message(findings),
      inventoryMessage('e'.repeat(32), 'test', events, events.length, now),
    );
    messages.push(await message(findings.slice(0, 1)));
  }
  return messages;
}

const accepted = {
  code: 0,
  ackId: 1,
  acks: { 1: true },
  result: [],
  issues: [],
  ok: true,
  id: '1',
  key: 'K-1',
};
const urlKeys = ['url', 'baseUrl', 'endpoint', 'server', 'homeserver', 'instance', 'site'];
const never = new AbortController().signal;

describe('hostile text', () => {
  let recorder: HttpRecorder;
  let messages: readonly Message[] = [];
  before(async () => {
    recorder = await startHttpRecorder();
    recorder.respond = () => ({ body: accepted });
    messages = await hostileMessages();
  });
  after(() => recorder.close());

  /** Sends everything through a channel with these keys. */
  async function sendAll(kind: ChannelKind, keys: object): Promise<void> {
    const channel = openChannel(kind, keys);
    try {
      for (const one of messages)
        if (kind.takes !== 'incident' || one.kind === 'alert') await channel.send(one, never);
    } finally {
      await channel.close();
    }
  }

  async function overHttp(kind: ChannelKind): Promise<Got> {
    const keys = urlKeys.filter((key) => key in kind.config.shape).map((key) => [key, recorder.url]);
    const from = recorder.requests.length;
    await sendAll(kind, { ...Object.fromEntries(keys), allowPrivate: true });
    const requests = recorder.requests.slice(from);
    return {
      head: requests.flatMap(({ path, headers }) => [path, ...Object.entries(headers).flat().map(String)]),
      bodies: requests.map(({ body }) => body),
    };
  }

  const ways: Readonly<Record<string, (kind: ChannelKind) => Promise<Got>>> = {
    async email(kind) {
      const sink = await startSmtpSink();
      try {
        await sendAll(kind, {
          host: '127.0.0.1',
          port: sink.port,
          security: 'none',
          user: null,
          password: null,
        });
        return {
          head: sink.mails.flatMap(({ parsed }) =>
            parsed.headerLines.map(({ line }) => line.replace(/\r\n[ \t]/g, ' ')),
          ),
          bodies: sink.mails.flatMap(({ parsed }) => [parsed.text ?? '', String(parsed.html)]),
        };
      } finally {
        await sink.close();
      }
    },
    async syslog(kind) {
      const chunks: Buffer[] = [];
      const server = createServer((socket) => socket.on('data', (chunk) => chunks.push(chunk)));
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const { port } = server.address() as AddressInfo;
      try {
        for (const format of ['json', 'cef', 'leef'])
          await sendAll(kind, { host: '127.0.0.1', port, transport: 'tcp', framing: 'newline', format });
      } finally {
        server.close();
      }
      const lines = Buffer.concat(chunks).toString().split('\n').slice(0, -1);
      const expected =
        3 * messages.reduce((sum, { alerts, inventory }) => sum + alerts.length + (inventory?.total ?? 0), 0);
      assert.equal(lines.length, expected, 'no text begins a line of its own');
      return { head: lines.map((line) => line.slice(0, 60)), bodies: lines };
    },
    async 'json-lines'(kind) {
      const path = join(temporaryFolder(), 'events.jsonl');
      await sendAll(kind, { path });
      const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
      for (const line of lines) JSON.parse(line);
      return { head: [], bodies: lines };
    },
    async executable(kind) {
      const file = join(temporaryFolder(), 'out');
      const program = `require('fs').appendFileSync(process.argv[1], require('fs').readFileSync(0))`;
      await sendAll(kind, { command: process.execPath, arguments: ['-e', program, file] });
      return { head: [], bodies: readFileSync(file, 'utf8').split('\n').slice(0, -1) };
    },
  };
  /** People read these as they are: no mention and no link of a payload may work. */
  const chats = ['slack', 'teams', 'google-chat', 'discord', 'mattermost', 'telegram', 'matrix'];

  for (const [name, kind] of Object.entries(channelKinds as unknown as Record<string, ChannelKind>))
    it(`is inert in ${name}`, async () => {
      const { head, bodies } = await (ways[name] ?? overHttp)(kind);
      assert.ok(bodies.length >= messages.length / 2, `${bodies.length} messages`);
      for (const line of head) {
        assert.doesNotMatch(line, /[\u0000-\u0008\u000a-\u001f\u007f]/, 'header');
        assert.doesNotMatch(line, /^(bcc|x-forged)/i, 'header');
      }
      for (const body of bodies) {
        assert.doesNotMatch(body, /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/, 'control character');
        if (!chats.includes(name)) continue;
        assert.doesNotMatch(body, /<!channel>|<!here|@everyone|@here|<users\/all>|<@&123>/, 'mention');
        assert.doesNotMatch(body, /<https:\/\/evil|href=[^ ]*evil/, 'link');
      }
    });
});
