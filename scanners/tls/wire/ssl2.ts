import type { Target } from '../../../src/model/target.js';
import { ByteQueue } from './byte-queue.js';
import { uint16 } from './client-hello.js';
import { failure, withConnection, type Connection, type Route } from './connection.js';
import { startTls } from '../starttls/index.js';

/** Cipher kinds of the SSL 2.0 protocol specification (Hickman, 1995) by their three octets. */
const cipherKinds: Readonly<Record<number, string>> = {
  0x010080: 'SSL_CK_RC4_128_WITH_MD5',
  0x020080: 'SSL_CK_RC4_128_EXPORT40_WITH_MD5',
  0x030080: 'SSL_CK_RC2_128_CBC_WITH_MD5',
  0x040080: 'SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5',
  0x050080: 'SSL_CK_IDEA_128_CBC_WITH_MD5',
  0x060040: 'SSL_CK_DES_64_CBC_WITH_MD5',
  0x0700c0: 'SSL_CK_DES_192_EDE3_CBC_WITH_MD5',
  0x080080: 'SSL_CK_RC4_64_WITH_MD5',
};

/** CLIENT-HELLO: type 1, version 2, lengths of cipher specs, session id and challenge, then these. */
function clientHello(): Buffer {
  const kinds = Buffer.alloc(Object.keys(cipherKinds).length * 3);
  for (const [index, kind] of Object.keys(cipherKinds).entries())
    kinds.writeUIntBE(Number(kind), index * 3, 3);
  const body = Buffer.concat([
    Buffer.of(1, 0, 2),
    uint16(kinds.length),
    uint16(0),
    uint16(16),
    kinds,
    Buffer.alloc(16, 0x2a),
  ]);
  return Buffer.concat([uint16(0x8000 | body.length), body]);
}

/** Cipher kinds that a server offers in SSL 2; null when it does not speak it. Never rejects. */
export async function ssl2CipherKinds(target: Target, route: Route): Promise<readonly string[] | null> {
  let kinds: readonly string[] | null = null;
  const received = new ByteQueue();
  const talk = (connection: Connection): void => {
    connection.listen((chunk) => {
      received.push(chunk);
      const answer = readServerHello(received.peek(65_536));
      if (answer === 'more') return;
      kinds = answer;
      connection.finish(failure('closed', null));
    });
    connection.stream.write(clientHello());
  };
  await withConnection(route, {
    isRaw: target.starttls === null,
    begin: (connection) => startTls(target, connection, talk),
  });
  return kinds;
}

/**
 * SERVER-HELLO: two octets of length, type 4, session id hit, certificate type, version 2, lengths of certificate, cipher
 * specs and connection id, then these.
 */
function readServerHello(bytes: Buffer): readonly string[] | null | 'more' {
  if (bytes.length > 0 && ((bytes[0] ?? 0) & 0x80) === 0) return null;
  if (bytes.length < 13) return 'more';
  const size = bytes.readUInt16BE(0) & 0x7fff;
  if (bytes[2] !== 4 || bytes.readUInt16BE(5) !== 2 || size < 11) return null;
  if (bytes.length < 2 + size) return 'more';
  const kindsAt = 13 + bytes.readUInt16BE(7);
  const kindsEnd = Math.min(kindsAt + bytes.readUInt16BE(9), 2 + size);
  const kinds: string[] = [];
  for (let at = kindsAt; at + 3 <= kindsEnd; at += 3) {
    const kind = bytes.readUIntBE(at, 3);
    kinds.push(cipherKinds[kind] ?? `0x${kind.toString(16).padStart(6, '0')}`);
  }
  return kinds;
}
