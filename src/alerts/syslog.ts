import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, rootCertificates } from 'node:tls';
import { z } from 'zod';
import { addressGuard } from '../lib/http/address-guard.js';
import { pemText } from '../lib/pem-text.js';
import { channelKind, type Channel, type SendResult } from './channel.js';
import { done, sayable } from './http/receiver.js';
import { eventsOf } from './message/siem.js';
import { syslogLine } from './message/syslog-body.js';

const timeoutMs = 30_000;
/** RFC 5426 section 3.2: receivers should take 2,048 octets; most take what fits into one IPv4 datagram of a local network. */
const maxDatagram = 8_192;

const config = z.strictObject({
  type: z.literal('syslog').describe('Syslog (RFC 5424), for SIEMs and log servers.'),
  host: z.string().min(1).describe('Log server.'),
  port: z
    .number()
    .int()
    .min(1)
    .max(65_535)
    .default(6_514)
    .describe('Usually 6514 for TLS, 514 for UDP, 601 for TCP.'),
  transport: z.enum(['tls', 'tcp', 'udp']).default('tls').describe('`tls` (RFC 5425), `tcp` or `udp`.'),
  framing: z
    .enum(['octet-counting', 'newline'])
    .default('octet-counting')
    .describe('How messages are framed over TCP and TLS (RFC 6587).'),
  format: z.enum(['json', 'cef', 'leef']).default('json').describe('Body: JSON, ArcSight CEF or IBM LEEF.'),
  facility: z.number().int().min(0).max(23).default(13).describe('Facility; 13 is "log audit".'),
  ca: pemText
    .nullable()
    .default(null)
    .describe('Further certificate authority to trust: path of a PEM file, or PEM text.'),
  allowPrivate: z
    .boolean()
    .default(true)
    .describe('Whether the server may have a loopback or private address.'),
});

type SyslogConfig = z.infer<typeof config>;

/** Syslog over TLS, TCP or UDP. Over UDP nothing tells whether a message arrived: "sent" means that it left. */
export const syslog = channelKind({
  takes: 'stream',
  eventsPerMessage: 500,
  config,
  example: { type: 'syslog', host: 'siem.example.com', format: 'cef' },
  create: createSyslog,
});

function createSyslog(options: SyslogConfig): Channel {
  return {
    async send(message, signal): Promise<SendResult> {
      const lines = eventsOf(message).map((event) => syslogLine(event, options.format, options.facility));
      try {
        const address = await resolve(options);
        const whole = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
        if (options.transport === 'udp') await sendDatagrams(lines, address, options.port);
        else await sendStream(frames(lines, options.framing), address, options, whole);
        return done(`${lines.length} messages`);
      } catch (error) {
        const detail = sayable(error instanceof Error ? error.message : String(error), []);
        return { ok: false, permanent: false, retryAfterMs: null, detail };
      }
    },
    async close() {},
  };
}

async function resolve({ host, allowPrivate }: SyslogConfig): Promise<string> {
  const blocked = addressGuard({ allowPrivate, allow: [] });
  const addresses = isIP(host) ? [host] : (await lookup(host, { all: true })).map(({ address }) => address);
  const open = addresses.find((address) => blocked(address) === null);
  if (open === undefined)
    throw new Error(`receiver refused: ${addresses.map(blocked).join(', ') || 'no address'}`);
  return open;
}

function frames(lines: readonly string[], framing: SyslogConfig['framing']): string {
  return lines
    .map((line) => (framing === 'newline' ? `${line}\n` : `${Buffer.byteLength(line)} ${line}`))
    .join('');
}

async function sendStream(
  text: string,
  address: string,
  options: SyslogConfig,
  signal: AbortSignal,
): Promise<void> {
  const socket = open(address, options);
  const stop = (): void => void socket.destroy(new Error('no connection, or not written, in time'));
  signal.addEventListener('abort', stop, { once: true });
  try {
    await once(socket, options.transport === 'tls' ? 'secureConnect' : 'connect');
    // What is in the kernel's buffer when the server is gone would be lost in silence: its own end tells that it read everything.
    socket.end(text);
    socket.resume();
    await once(socket, 'close');
    if (socket.errored) throw socket.errored;
  } finally {
    signal.removeEventListener('abort', stop);
    socket.destroy();
  }
}

function open(address: string, { transport, host, port, ca }: SyslogConfig): Socket {
  if (transport === 'tcp') return connectTcp({ host: address, port });
  const trust = ca === null ? {} : { ca: [...rootCertificates, ca] };
  return connectTls({ host: address, port, servername: isIP(host) ? '' : host, ...trust });
}

async function sendDatagrams(lines: readonly string[], address: string, port: number): Promise<void> {
  const socket = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4');
  try {
    for (const line of lines) {
      const bytes = Buffer.from(line).subarray(0, maxDatagram);
      await new Promise<void>((sent, failed) =>
        socket.send(bytes, port, address, (error) => (error === null ? sent() : failed(error))),
      );
    }
  } finally {
    socket.close();
  }
}
