import { randomBytes } from 'node:crypto';
import { answer, big, drip, flood, hello, leaf, many, type HostileServer } from './hostile-moves.js';
import { brokenStructures } from './hostile-structures.js';
import { reset } from './tls-servers.js';
import { alert, certificateMessage, flight, message, records, serverHello, vector24 } from './tls-records.js';

/** An endless sequence of 0x30 0x80 (RFC 5280's SEQUENCE, of indefinite length), one in another. */
const nested = Buffer.from(Array.from({ length: 400_000 }, (_, index) => (index % 2 === 0 ? 0x30 : 0x80)));

/** The good answer in records of 40 bytes, with a warning after each. */
const interrupted = (): Buffer => {
  const messages = Buffer.concat([serverHello(), certificateMessage(leaf)]);
  const parts: Buffer[] = [];
  for (let at = 0; at < messages.length; at += 40)
    parts.push(records(22, messages.subarray(at, at + 40)), alert(112, 1));
  return Buffer.concat(parts);
};

/** Sixty and more ways to misbehave. The outcomes hold for the fast and for the full probe. */
export const hostileServers: readonly HostileServer[] = [
  // Nothing, or too slowly.
  { name: 'accepts and says nothing', outcome: 'silent', waits: true, serve: () => undefined },
  {
    name: 'stops reading at once (zero window)',
    outcome: 'silent',
    waits: true,
    serve: (socket) => socket.pause(),
  },
  { name: 'drips a good answer byte by byte', outcome: 'silent', waits: true, serve: drip(flight(leaf)) },
  {
    name: 'drips plain text byte by byte',
    outcome: 'not-tls',

    serve: drip(Buffer.alloc(9999, 'x')),
  },
  { name: 'sends a ServerHello and no more', outcome: 'silent', waits: true, serve: answer(hello, true) },
  {
    name: 'sends its certificate and no more',
    outcome: 'ok',
    certificates: 1,
    waits: true,
    serve: answer(records(22, Buffer.concat([serverHello(), certificateMessage(leaf)])), true),
  },
  {
    name: 'announces a 16 MB certificate and drips it',
    outcome: 'silent',
    outcomeInFull: 'too-large',
    waits: true,
    serve: answer(Buffer.concat([hello, records(22, Buffer.from([11, 255, 255, 255, 0, 0]))]), true),
  },
  // Ends of the connection.
  { name: 'resets at once', outcome: 'reset', serve: (socket) => reset(socket) },
  {
    name: 'resets after the hello',
    outcome: 'reset',
    serve: (socket) => socket.once('data', () => reset(socket)),
  },
  {
    name: 'resets amid the certificate',
    outcome: 'reset',
    // Later than the bytes: a reset that comes together with data looks like an orderly end to libuv.
    serve: (socket) =>
      socket.once('data', () =>
        socket.write(flight(leaf).subarray(0, 200), () => setTimeout(reset, 300, socket)),
      ),
  },
  { name: 'closes at once', outcome: 'closed', serve: (socket) => socket.end() },
  { name: 'closes after the hello', outcome: 'closed', serve: answer(Buffer.alloc(0)) },
  {
    name: 'closes amid the certificate',
    outcome: 'closed',
    detail: 'after 200 bytes',
    serve: answer(flight(leaf).subarray(0, 200)),
  },
  { name: 'says close_notify', outcome: 'closed', detail: 'close_notify', serve: answer(alert(0, 1)) },
  // Alerts.
  ...(
    [
      [40, 'handshake_failure'],
      [47, 'illegal_parameter'],
      [49, 'access_denied'],
      [50, 'decode_error'],
      [70, 'protocol_version'],
      [71, 'insufficient_security'],
      [80, 'internal_error'],
      [86, 'inappropriate_fallback'],
      [112, 'unrecognized_name'],
      [116, 'certificate_required'],
      [120, 'no_application_protocol'],
      [255, 'alert_255'],
    ] as const
  ).map(([description, name]): HostileServer => ({
    name: `refuses by the alert ${name}`,
    outcome: 'alert',
    detail: name,
    serve: answer(alert(description)),
  })),
  { name: 'warns and closes', outcome: 'alert', detail: 'unrecognized_name', serve: answer(alert(112, 1)) },
  {
    name: 'warns and goes on',
    outcome: 'ok',
    certificates: 1,
    serve: answer(Buffer.concat([alert(112, 1), flight(leaf)]), true),
  },
  { name: 'sends an alert of one byte', outcome: 'protocol-error', serve: answer(records(21, Buffer.of(2))) },
  // Not TLS.
  {
    name: 'answers in plain HTTP',
    outcome: 'plain-http',
    serve: answer(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')),
  },
  {
    name: 'answers in HTML',
    outcome: 'plain-http',
    serve: answer(Buffer.from('<html>The plain HTTP request')),
  },
  {
    name: 'greets as SSH',
    outcome: 'not-tls',
    detail: 'SSH-2.0',
    serve: (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'),
  },
  {
    name: 'greets as SMTP',
    outcome: 'not-tls',
    detail: '220',
    serve: (socket) => socket.write('220 mail ESMTP\r\n'),
  },
  {
    name: 'answers in SSL 2',
    outcome: 'not-tls',
    serve: answer(Buffer.from([0x80, 0x0b, 4, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0])),
  },
  {
    name: 'answers with noise',
    outcome: 'not-tls',
    serve: (socket) => socket.end(Buffer.concat([Buffer.of(0xc3), randomBytes(4096)])),
  },
  { name: 'sends two bytes and closes', outcome: 'not-tls', serve: answer(Buffer.from('hi')) },
  // Without end.
  {
    name: 'asks for another hello without end',
    outcome: 'too-large',
    serve: flood(hello, many(records(22, message(0, Buffer.alloc(0))), 1000)),
  },
  {
    name: 'sends empty records without end',
    outcome: 'too-large',
    serve: flood(hello, many(records(22, Buffer.alloc(0)), 1000)),
  },
  { name: 'warns without end', outcome: 'too-large', serve: flood(hello, many(alert(112, 1), 1000)) },
  {
    name: 'sends tickets without end',
    outcome: 'protocol-error',
    serve: flood(hello, many(records(22, message(4, Buffer.alloc(50))), 100)),
  },
  {
    name: 'sends one endless message',
    outcome: 'too-large',
    serve: flood(
      Buffer.concat([hello, records(22, Buffer.from([12, 255, 255, 255]))]),
      records(22, Buffer.alloc(16_000)),
    ),
  },
  {
    name: 'asks for a hello without end before it says anything',
    outcome: 'too-large',
    serve: flood(Buffer.alloc(0), many(records(22, message(0, Buffer.alloc(0))), 1000)),
  },
  {
    name: 'updates its keys without end',
    outcome: 'protocol-error',
    serve: flood(hello, many(records(22, message(24, Buffer.of(1))), 1000)),
  },
  {
    name: 'changes the cipher without end',
    outcome: 'protocol-error',
    serve: flood(Buffer.alloc(0), many(records(20, Buffer.of(1)), 1000)),
  },
  {
    name: 'refuses by an alert and goes on without end',
    outcome: 'alert',
    detail: 'handshake_failure',
    serve: flood(alert(40), Buffer.alloc(65_536, 0x41)),
  },
  {
    name: 'sends zeros without end',
    outcome: 'not-tls',
    serve: flood(Buffer.alloc(0), Buffer.alloc(65_536)),
  },
  // Sizes.
  {
    name: 'announces a record of 65,535 bytes',
    outcome: 'protocol-error',
    serve: answer(Buffer.from([22, 3, 3, 255, 255, 2]), true),
  },
  {
    name: 'sends a certificate of 300,000 bytes',
    outcome: 'ok',
    certificates: 1,
    serve: answer(flight(big(300_000)), true),
  },
  {
    name: 'sends a certificate of 1,000,000 bytes',
    outcome: 'ok',
    certificates: 1,
    serve: answer(flight(big(1_000_000)), true),
  },
  {
    name: 'sends a certificate message of 3 MB',
    outcome: 'too-large',
    certificates: 1,
    serve: answer(flight(leaf, big(3_000_000)), true),
  },
  {
    name: 'sends 200 certificates',
    outcome: 'ok',
    certificates: 100,
    serve: answer(flight(...Array.from({ length: 200 }, () => leaf)), true),
  },
  {
    name: 'sends 64 KB of ServerHello extensions',
    outcome: 'ok',
    certificates: 1,
    serve: answer(
      records(
        22,
        Buffer.concat([
          serverHello({
            extensions: Buffer.concat([Buffer.from([0, 16, 0xff, 0xf0]), Buffer.alloc(0xfff0)]),
          }),
          certificateMessage(leaf),
        ]),
      ),
      true,
    ),
  },
  {
    name: 'sends every byte in a record of its own',
    outcome: 'ok',
    certificates: 1,
    serve: answer(records(22, Buffer.concat([serverHello(), certificateMessage(leaf)]), 1), true),
  },
  {
    name: 'sends 333,334 certificates of no bytes',
    outcome: 'ok',
    certificates: 100,
    serve: answer(Buffer.concat([hello, records(22, message(11, vector24(Buffer.alloc(1_000_002))))]), true),
  },
  {
    name: 'sends a certificate of 200,000 nested sequences without end',
    outcome: 'ok',
    certificates: 1,
    serve: answer(flight(nested), true),
  },
  { name: 'warns between fragments', outcome: 'ok', certificates: 1, serve: answer(interrupted(), true) },
  ...brokenStructures,
];
