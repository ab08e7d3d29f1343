import type { Outcome } from '../../../src/model/observation.js';
import { alertName } from './alerts.js';
import { ByteQueue } from './byte-queue.js';
import { ByteReader, ShortReadError } from './byte-reader.js';
import type { Extension } from './client-hello.js';

/** RFC 5246 section 7.4.1.3; in TLS 1.3 the true version stands in extension 43. */
export interface ServerHello {
  readonly version: number;
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly cipherSuite: number;
  readonly compression: number;
  readonly extensions: readonly Extension[];
}

/** What a server has said in clear up to now; null parts have not come. */
export interface ServerFlight {
  serverHello: ServerHello | null;
  /** DER as received, leaf first. */
  certificates: readonly Uint8Array[] | null;
  /** Body of CertificateStatus (RFC 6066 section 8). */
  certificateStatus: Uint8Array | null;
  /** Body of ServerKeyExchange. */
  serverKeyExchange: Uint8Array | null;
  /** Body of CertificateRequest. */
  certificateRequest: Uint8Array | null;
}

/** Why reading ended. */
export interface Ending {
  readonly outcome: Outcome;
  readonly detail: string | null;
}

/** How much a server may send. */
export interface ByteLimits {
  /** Most bytes in all, the Certificate message apart. */
  readonly maxBytes: number;
  /** Longest Certificate message. */
  readonly maxCertificateBytes: number;
}

/** The message after which to stop reading. */
export type StopAfter = 'serverHello' | 'certificate' | 'serverHelloDone';

const messageNames: Readonly<Record<number, string>> = {
  0: 'HelloRequest',
  2: 'ServerHello',
  4: 'NewSessionTicket',
  11: 'Certificate',
  12: 'ServerKeyExchange',
  13: 'CertificateRequest',
  14: 'ServerHelloDone',
  20: 'Finished',
  22: 'CertificateStatus',
};

/**
 * Reads a server's first flight to TLS 1.2 as its bytes come:
 *
 *     struct { ContentType type; ProtocolVersion version; uint16 length; opaque fragment[length]; } TLSPlaintext;
 *     struct { HandshakeType msg_type; uint24 length; body } Handshake;                RFC 5246 sections 6.2.1, 7.4
 *
 * `push` returns how it ended, or null to go on. Never throws, holds no more than the limits allow.
 */
export class FlightReader {
  readonly flight: ServerFlight = {
    serverHello: null,
    certificates: null,
    certificateStatus: null,
    serverKeyExchange: null,
    certificateRequest: null,
  };
  readonly #limits: ByteLimits;
  readonly #stopAfter: StopAfter;
  readonly #records = new ByteQueue();
  readonly #messages = new ByteQueue();
  #received = 0;
  #allowance = 0;
  #warning: string | null = null;

  constructor(limits: ByteLimits, stopAfter: StopAfter) {
    this.#limits = limits;
    this.#stopAfter = stopAfter;
  }

