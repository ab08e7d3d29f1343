import { randomFillSync } from 'node:crypto';

/** Protocol versions as on the wire. */
export const versions = {
  SSLv3: 0x0300,
  TLSv1: 0x0301,
  'TLSv1.1': 0x0302,
  'TLSv1.2': 0x0303,
  'TLSv1.3': 0x0304,
} as const;

const versionNames: ReadonlyMap<number, string> = new Map(
  Object.entries(versions).map(([name, value]) => [value, name]),
);

/** Name of a wire version (`TLSv1.2`), or undefined for one that is not TLS. */
export function versionName(version: number): string | undefined {
  return versionNames.get(version);
}

/** What a hand-built ClientHello offers. */
export interface Hello {
  /** legacy_version of the message. */
  readonly version: number;
  readonly cipherSuites: readonly number[];
  readonly extensions: readonly Extension[];
  /** Compression methods; default none (0). */
  readonly compression?: readonly number[];
  /** Version on the record; default TLS 1.0, as RFC 8446 section 5.1 permits and old servers want. */
  readonly recordVersion?: number;
  /** 32 octets; default random. */
  readonly random?: Uint8Array;
  readonly sessionId?: Uint8Array;
  /** Exactly these extensions, for fingerprints: no padding. */
  readonly isExact?: boolean;
}

/** One extension: type and contents. */
export type Extension = readonly [type: number, body: Uint8Array];

/**
 * One record holding the message:
 *
 *     struct { ProtocolVersion legacy_version; Random random; opaque legacy_session_id<0..32>;
 *              CipherSuite cipher_suites<2..2^16-2>; opaque legacy_compression_methods<1..2^8-1>;
 *              Extension extensions<8..2^16-1>; } ClientHello;            RFC 8446 section 4.1.2
 *
 * Without extensions the last field is left out, as in SSL 3. A message of 256 to 511 octets, after which some machines wait
 * for ever, is padded to 512 (RFC 7685).
 */
export function clientHello(hello: Hello): Buffer {
  const { sessionId = new Uint8Array(0), compression = [0], recordVersion = versions.TLSv1 } = hello;
  const head = Buffer.concat([
    uint16(hello.version),
    hello.random ?? nextRandom(),
    vector8(sessionId),
    vector16(uint16List(hello.cipherSuites)),
    vector8(Uint8Array.from(compression)),
  ]);
  const offered = Buffer.concat(hello.extensions.flatMap(([type, body]) => [uint16(type), vector16(body)]));
  const size = 4 + head.length + 2 + offered.length;
  const padding = hello.isExact === true || offered.length === 0 ? null : paddingFor(size);
  const extensions = padding === null ? offered : Buffer.concat([offered, padding]);
  const message = Buffer.concat([head, ...(extensions.length > 0 ? [vector16(extensions)] : [])]);
  const header = Buffer.from([22, 0, 0, 0, 0, 1, 0, 0, 0]);
  header.writeUInt16BE(recordVersion, 1);
  header.writeUInt16BE(message.length + 4, 3);
  header.writeUIntBE(message.length, 6, 3);
  return Buffer.concat([header, message]);
}

/** The extension padding for a message of `size` octets; null where none is needed. Never empty: some servers choke on an empty last one. */
function paddingFor(size: number): Buffer | null {
  if (size < 256 || size > 511) return null;
  return Buffer.concat([uint16(21), vector16(Buffer.alloc(Math.max(1, 512 - size - 4)))]);
}

/** Where `random` stands in the bytes of {@link clientHello}. */
const randomAt = 5 + 4 + 2;

/**
 * Makes hellos that differ in random, server name and padding only, at a tenth of the price of {@link clientHello}: the
 * extension server_name (RFC 6066 section 3) is put before the others, and the three lengths around it grow.
 */
