import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import { encodeName } from '../../scanners/dns/message.js';

/** What a scripted name server says of a name and a type. */
export interface Said {
  /** Records as [type, data], of the name itself unless an owner is given. */
  readonly records?: readonly (readonly [type: number, data: Buffer, owner?: string])[];
  readonly rcode?: number;
  /** Set the AD flag. */
  readonly authenticated?: boolean;
  /** Over UDP say that the answer is cut short. */
  readonly truncated?: boolean;
  /** Never answer. */
  readonly silent?: boolean;
  /** Changes the finished answer. */
  readonly mangle?: (answer: Buffer) => Buffer;
}

/** Data of records. */
export const rdata = {
  address: (text: string): Buffer => Buffer.from(ipaddr.parse(text).toByteArray()),
  name: encodeName,
  caa: (tag: string, value: string, flags = 0): Buffer =>
    Buffer.concat([Buffer.from([flags, tag.length]), Buffer.from(tag + value)]),
} as const;

/** A name server on loopback, UDP and TCP. `say` returns null for a name that does not exist. */
export async function scriptedDns(say: (name: string, type: number) => Said | null) {
  const { udp, tcp } = await onePort();
  const asked: string[] = [];
  const answerTo = (question: Buffer, isUdp: boolean): Buffer | null => {
    const { name, end } = nameAt(question);
    const type = question.readUInt16BE(end);
    asked.push(`${name} ${type}`);
    const said = say(name, type) ?? { rcode: 3 };
    return said.silent === true ? null : answer(question.subarray(0, end + 4), said, isUdp);
  };
  udp.on('message', (question, from) => {
    const bytes = answerTo(question, true);
    if (bytes !== null) udp.send(bytes, from.port, from.address);
  });
  tcp.on('connection', (socket: Socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (bytes) => {
      const said = answerTo(bytes.subarray(2), false);
      if (said !== null)
        socket.end(Buffer.concat([Buffer.from([said.length >> 8, said.length & 255]), said]));
    });
  });
  return {
    address: `127.0.0.1:${(tcp.address() as AddressInfo).port}`,
    asked,
    async close() {
      tcp.close();
      const closed = once(udp, 'close');
      udp.close();
      await closed;
    },
  };
}

/** Sockets for both protocols on one port; a port that is free for one may be taken for the other. */
async function onePort(): Promise<{ readonly udp: UdpSocket; readonly tcp: Server }> {
  for (;;) {
    const tcp = createServer();
    await once(tcp.listen(0, '127.0.0.1'), 'listening');
    const udp = createSocket('udp4');
    udp.bind((tcp.address() as AddressInfo).port, '127.0.0.1');
    if (
      await once(udp, 'listening').then(
        () => true,
        () => false,
      )
    )
      return { udp, tcp };
    tcp.close();
    udp.close();
  }
}

function nameAt(question: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), end: at + 1 };
}

function answer(question: Buffer, said: Said, isUdp: boolean): Buffer {
  const {
    records = [],
    rcode = 0,
    authenticated = false,
    truncated = false,
    mangle = (bytes) => bytes,
  } = said;
  const isCut = truncated && isUdp;
  const header = Buffer.from(question.subarray(0, 12));
  header.writeUInt16BE(0x8180 | rcode | (authenticated ? 0x20 : 0) | (isCut ? 0x200 : 0), 2);
  header.writeUInt16BE(isCut ? 0 : records.length, 6);
  header.writeUInt32BE(0, 8);
  const body = (isCut ? [] : records).map(([type, data, owner]) =>
    Buffer.concat([
      owner === undefined ? Buffer.from([0xc0, 12]) : encodeName(owner),
      Buffer.from([type >> 8, type & 255, 0, 1, 0, 0, 0, 60, data.length >> 8, data.length & 255]),
      data,
    ]),
  );
  return mangle(Buffer.concat([header, question.subarray(12), ...body]));
}
