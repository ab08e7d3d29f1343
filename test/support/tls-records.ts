/** Builds what a TLS server sends, well-formed or not (RFC 5246 sections 6.2.1 and 7.4). */

/** TLS records holding `body`, each at most `size` bytes. */
export function records(type: number, body: Uint8Array, size = 16_384, version = 0x0303): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at === 0 || at < body.length; at += size) {
    const fragment = body.subarray(at, at + size);
    parts.push(Buffer.from([type, version >> 8, version & 255, fragment.length >> 8, fragment.length & 255]));
    parts.push(Buffer.from(fragment));
  }
  return Buffer.concat(parts);
}

/** One handshake message. */
export function message(type: number, body: Uint8Array): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt8(type, 0);
  header.writeUIntBE(body.length, 1, 3);
  return Buffer.concat([header, body]);
}

/** opaque<0..2^24-1>. */
export function vector24(body: Uint8Array): Buffer {
  const header = Buffer.alloc(3);
  header.writeUIntBE(body.length, 0, 3);
  return Buffer.concat([header, body]);
}

/** A ServerHello message. */
export function serverHello(
  options: { version?: number; cipherSuite?: number; extensions?: Uint8Array } = {},
): Buffer {
  const { version = 0x0303, cipherSuite = 0xc02f, extensions } = options;
  const list =
    extensions === undefined
      ? []
      : [Buffer.from([extensions.length >> 8, extensions.length & 255]), extensions];
  return message(
    2,
    Buffer.concat([
      Buffer.from([version >> 8, version & 255]),
      Buffer.alloc(32, 7),
      Buffer.from([0, cipherSuite >> 8, cipherSuite & 255, 0]),
      ...list,
    ]),
  );
}

/** A Certificate message with these entries, leaf first. */
export function certificateMessage(...certificates: readonly Uint8Array[]): Buffer {
  return message(11, vector24(Buffer.concat(certificates.map(vector24))));
}

/** ServerHello and Certificate in handshake records. */
export function flight(...certificates: readonly Uint8Array[]): Buffer {
  return records(22, Buffer.concat([serverHello(), certificateMessage(...certificates)]));
}

/** An alert record: level 1 is a warning, 2 fatal. */
export function alert(description: number, level = 2): Buffer {
  return records(21, Buffer.from([level, description]));
}
