import { createHash } from 'node:crypto';
import type { Target } from '../../../src/model/target.js';
import { alertName } from '../wire/alerts.js';
import { ByteQueue } from '../wire/byte-queue.js';
import { ByteReader, ShortReadError } from '../wire/byte-reader.js';
import { cipherSuiteName } from '../wire/cipher-suites.js';
import { withConnection, type Connection, type ConnectionResult, type Route } from '../wire/connection.js';
import { groupName } from '../wire/groups.js';
import {
  FlightReader,
  maxCertificates,
  type ByteLimits,
  type Ending,
  type ServerHello,
} from '../wire/server-flight.js';
import { startTls } from '../starttls/index.js';
import { cookieType, sharedGroups, tls13Hellos, type Retry } from './tls13-hello.js';
import { keyShare, messageHash, recordOpener, type RecordOpener } from './tls13-keys.js';

/** What a server of TLS 1.3 says up to its certificate, and node:tls does not tell. */
export interface Tls13Look extends ConnectionResult {
  /** Body of the extension certificate_authorities of a CertificateRequest; empty when it has none; null when none came. */
  readonly certificateAuthorities: Uint8Array | null;
  /** Body of the leaf's extension with SCTs; null when there is none. */
  readonly signedCertificateTimestamps: Uint8Array | null;
}

/**
 * Reads the encrypted flight of a TLS 1.3 server up to its Certificate with keys of its own, and closes: the
 * certificate byte for byte up to the limit, where OpenSSL stops at 100 KB, and the request for a client certificate.
 */
export async function tls13Probe(target: Target, route: Route, limits: ByteLimits): Promise<Tls13Look> {
  const helloFor = tls13Hellos(target.serverName);
  const hello = helloFor(null);
  let connected: Connection | undefined;
  const reader = new Tls13Reader(hello.subarray(5), limits, (retry) => {
    const second = helloFor(retry);
    // Without the change_cipher_spec that appendix D.4 of RFC 8446 permits before it: OpenSSL's stateless server takes none.
    connected?.stream.write(second);
    return second.subarray(5);
  });
  const talk = (connection: Connection): void => {
    connected = connection;
    connection.listen((chunk) => {
      const ending = reader.push(chunk);
      if (ending !== null) connection.finish({ ...ending, tls: null, chain: [] });
    });
    connection.stream.write(hello);
  };
  const look = await withConnection(route, {
    isRaw: target.starttls === null,
    begin: (connection) => startTls(target, connection, talk),
  });
  return { ...look, ...reader.seen() };
}

/** SHA-256 of "HelloRetryRequest", the random of a ServerHello that is one (RFC 8446 section 4.1.3). */
const retryRandom = createHash('sha256').update('HelloRetryRequest').digest();

class Tls13Reader {
  readonly #limits: ByteLimits;
  /** Sends another hello; returns its message. */
  readonly #sayAgain: (retry: Retry) => Uint8Array;
  /** Messages of both sides, those in clear only. */
  #transcript: Uint8Array[];
  #clear: FlightReader;
  #retry: Retry | null = null;
  readonly #records = new ByteQueue();
  readonly #messages = new ByteQueue();
  #open: RecordOpener | null = null;
  #suite = 0;
  #group = 0;
  #received = 0;
  #chain: Uint8Array[] = [];
  #authorities: Uint8Array | null = null;
  #scts: Uint8Array | null = null;
  #ocspResponse: Uint8Array | null = null;

  constructor(hello: Uint8Array, limits: ByteLimits, sayAgain: (retry: Retry) => Uint8Array) {
    this.#transcript = [hello];
    this.#limits = limits;
    this.#sayAgain = sayAgain;
    this.#clear = new FlightReader(limits, 'serverHello');
  }

