/** Certificates of a Java key store. They stand in it in the clear; private keys are passed over unread. */
export interface JavaKeyStore {
  readonly kind: 'JKS' | 'JCEKS' | 'BKS';
  readonly certificates: readonly { readonly alias: string; readonly der: Uint8Array }[];
  /** Why the store could not be read to its end, one clause; null when it was. */
  readonly unread: string | null;
}

const magics: Readonly<Record<number, 'JKS' | 'JCEKS'>> = { 0xfeedfeed: 'JKS', 0xcececece: 'JCEKS' };

/**
 * Reads JKS and JCEKS (the format that sun.security.provider.JavaKeyStore writes: big-endian counts before everything) and Bouncy
 * Castle's BKS. null when `bytes` are none of them.
 */
export function readJavaKeyStore(bytes: Uint8Array): JavaKeyStore | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (buffer.length < 12) return null;
  const kind = magics[buffer.readUInt32BE(0)];
  if (kind !== undefined) return gather(kind, buffer, 4, sunEntries);
  const isBouncy = [1, 2].includes(buffer.readUInt32BE(0)) && buffer.readUInt32BE(4) === 20;
  return isBouncy ? gather('BKS', buffer, 4, bouncyEntries) : null;
}

type Found = JavaKeyStore['certificates'][number];

function gather(
  kind: JavaKeyStore['kind'],
  buffer: Buffer,
  start: number,
  entries: (reader: Reader) => Generator<Found, void, undefined>,
): JavaKeyStore {
  const certificates: Found[] = [];
  try {
    for (const entry of entries(new Reader(buffer, start))) certificates.push(entry);
    return { kind, certificates, unread: null };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { kind, certificates, unread: `this ${kind} key store ${error.message}` };
  }
}

class StoreError extends Error {}

/** version, count, then per entry: tag, alias, date and, for keys (1), the key and its chain; for certificates (2) one. */
function* sunEntries(reader: Reader): Generator<Found, void, undefined> {
  const version = reader.number();
  const count = reader.number();
  for (let n = 0; n < count; n += 1) {
    const tag = reader.number();
    const alias = reader.text();
    reader.skip(8);
    if (tag === 3) throw new StoreError('holds a secret key; what follows it was not read');
    if (tag !== 1 && tag !== 2) throw new StoreError('has an entry of an unknown kind');
    if (tag === 1) reader.skip(reader.number());
    yield* reader.certificates(alias, tag === 1 ? reader.number() : 1, version >= 2);
  }
}

/** salt, rounds, then entries until a zero: tag, alias, date, chain and, by tag, a certificate (1), a key (2) or sealed bytes. */
function* bouncyEntries(reader: Reader): Generator<Found, void, undefined> {
  reader.skip(reader.number() + 4);
  for (let tag = reader.octet(); tag !== 0; tag = reader.octet()) {
    const alias = reader.text();
    reader.skip(8);
    yield* reader.certificates(alias, reader.number(), true);
    if (tag === 1) yield* reader.certificates(alias, 1, true);
    else if (tag === 2) {
      reader.skip(1);
      reader.text();
      reader.text();
      reader.skip(reader.number());
    } else if (tag === 3 || tag === 4) reader.skip(reader.number());
    else throw new StoreError('has an entry of an unknown kind');
  }
}

/** Far above any chain. */
const maxChain = 1_000;

class Reader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new StoreError('is cut off');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  octet(): number {
    return this.#take(1).readUInt8();
  }
  number(): number {
    return this.#take(4).readUInt32BE();
  }
  text(): string {
    return this.#take(this.#take(2).readUInt16BE()).toString();
  }
  skip(length: number): void {
    this.#take(length);
  }

  *certificates(alias: string, count: number, isTyped: boolean): Generator<Found, void, undefined> {
    if (count > maxChain) throw new StoreError('has a chain without an end');
    for (let n = 0; n < count; n += 1) {
      const type = isTyped ? this.text() : 'X.509';
      const der = this.#take(this.number());
      if (type === 'X.509' || type === 'X509') yield { alias, der };
    }
  }
}
