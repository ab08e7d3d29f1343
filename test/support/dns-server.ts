import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import ipaddr from 'ipaddr.js';

/** A name server on loopback that knows just what it is told (RFC 1035); every other name does not exist. */
export interface DnsServer {
  /** `127.0.0.1:port`, as name servers are configured. */
  readonly address: string;
  /** Name to its addresses; may be changed at any time. */
  readonly names: Map<string, readonly string[]>;
  close(): Promise<void>;
}

const typeA = 1;
const typeAaaa = 28;

/** Starts a name server that answers for these names. */
export async function startDnsServer(names: Readonly<Record<string, readonly string[]>>): Promise<DnsServer> {
  const table = new Map(Object.entries(names));
  const socket = createSocket('udp4');
  socket.on('message', (query, peer) => {
    const answer = answerTo(query, table);
    socket.send(answer, peer.port, peer.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    names: table,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function answerTo(query: Buffer, table: ReadonlyMap<string, readonly string[]>): Buffer {
  const labels: string[] = [];
  let offset = 12;
  for (let length = query[offset]!; length > 0; length = query[offset]!) {
    labels.push(query.toString('latin1', offset + 1, offset + 1 + length));
    offset += length + 1;
  }
  const type = query.readUInt16BE(offset + 1);
  const question = query.subarray(12, offset + 5);
  const addresses = table.get(labels.join('.').toLowerCase());
  const records = (addresses ?? []).flatMap((text) => {
    const bytes = ipaddr.parse(text).toByteArray();
    return bytes.length === (type === typeA ? 4 : type === typeAaaa ? 16 : 0) ? [record(type, bytes)] : [];
  });
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(addresses === undefined ? 0x8583 : 0x8580, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, question, ...records]);
}

function record(type: number, bytes: readonly number[]): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(bytes.length, 10);
  return Buffer.concat([head, Buffer.from(bytes)]);
}