  seen(): Pick<Tls13Look, 'tls' | 'chain' | 'certificateAuthorities' | 'signedCertificateTimestamps'> {
    const tls = {
      version: 'TLSv1.3',
      cipher: cipherSuiteName(this.#suite),
      group: groupName(this.#group),
      alpn: null,
      clientCertificateRequested: this.#authorities !== null,
      ocspResponse: this.#ocspResponse,
    };
    return {
      tls: this.#chain.length === 0 ? null : tls,
      chain: this.#chain,
      certificateAuthorities: this.#authorities,
      signedCertificateTimestamps: this.#scts,
    };
  }

  push(chunk: Uint8Array): Ending | null {
    this.#received += chunk.length;
    if (this.#received > this.#limits.maxBytes + this.#limits.maxCertificateBytes)
      return { outcome: 'too-large', detail: `more than ${this.#received} bytes` };
    this.#records.push(chunk);
    try {
      return this.#readRecords();
    } catch (error) {
      if (error instanceof ShortReadError) return broken(error.message);
      return broken(
        error instanceof Error ? `a record that cannot be opened: ${error.message}` : String(error),
      );
    }
  }

  #readRecords(): Ending | null {
    for (;;) {
      const header = Buffer.from(this.#records.peek(5));
      if (header.length < 5) return null;
      // Not a record: the reader of clear flights says what it is.
      if (header[1] !== 3) return this.#clear.push(this.#records.take(this.#records.length));
      const length = header.readUInt16BE(3);
      if (this.#records.length < 5 + length) return null;
      const record = Buffer.from(this.#records.take(5 + length));
      const ending =
        this.#open === null ? this.#readClear(record) : this.#readSealed(header, record.subarray(5));
      if (ending !== null) return ending;
    }
  }

  /** Records before ServerHello are those of any flight; after it the keys are made, or another hello is sent. */
  #readClear(record: Buffer): Ending | null {
    if (this.#retry !== null && record[0] === 20) return null; // change_cipher_spec, for middleboxes only
    const ending = this.#clear.push(record);
    if (record[0] === 22) this.#transcript.push(record.subarray(5));
    const { serverHello } = this.#clear.flight;
    if (ending === null || ending.outcome !== 'ok' || serverHello === null) return ending;
    const share = new Map(serverHello.extensions).get(51) ?? new Uint8Array(0);
    if (retryRandom.equals(serverHello.random)) return this.#answerRetry(serverHello, share);
    return this.#makeKeys(serverHello.cipherSuite, share);
  }

  /** RFC 8446 section 4.1.4: once, and only for a group that was named but whose share was not sent, or a cookie. */
  #answerRetry({ cipherSuite, extensions }: ServerHello, share: Uint8Array): Ending | null {
    const group = share.length === 2 ? new ByteReader(share).uint(2) : null;
    const cookie = new Map(extensions).get(cookieType) ?? null;
    const first = messageHash(cipherSuite, this.#transcript[0] ?? new Uint8Array(0));
    if (this.#retry !== null) return broken('a second HelloRetryRequest');
    if (first === undefined) return broken(`a HelloRetryRequest with ${cipherSuiteName(cipherSuite)}`);
    const isNew = group !== null && keyShare(group) !== undefined && !sharedGroups(null).includes(group);
    if (group === null ? cookie === null : !isNew)
      return broken(`a HelloRetryRequest for ${group === null ? 'nothing' : groupName(group)}`);
    this.#retry = { group, cookie };
    this.#transcript = [first, ...this.#transcript.slice(1), this.#sayAgain(this.#retry)];
    this.#clear = new FlightReader(this.#limits, 'serverHello');
    return null;
  }

  #makeKeys(suite: number, share: Uint8Array): Ending | null {
    const named = new ByteReader(share);
    this.#suite = suite;
    this.#group = share.length < 2 ? 0 : named.uint(2);
    const own = sharedGroups(this.#retry).includes(this.#group) ? keyShare(this.#group) : undefined;
    if (own === undefined || named.left < 2)
      return broken(`TLS 1.3 with a key share that was offered is not spoken (${groupName(this.#group)})`);
    this.#open = recordOpener(suite, own, named.vector(2), Buffer.concat(this.#transcript)) ?? null;
    return this.#open === null
      ? broken(`${cipherSuiteName(this.#suite)} with a share that does not fit`)
      : null;
  }

  /** struct { opaque content[]; ContentType type; uint8 zeros[]; } TLSInnerPlaintext (RFC 8446 section 5.2). */
  #readSealed(header: Buffer, body: Buffer): Ending | null {
    if (header[0] === 20) return null; // change_cipher_spec, for middleboxes only
    if (header[0] === 21) return { outcome: 'alert', detail: alertName(body[1] ?? 255) };
    const inner = this.#open?.(header, body) ?? Buffer.alloc(0);
    let end = inner.length;
    while (end > 0 && inner[end - 1] === 0) end -= 1;
    const type = inner[end - 1];
    if (type === 21) return { outcome: 'alert', detail: alertName(inner[1] ?? 255) };
    if (type !== 22) return broken(`a record of type ${type} before the certificate`);
    this.#messages.push(inner.subarray(0, end - 1));
    return this.#readMessages();
  }

  #readMessages(): Ending | null {
    for (;;) {
      const header = this.#messages.peek(4);
      if (header.length < 4) return null;
      const type = header.readUInt8(0);
      const length = header.readUIntBE(1, 3);
      if (length > this.#limits.maxCertificateBytes)
        return { outcome: 'too-large', detail: `a handshake message of ${length} bytes` };
      if (this.#messages.length < 4 + length) return null;
      this.#messages.take(4);
      const body = this.#messages.takeCopy(length);
      if (type === 11) return this.#readCertificate(body);
      if (type === 13) this.#readRequest(body);
      else if (type !== 8) return broken(`a handshake message of type ${type} before the certificate`);
    }
  }

  /** opaque certificate_request_context<0..2^8-1>; Extension extensions<2..2^16-1> (RFC 8446 section 4.3.2). */
  #readRequest(body: Uint8Array): void {
    const reader = new ByteReader(body);
    reader.vector(1);
    this.#authorities = readExtensions(reader.vector(2)).get(47) ?? new Uint8Array(0);
  }

  /**
   * opaque certificate_request_context<0..2^8-1>; CertificateEntry certificate_list<0..2^24-1>, each of
   * opaque cert_data<1..2^24-1>; Extension extensions<0..2^16-1> (RFC 8446 section 4.4.2).
   */
  #readCertificate(body: Uint8Array): Ending {
    const reader = new ByteReader(body);
    reader.vector(1);
    const list = new ByteReader(reader.vector(3));
    while (list.left > 0 && this.#chain.length < maxCertificates) {
      this.#chain.push(list.vector(3));
      const found = readExtensions(list.vector(2));
      if (this.#chain.length > 1) continue;
      this.#scts = found.get(18) ?? null;
      // CertificateStatus: type ocsp (1), then the response.
      const status = found.get(5);
      this.#ocspResponse = status?.[0] === 1 ? status.subarray(4) : null;
    }
    if (this.#chain.length > 0) return { outcome: 'ok', detail: null };
    return { outcome: 'no-certificate', detail: 'the certificate list is empty' };
  }
}

function readExtensions(bytes: Uint8Array): Map<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  const reader = new ByteReader(bytes);
  while (reader.left > 0) found.set(reader.uint(2), reader.vector(2));
  return found;
}

function broken(detail: string): Ending {
  return { outcome: 'protocol-error', detail };
}
