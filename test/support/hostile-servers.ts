import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Outcome } from '../../src/model/observation.js';
import { issueFor } from './pki.js';
import { reset } from './tls-servers.js';
import { alert, certificateMessage, flight, message, records, serverHello, vector24 } from './tls-records.js';

/** One way to misbehave, and what a probe must say of it. */
export interface HostileServer {
  readonly name: string;
  readonly outcome: Outcome;
  /** What the full probe says, where OpenSSL gives up before us. */
  readonly outcomeInFull?: Outcome;
  /** Text the detail must contain. */
  readonly detail?: string;
  /** Number of certificates recorded; default 0. */
  readonly certificates?: number;
  /** The server never ends by itself: the probe may take its whole deadline. */
  readonly waits?: boolean;
  serve(socket: Socket): void;
}

/** A certificate that is served by those of the servers that serve one. */
export const servedCertificate = issueFor('hostile.example');
const leaf = servedCertificate.der;
const big = (size: number): Buffer => Buffer.concat([leaf, Buffer.alloc(size - leaf.length, 0x5a)]);

/** Answers the first bytes of the client with `bytes`; then ends, unless told to stay. */
function answer(bytes: Uint8Array, stay = false): (socket: Socket) => void {
  return (socket) =>
    socket.once('data', () => {
      if (stay) socket.write(bytes);
      else socket.end(bytes);
    });
}

/** Sends `bytes` one at a time. */
function drip(bytes: Uint8Array, everyMs = 20): (socket: Socket) => void {
  return (socket) => {
    let at = 0;
    const timer = setInterval(() => socket.write(bytes.subarray(at, (at += 1))), everyMs);
    socket.on('close', () => clearInterval(timer));
  };
}

/** Sends `first`, then `chunk` again and again as fast as it is taken. */
function flood(first: Uint8Array, chunk: Uint8Array): (socket: Socket) => void {
  return (socket) =>
    socket.once('data', () => {
      const pump = (): void => {
        while (!socket.destroyed && socket.write(chunk));
      };
      socket.on('drain', pump);
      socket.write(first);
      pump();
    });
}

const many = (bytes: Uint8Array, times: number): Buffer =>
  Buffer.concat(Array.from({ length: times }, () => bytes));
const hello = records(22, serverHello());

/** Forty and more ways to misbehave. The outcomes hold for the fast and for the full probe. */
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
  // Broken structures.
  { name: 'sends an empty certificate list', outcome: 'no-certificate', serve: answer(flight(), true) },
  {
    name: 'sends a certificate of no bytes',
    outcome: 'ok',
    certificates: 1,
    serve: answer(flight(Buffer.alloc(0)), true),
  },
  {
    name: 'sends garbage as certificate',
    outcome: 'ok',
    certificates: 1,
    serve: answer(flight(Buffer.alloc(700, 0x41)), true),
  },
  {
    name: 'sends a list that is longer than its message',
    outcome: 'protocol-error',
    certificates: 1,
    serve: answer(
      records(
        22,
        Buffer.concat([
          serverHello(),
          message(11, Buffer.concat([Buffer.from([0, 255, 255]), vector24(leaf)])),
        ]),
      ),
      true,
    ),
  },
  {
    name: 'sends a certificate that is longer than its list',
    outcome: 'protocol-error',
    certificates: 1,
    serve: answer(
      records(
        22,
        Buffer.concat([
          serverHello(),
          message(11, vector24(Buffer.concat([Buffer.from([0, 255, 255]), leaf]))),
        ]),
      ),
      true,
    ),
  },
  {
    name: 'sends a certificate message of two bytes',
    outcome: 'protocol-error',
    serve: answer(records(22, Buffer.concat([serverHello(), message(11, Buffer.alloc(2))])), true),
  },
  {
    name: 'leaves the certificate out (anonymous)',
    outcome: 'no-certificate',
    serve: answer(
      records(
        22,
        Buffer.concat([
          serverHello({ cipherSuite: 0x0034 }),
          message(12, Buffer.alloc(60)),
          message(14, Buffer.alloc(0)),
        ]),
      ),
      true,
    ),
  },
  {
    name: 'cuts its ServerHello short',
    outcome: 'protocol-error',
    serve: answer(records(22, message(2, Buffer.alloc(20))), true),
  },
  {
    name: 'sends two ServerHellos',
    outcome: 'protocol-error',
    detail: 'ServerHello instead of',
    serve: answer(Buffer.concat([hello, hello]), true),
  },
  {
    name: 'sends the certificate first',
    outcome: 'protocol-error',
    detail: 'Certificate instead of',
    serve: answer(records(22, certificateMessage(leaf)), true),
  },
  {
    name: 'sends a compressed certificate unasked',
    outcome: 'protocol-error',
    serve: answer(Buffer.concat([hello, records(22, message(25, Buffer.alloc(100)))]), true),
  },
  {
    name: 'sends application data before the certificate',
    outcome: 'protocol-error',
    serve: answer(Buffer.concat([hello, records(23, Buffer.alloc(100))]), true),
  },
  {
    name: 'changes the cipher before the certificate',
    outcome: 'protocol-error',
    serve: answer(Buffer.concat([hello, records(20, Buffer.of(1))]), true),
  },
  {
    name: 'chooses a suite that does not exist',
    outcome: 'ok',
    certificates: 1,
    serve: answer(
      records(22, Buffer.concat([serverHello({ cipherSuite: 0xfafa }), certificateMessage(leaf)])),
      true,
    ),
  },
  {
    name: 'chooses a version that does not exist',
    outcome: 'ok',
    certificates: 1,
    serve: answer(
      records(22, Buffer.concat([serverHello({ version: 0x7f1c }), certificateMessage(leaf)])),
      true,
    ),
  },
];
