import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import ipaddr from 'ipaddr.js';

/** Records of a test zone by lower-case name; names that are absent do not exist. A name server that drops a question never answers it. */
export type Zone = Readonly<
  Record<
    string,
    {
      readonly a?: readonly string[];
      readonly aaaa?: readonly string[];
      readonly mx?: readonly string[];
      readonly srv?: readonly (readonly [host: string, port: number])[];
      /** Never answer, or not for this type. */
      readonly drop?: true | keyof typeof types;
    }
  >
>;

const types = { a: 1, mx: 15, aaaa: 28, srv: 33 } as const;

/** A name server on loopback (RFC 1035, UDP only). */
export async function dnsServer(
  zone: Zone,
): Promise<{ readonly address: string; questions(): number; close(): Promise<void> }> {
  const socket = createSocket('udp4');
  let asked = 0;
  socket.on('message', (query, from) => {
    asked += 1;
    const answer = respond(zone, query);
    if (answer !== null) socket.send(answer, from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    questions: () => asked,
    async close() {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}

function respond(zone: Zone, query: Buffer): Buffer | null {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const question = query.subarray(12, at + 5);
  const type = query.readUInt16BE(at + 1);
  const entry = zone[labels.join('.').toLowerCase()];
  if (entry?.drop === true || (entry?.drop !== undefined && types[entry.drop] === type)) return null;
  const data =
    type === types.a || type === types.aaaa
      ? ((type === types.a ? entry?.a : entry?.aaaa) ?? []).map((text) =>
          Buffer.from(ipaddr.parse(text).toByteArray()),
        )
      : type === types.mx
        ? (entry?.mx ?? []).map((host) => Buffer.concat([Buffer.from([0, 10]), encodeName(host)]))
        : (entry?.srv ?? []).map(([host, port]) =>
            Buffer.concat([Buffer.from([0, 1, 0, 1, port >> 8, port & 255]), encodeName(host)]),
          );
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(0x8180 | (entry === undefined ? 3 : 0), 2);
  header.writeUInt16BE(data.length, 6);
  header.writeUInt32BE(0, 8);
  const answers = data.map((body) =>
    Buffer.concat([
      Buffer.from([0xc0, 12, type >> 8, type & 255, 0, 1, 0, 0, 0, 60, body.length >> 8, body.length & 255]),
      body,
    ]),
  );
  return Buffer.concat([header, question, ...answers]);
}

function encodeName(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  return Buffer.concat([
    ...labels.map((label) => Buffer.concat([Buffer.of(label.length), Buffer.from(label)])),
    Buffer.of(0),
  ]);
}
