import type { Socket } from 'node:net';
import { ByteReader } from '../../scanners/tls/wire/byte-reader.js';
import { alert, certificateMessage, message, records, serverHello } from './tls-records.js';
import { rawServer, type TestServer } from './tls-servers.js';

/** What a scripted server accepts; it answers hellos of SSL 3 to TLS 1.3 and never goes on. */
export interface Picks {
  /** Accepted suites by wire version (0x0304 for TLS 1.3), in the order of preference. */
  readonly suites: Readonly<Record<number, readonly number[]>>;
  /** Follow the order of the client. */
  readonly clientOrder?: boolean;
  /** Accepted groups. */
  readonly groups?: readonly number[];
  /** DER by kind of key; ECDSA suites need the second. */
  readonly rsa?: Uint8Array;
  readonly ecdsa?: Uint8Array;
  /** Certificates by server name; `` for none. */
  readonly byName?: Readonly<Record<string, Uint8Array>>;
  /** Accept compression. */
  readonly compresses?: boolean;
  /** Extensions of every ServerHello to TLS 1.2 that answers a hello with extensions, or the SCSV that stands for one. */
  readonly extensions?: Uint8Array | undefined;
  /** Bodies of further messages of the flight. */
  readonly certificateRequest?: Uint8Array;
  /** Octets of the Diffie-Hellman prime. */
  readonly prime?: Uint8Array;
  /** Answer SSL 2 hellos with this. */
  readonly ssl2?: Uint8Array;
}

/** A server that picks as told: for protocols that no library speaks any more. */
export function pickyServer(picks: Picks): Promise<TestServer> {
  return rawServer((socket) => socket.once('data', (hello: Buffer) => answer(socket, hello, picks)));
}

function answer(socket: Socket, bytes: Buffer, picks: Picks): void {
  if (((bytes[0] ?? 0) & 0x80) !== 0) return void socket.end(picks.ssl2 ?? Buffer.alloc(0));
  const reader = new ByteReader(bytes.subarray(9));
  const legacy = reader.uint(2);
  reader.bytes(32);
  reader.vector(1);
  const offered = list16(reader.vector(2));
  const compressed = reader.vector(1).includes(1);
  const extensions = new Map<number, Buffer>();
  const rest = new ByteReader(reader.left > 0 ? reader.vector(2) : Buffer.alloc(0));
  while (rest.left > 0) extensions.set(rest.uint(2), rest.vector(2));
  const isTls13 =
    extensions.get(43)?.includes(Buffer.of(3, 4)) === true && picks.suites[0x0304] !== undefined;
  const version = isTls13 ? 0x0304 : legacy;
  const accepted = picks.suites[version] ?? [];
  const [first, second] = picks.clientOrder === true ? [offered, accepted] : [accepted, offered];
  const suite = first.find((one) => second.includes(one));
  if (suite === undefined) return void socket.end(alert(picks.suites[version] === undefined ? 70 : 40));
  const groups = list16(extensions.get(10)?.subarray(2) ?? Buffer.alloc(0));
  const group = (picks.groups ?? [23]).find((one) => groups.includes(one));
  if (isTls13) return void socket.end(group === undefined ? alert(40) : retry(suite, group));
  const mayExtend = extensions.size > 0 || offered.includes(0x00ff);
  const answered = mayExtend ? picks : { ...picks, extensions: undefined };
  socket.end(flight(answered, legacy, suite, group, compressed, serverNameOf(extensions)));
}

function list16(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length >> 1 }, (_, index) => bytes.readUInt16BE(index * 2));
}

function serverNameOf(extensions: ReadonlyMap<number, Buffer>): string {
  return extensions.get(0)?.toString('latin1', 5) ?? '';
}

/** HelloRetryRequest: supported_versions and key_share naming the group. */
function retry(suite: number, group: number): Buffer {
  const extensions = Buffer.from([0, 43, 0, 2, 3, 4, 0, 51, 0, 2, group >> 8, group & 255]);
  return records(22, serverHello({ cipherSuite: suite, extensions }));
}

function flight(
  picks: Picks,
  version: number,
  suite: number,
  group: number | undefined,
  compressed: boolean,
  name: string,
): Buffer {
  const hello = serverHello({
    version,
    cipherSuite: suite,
    ...(picks.extensions === undefined ? {} : { extensions: picks.extensions }),
  });
  // compression_method stands after 4 + 2 + 32 + 1 + 2 octets.
  if (compressed && picks.compresses === true) hello[41] = 1;
  const isEcdsa = [0xc02b, 0xc009, 0xc00a, 0xc02c].includes(suite);
  const certificate = picks.byName?.[name] ?? (isEcdsa ? picks.ecdsa : picks.rsa);
  const isEcdhe = suite >> 8 === 0xc0 || suite >> 8 === 0xcc;
  const exchange =
    isEcdhe && group !== undefined
      ? [message(12, Buffer.from([3, group >> 8, group & 255, 1, 4]))]
      : picks.prime !== undefined && !isEcdhe
        ? [
            message(
              12,
              Buffer.concat([
                Buffer.from([picks.prime.length >> 8, picks.prime.length & 255]),
                picks.prime,
                Buffer.of(0, 1, 2, 0, 1, 9),
              ]),
            ),
          ]
        : [];
  if (isEcdhe && group === undefined) return alert(40);
  const messages = [
    hello,
    ...(certificate === undefined ? [] : [certificateMessage(certificate)]),
    ...exchange,
    ...(picks.certificateRequest === undefined ? [] : [message(13, picks.certificateRequest)]),
    message(14, Buffer.alloc(0)),
  ];
  return records(22, Buffer.concat(messages), 16_384, version);
}