export function helloTemplate(hello: Hello): (serverName: string | null) => Buffer {
  const bytes = clientHello({ ...hello, isExact: true });
  const listSize = hello.extensions.reduce((size, [, body]) => size + 4 + body.length, 0);
  const listAt = bytes.length - listSize;
  return (serverName) => {
    const size = serverName === null ? 0 : 9 + serverName.length;
    const padding = paddingFor(bytes.length - 5 + size);
    const copy = Buffer.allocUnsafe(bytes.length + size + (padding?.length ?? 0));
    bytes.copy(copy, 0, 0, listAt);
    bytes.copy(copy, listAt + size, listAt);
    padding?.copy(copy, bytes.length + size);
    copy.set(nextRandom(), randomAt);
    copy.writeUInt16BE(copy.length - 5, 3);
    copy.writeUIntBE(copy.length - 9, 6, 3);
    copy.writeUInt16BE(copy.length - listAt, listAt - 2);
    if (serverName !== null) writeServerName(copy, listAt, serverName);
    return copy;
  };
}

function writeServerName(bytes: Buffer, at: number, name: string): void {
  bytes.writeUInt16BE(0, at);
  bytes.writeUInt16BE(name.length + 5, at + 2);
  bytes.writeUInt16BE(name.length + 3, at + 4);
  bytes.writeUInt8(0, at + 6); // host_name
  bytes.writeUInt16BE(name.length, at + 7);
  bytes.write(name, at + 9, 'latin1');
}

const randomPool = new Uint8Array(8192);
let randomUsed = randomPool.length;

/** 32 random octets, drawn in advance: asking the system for each hello takes longer than building it. */
function nextRandom(): Uint8Array {
  if (randomUsed === randomPool.length) {
    randomFillSync(randomPool);
    randomUsed = 0;
  }
  randomUsed += 32;
  return randomPool.subarray(randomUsed - 32, randomUsed);
}

/** Extension builders, named as in the IANA registry. */
export const extensions = {
  /** RFC 6066 section 3; none for null. */
  serverName(name: string | null): Extension[] {
    if (name === null) return [];
    return [[0, vector16(Buffer.concat([Buffer.of(0), vector16(Buffer.from(name, 'latin1'))]))]];
  },
  /** RFC 6066 section 8: asks for a stapled OCSP response. */
  statusRequest: [5, Buffer.of(1, 0, 0, 0, 0)] as Extension,
  supportedGroups: (groups: readonly number[]): Extension => [10, vector16(uint16List(groups))],
  /** RFC 8422 section 5.1.2: uncompressed only. */
  ecPointFormats: [11, Buffer.of(1, 0)] as Extension,
  signatureAlgorithms: (schemes: readonly number[]): Extension => [13, vector16(uint16List(schemes))],
  /** RFC 7301; names in the order of preference. */
  alpn: (names: readonly string[]): Extension => [
    16,
    vector16(Buffer.concat(names.map((name) => vector8(Buffer.from(name, 'latin1'))))),
  ],
  /** RFC 6962 section 3.3.1: asks for SCTs. */
  signedCertificateTimestamp: [18, Buffer.alloc(0)] as Extension,
  extendedMasterSecret: [23, Buffer.alloc(0)] as Extension,
  sessionTicket: [35, Buffer.alloc(0)] as Extension,
  /** RFC 8446 section 4.2.1. */
  supportedVersions: (list: readonly number[]): Extension => [43, vector8(uint16List(list))],
  pskKeyExchangeModes: [45, Buffer.of(1, 1)] as Extension,
  /** RFC 8446 section 4.2.8; an empty list asks for a HelloRetryRequest. */
  keyShare: (shares: readonly (readonly [group: number, key: Uint8Array])[]): Extension => [
    51,
    vector16(Buffer.concat(shares.flatMap(([group, key]) => [uint16(group), vector16(key)]))),
  ],
  /** RFC 5746 section 3.2. */
  renegotiationInfo: [0xff01, Buffer.of(0)] as Extension,
} as const;

/** Two octets, big endian. */
export function uint16(value: number): Buffer {
  return Buffer.of(value >> 8, value & 255);
}

function uint16List(values: readonly number[]): Buffer {
  const list = Buffer.allocUnsafe(values.length * 2);
  for (const [index, value] of values.entries()) list.writeUInt16BE(value, index * 2);
  return list;
}

/** opaque<0..2^8-1>. */
export function vector8(body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(body.length), body]);
}

/** opaque<0..2^16-1>. */
export function vector16(body: Uint8Array): Buffer {
  return Buffer.concat([uint16(body.length), body]);
}