  push(chunk: Uint8Array): Ending | null {
    this.#received += chunk.length;
    this.#records.lend(chunk);
    try {
      const ending = this.#readRecords();
      if (ending !== null || this.#received <= this.#limits.maxBytes + this.#allowance) return ending;
      return this.#tooLarge(`more than ${this.#limits.maxBytes} bytes`);
    } catch (error) {
      if (error instanceof ShortReadError) return { outcome: 'protocol-error', detail: error.message };
      throw error;
    } finally {
      this.#messages.settle();
      this.#records.settle();
    }
  }

  /** How it ended when the server closed the connection now. */
  closed(): Ending {
    if (this.#warning !== null) return { outcome: 'alert', detail: this.#warning };
    const rest = this.#records.peek(64);
    if (rest.length > 0 && this.flight.serverHello === null && !startsRecord(rest)) return plainText(rest);
    return { outcome: 'closed', detail: this.#received === 0 ? null : `after ${this.#received} bytes` };
  }

  #readRecords(): Ending | null {
    for (;;) {
      const header = this.#records.peek(5);
      if (header.length > 0 && !startsRecord(header))
        return header.length < 5 ? null : plainText(this.#records.peek(200));
      if (header.length < 5) return null;
      const length = header.readUInt16BE(3);
      if (length > 16_384 + 2048) return { outcome: 'protocol-error', detail: `a record of ${length} bytes` };
      if (this.#records.length < 5 + length) return null;
      const type = this.#records.take(5).readUInt8(0);
      const ending = this.#readRecord(type, this.#records.take(length));
      if (ending !== null) return ending;
    }
  }

  #readRecord(type: number, fragment: Buffer): Ending | null {
    if (type === 22) {
      this.#messages.lend(fragment);
      return this.#readMessages();
    }
    if (type !== 21)
      return { outcome: 'protocol-error', detail: `a record of type ${type} before the certificate` };
    const [level, description] = fragment;
    if (level === undefined || description === undefined)
      return { outcome: 'protocol-error', detail: 'an alert without description' };
    if (description === 0) return { outcome: 'closed', detail: this.#warning ?? 'close_notify' };
    if (level !== 1) return { outcome: 'alert', detail: alertName(description) };
    this.#warning ??= alertName(description);
    return null;
  }

  #readMessages(): Ending | null {
    for (;;) {
      const header = this.#messages.peek(4);
      if (header.length < 4) return null;
      const type = header.readUInt8(0);
      const length = header.readUIntBE(1, 3);
      const problem = this.#checkLength(type, length);
      if (problem !== null) return problem;
      if (this.#messages.length < 4 + length) return null;
      this.#messages.take(4);
      const ending = this.#readMessage(type, this.#messages.takeCopy(length));
      if (ending !== null) return ending;
    }
  }

  #checkLength(type: number, length: number): Ending | null {
    if (!(type in messageNames))
      return { outcome: 'protocol-error', detail: `a handshake message of type ${type}` };
    if (type !== 11) return null;
    this.#allowance = Math.min(length, this.#limits.maxCertificateBytes);
    if (length <= this.#limits.maxCertificateBytes) return null;
    // Announced too long: read on to the cap, so that what fits is recorded.
    if (this.#messages.length < 4 + this.#limits.maxCertificateBytes) return null;
    return this.#tooLarge(`a certificate message of ${length} bytes`);
  }

  #tooLarge(detail: string): Ending {
    const [type] = this.#messages.take(4);
    if (this.flight.certificates === null && type === 11) {
      // Block by block into one copy: a view of all would make another on the way.
      const body = this.#messages.takeCopy(this.#limits.maxCertificateBytes);
      this.flight.certificates = readCertificateList(body, true).certificates;
    }
    return { outcome: 'too-large', detail };
  }

  #readMessage(type: number, body: Uint8Array): Ending | null {
    const { flight } = this;
    const stopAfter = this.#stopAfter;
    if (flight.serverHello === null && type > 2) return unexpected(type, 'ServerHello');
    if (type === 0) return null;
    if (type === 2) {
      if (flight.serverHello !== null) return unexpected(type, 'Certificate');
      flight.serverHello = readServerHello(body);
      return stopAfter === 'serverHello' ? complete : null;
    }
    if (type === 11) return this.#readCertificate(body);
    // CertificateStatus comes right after Certificate (RFC 6066 section 8).
    if (type === 22 && flight.certificates === null) return unexpected(type, 'Certificate');
    if (type === 12) flight.serverKeyExchange = body;
    else if (type === 13) flight.certificateRequest = body;
    else if (type === 22) flight.certificateStatus = body;
    else if (type !== 14) return unexpected(type, 'Certificate');
    if (flight.certificates === null && (stopAfter === 'certificate' || type === 14))
      return { outcome: 'no-certificate', detail: 'the server sent no Certificate message' };
    return type === 14 ? complete : null;
  }

  #readCertificate(body: Uint8Array): Ending | null {
    if (this.flight.certificates !== null) return unexpected(11, 'ServerHelloDone');
    const { certificates, problem } = readCertificateList(body, false);
    this.flight.certificates = certificates;
    if (problem !== null) return { outcome: 'protocol-error', detail: problem };
    if (certificates.length === 0)
      return { outcome: 'no-certificate', detail: 'the certificate list is empty' };
    return this.#stopAfter === 'certificate' ? complete : null;
  }
}

const complete: Ending = { outcome: 'ok', detail: null };

function unexpected(type: number, wanted: string): Ending {
  return { outcome: 'protocol-error', detail: `${messageNames[type] ?? type} instead of ${wanted}` };
}

function startsRecord(bytes: Uint8Array): boolean {
  const [type = 0, major = 3] = bytes;
  return type >= 20 && type <= 23 && major === 3;
}

/** Bytes that are not TLS: an HTTP answer, or something else; the detail shows how they begin. */
export function plainText(bytes: Uint8Array): Ending {
  const start = Buffer.from(bytes).toString('latin1').slice(0, 80);
  return { outcome: /^(HTTP\/|<!doctype|<html)/i.test(start) ? 'plain-http' : 'not-tls', detail: start };
}

function readServerHello(body: Uint8Array): ServerHello {
  const reader = new ByteReader(body);
  const version = reader.uint(2);
  const random = reader.bytes(32);
  const sessionId = reader.vector(1);
  const cipherSuite = reader.uint(2);
  const compression = reader.uint(1);
  const extensions: Extension[] = [];
  const list = new ByteReader(reader.left > 0 ? reader.vector(2) : new Uint8Array(0));
  while (list.left > 0) extensions.push([list.uint(2), list.vector(2)]);
  return { version, random, sessionId, cipherSuite, compression, extensions };
}

/**
 * opaque ASN.1Cert<1..2^24-1>; struct { ASN.1Cert certificate_list<0..2^24-1>; } (RFC 5246 section 7.4.2).
 * When the lengths do not add up, everything that can be told apart is returned, the rest as a last certificate
 * (unless `isCut`: then the list was cut by us and only whole entries are).
 */
function readCertificateList(
  body: Uint8Array,
  isCut: boolean,
): { certificates: Uint8Array[]; problem: string | null } {
  const certificates: Uint8Array[] = [];
  const reader = new ByteReader(body);
  if (reader.left < 3) return { certificates, problem: 'the certificate list has no length' };
  const length = reader.uint(3);
  let problem = length === reader.left ? null : `a certificate list of ${length} bytes in ${reader.left}`;
  while (reader.left > 0 && certificates.length < maxCertificates) {
    const size = reader.left < 3 ? Infinity : reader.uint(3);
    if (size > reader.left) {
      problem ??= `a certificate of ${size} bytes in ${reader.left}`;
      if (!isCut) certificates.push(reader.bytes(reader.left));
      break;
    }
    certificates.push(reader.bytes(size));
  }
  return { certificates, problem };
}

/** Certificates kept of one list, here and in the full probe: more than any honest server sends, few enough to parse. */
export const maxCertificates = 100;
