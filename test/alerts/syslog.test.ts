import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { describe, it } from 'node:test';
import { eventsOf } from '../../src/alerts/message/siem.js';
import { syslogLine } from '../../src/alerts/message/syslog-body.js';
import { syslog } from '../../src/alerts/syslog.js';
import { issueCa, issueFor } from '../support/pki.js';
import { openChannel } from './samples.js';
import { assertOneLine, hostileMessages, streamMessage } from './streams.js';

const never = new AbortController().signal;
/** RFC 5424 section 6: header, no structured data, UTF-8 body. */
const rfc5424 = /^<(\d{1,3})>1 (\S+) (\S{1,255}) certglass (\d+) ([a-z_]{1,32}) - \ufeff(.*)$/s;

/** Takes what connections send, whole. */
async function receive(server: Server, work: (port: number) => Promise<unknown>): Promise<string> {
  const received: Buffer[] = [];
  const sockets: Promise<unknown>[] = [];
  server.on(
    server.listenerCount('tlsClientError') >= 0 && 'setSecureContext' in server
      ? 'secureConnection'
      : 'connection',
    (socket: Socket) => {
      socket.on('data', (chunk: Buffer) => received.push(chunk)).on('error', () => undefined);
      sockets.push(once(socket, 'close'));
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await work((server.address() as AddressInfo).port);
  await Promise.all(sockets);
  server.close();
  return Buffer.concat(received).toString();
}

/** Reads octet-counted frames (RFC 6587 section 3.4.1). */
function octetCounted(text: string): string[] {
  const lines: string[] = [];
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    const space = rest.indexOf(' ');
    const length = Number(rest.subarray(0, space).toString());
    lines.push(rest.subarray(space + 1, space + 1 + length).toString());
    rest = rest.subarray(space + 1 + length);
  }
  return lines;
}

async function sendTo(port: number, parts: object) {
  const channel = openChannel(syslog, { host: '127.0.0.1', port, format: 'json', ...parts });
  return channel.send(await streamMessage(), never);
}

describe('syslog', () => {
  it('sends octet-counted messages over TCP', async () => {
    const text = await receive(createServer(), async (port) =>
      assert.deepEqual(await sendTo(port, { transport: 'tcp' }), {
        ok: true,
        permanent: false,
        retryAfterMs: null,
        detail: '2 messages',
      }),
    );
    const lines = octetCounted(text);
    assert.equal(lines.length, 2);
    const [, priority, at, , , type, body] = rfc5424.exec(lines[0] ?? '') ?? [];
    assert.equal(priority, String(13 * 8 + 2), 'log audit, critical');
    assert.equal(at, '2026-11-23T10:00:00.000Z');
    assert.equal(type, 'certificate_expired');
    assert.equal(JSON.parse(body ?? '').certificate_serial, '0A:BC:01');
  });

  it('sends lines where it is told to', async () => {
    const text = await receive(createServer(), (port) =>
      sendTo(port, { transport: 'tcp', framing: 'newline' }),
    );
    assert.equal(text.trimEnd().split('\n').length, 2);
  });

  it('sends over TLS to a server that it can verify, and nothing to another', async () => {
    const ca = issueCa();
    const { keyPem, pem } = issueFor('127.0.0.1', { issuer: ca });
    const server = () => createTlsServer({ key: keyPem, cert: pem }).on('tlsClientError', () => undefined);
    const text = await receive(server(), async (port) =>
      assert.equal((await sendTo(port, { ca: ca.pem })).ok, true),
    );
    assert.equal(octetCounted(text).length, 2);
    const nothing = await receive(server(), async (port) => assert.equal((await sendTo(port, {})).ok, false));
    assert.equal(nothing, '');
  });

  it('sends datagrams over UDP', async () => {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const lines: string[] = [];
    const both = new Promise<void>((resolve) =>
      socket.on('message', (bytes) => {
        if (lines.push(bytes.toString()) === 2) resolve();
      }),
    );
    assert.equal((await sendTo(socket.address().port, { transport: 'udp' })).ok, true);
    await both;
    socket.close();
    for (const line of lines) assert.match(line, rfc5424);
  });

  it('reports a server that is not there, one that resets, and one that may not be reached', async () => {
    assert.match((await sendTo(1, { transport: 'tcp' })).detail, /ECONNREFUSED/);
    const resets = createServer((socket) => socket.resetAndDestroy());
    await receive(resets, async (port) => assert.equal((await sendTo(port, { transport: 'tcp' })).ok, false));
    const refused = await sendTo(1, { transport: 'tcp', allowPrivate: false });
    assert.match(refused.detail, /^receiver refused: 127\.0\.0\.1 is not a public address/);
  });

  it('writes CEF with its escapes', async () => {
    const [event] = eventsOf(await streamMessage());
    const changed = { ...event!, message: 'a|b=c\\d', finding: { ...event!.finding!, rule: 'r|ule\\' } };
    const [, , , , , , body = ''] = rfc5424.exec(syslogLine(changed, 'cef', 13)) ?? [];
    assert.match(body, /^CEF:0\|Certglass\|Certglass\|1\|r\\\|ule\\\\\|certificate_expired\|10\|/);
    assert.match(body, / msg=a\|b\\=c\\\\d /);
    assert.match(body, /cs3=0A:BC:01 .*cs3Label=certificate_serial/);
  });

  it('writes LEEF with tabs between attributes', async () => {
    const [event] = eventsOf(await streamMessage());
    const [, , , , , , body = ''] = rfc5424.exec(syslogLine(event!, 'leef', 13)) ?? [];
    const [head, ...attributes] = body.split('\t');
    assert.match(head ?? '', /^LEEF:2\.0\|Certglass\|Certglass\|1\|expired\|x09\|sev=10$/);
    assert.ok(attributes.includes('certSerial=0A:BC:01'));
    assert.ok(attributes.every((attribute) => /^[A-Za-z]+=/.test(attribute)));
  });

  for (const format of ['json', 'cef', 'leef'] as const)
    it(`keeps hostile text in one ${format} message`, async () => {
      for (const message of await hostileMessages())
        for (const event of eventsOf(message)) {
          const line = syslogLine(event, format, 13).replace('\ufeff', '');
          assertOneLine(format === 'leef' ? line.replaceAll('\t', ' ') : line);
        }
    });
});
