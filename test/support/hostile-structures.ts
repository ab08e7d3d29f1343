import { answer, hello, leaf, type HostileServer } from './hostile-moves.js';
import { certificateMessage, flight, message, records, serverHello, vector24 } from './tls-records.js';

/** Answers whose parts do not fit together. */
export const brokenStructures: readonly HostileServer[] = [
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
    name: 'sends extensions that are longer than their message',
    outcome: 'protocol-error',
    serve: answer(
      records(
        22,
        message(
          2,
          Buffer.concat([Buffer.of(3, 3), Buffer.alloc(32), Buffer.of(0, 0xc0, 0x2f, 0, 255, 255, 0, 1)]),
        ),
      ),
      true,
    ),
  },
  {
    name: 'sends a stapled response before its certificate',
    outcome: 'protocol-error',
    detail: 'CertificateStatus instead of Certificate',
    serve: answer(
      records(
        22,
        Buffer.concat([serverHello(), message(22, Buffer.alloc(200_000)), certificateMessage(leaf)]),
      ),
      true,
    ),
  },
  { name: 'echoes', outcome: 'protocol-error', serve: (socket) => socket.pipe(socket) },
  {
    name: 'speaks HTTP/2 at once',
    outcome: 'not-tls',
    serve: (socket) => socket.write(Buffer.from('000006040000000000000400100000', 'hex')),
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
