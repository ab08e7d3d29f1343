import { decodeText } from '../../lib/decode-text.js';
import { DerError, readElement, tags, type DerElement } from '../read/der.js';
import { toDefinite } from './ber.js';
import { derKind } from './der-kind.js';
import { embeddedIn, embeddedInText, type Embedded } from './embedded-text.js';
import { readJavaKeyStore } from './java-key-store.js';
import { decodeBase64, pemBlocks } from './pem.js';
import { readPkcs12 } from './pkcs12.js';
import { certificatesOfPkcs7 } from './pkcs7.js';

/** What a file holds, as far as certificates go. */
export interface Bundle {
  readonly items: readonly BundleItem[];
  /** What is in the file beside certificates (labels of PEM blocks, kinds of DER), each once; never read further. */
  readonly otherLabels: readonly string[];
  /** What may hold certificates and could not be read, one clause each: a PKCS #12 file without its password, for example. */
  readonly unread: readonly string[];
}

/** The bytes of one certificate, not read yet, as exact as they can be had. */
export interface BundleItem {
  readonly der: Uint8Array;
  /** What is wrong with its wrapping, one clause; null when nothing is. What could be decoded stands in `der` all the same. */
  readonly problem: string | null;
  /** Where in the file: a line number, the path in a JSON document, an alias; null for DER alone. */
  readonly place?: string;
}

/** How to read. */
export interface BundleOptions {
  /** Passwords to try on PKCS #12. */
  readonly passwords?: readonly string[];
}

/** Files within files are followed so far: base64 of PEM in JSON is two. */
const maxNesting = 4;

/**
 * Takes the certificates out of a file, whatever it is: DER, alone or in a row; PEM blocks anywhere in text (RFC 7468; also OpenSSL's
 * `X509` and `TRUSTED`, `PKCS7` and `CMS`); bare base64; PKCS #7 (RFC 5652 section 5.1), PKCS #12 (RFC 7292) and Java key stores; any of
 * these in the strings of a JSON document; text in UTF-8 or UTF-16. Never throws; nothing that begins like a certificate is left out.
 * Bytes behind the last DER element stay with it. Private keys are neither decoded nor decrypted.
 */
export function readBundle(bytes: Uint8Array, options: BundleOptions = {}): Bundle {
  const found = new Found(options.passwords ?? []);
  found.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), undefined, 0);
  return { items: found.items, otherLabels: [...found.otherLabels], unread: [...found.unread] };
}

const certificateLabels: ReadonlySet<string> = new Set([
  'CERTIFICATE',
  'X509 CERTIFICATE',
  'TRUSTED CERTIFICATE',
]);
const pkcs7Labels: ReadonlySet<string> = new Set(['PKCS7', 'PKCS #7 SIGNED DATA', 'CMS']);

/** Collects while it reads, so that a file within a file adds to the same lists. */
class Found {
  readonly items: BundleItem[] = [];
  readonly otherLabels = new Set<string>();
  readonly unread = new Set<string>();
  readonly #passwords: readonly string[];

  constructor(passwords: readonly string[]) {
    this.#passwords = passwords;
  }

  read(buffer: Buffer, place: string | undefined, depth: number): void {
    const store = readJavaKeyStore(buffer);
    if (store !== null) {
      for (const { alias, der } of store.certificates) this.#add(der, null, alias);
      if (store.unread !== null) this.unread.add(store.unread);
      return;
    }
    if (buffer[0] === tags.sequence && this.#readDer(buffer, place)) return;
    const text = decodeText(buffer);
    if (text !== null) this.#readText(text, place, depth);
  }

  /** False when it begins like DER and cannot be any. */
  #readDer(buffer: Buffer, place: string | undefined): boolean {
    if (beginsLikeKey(buffer)) {
      this.#readPkcs12(buffer);
      return true;
    }
    if (!beginsLikeDer(buffer, 0)) return false;
    this.#addDer(buffer, null, place);
    return true;
  }

  #readPkcs12(buffer: Buffer): void {
    const store = attempt(() => readPkcs12(toDefinite(buffer), this.#passwords));
    for (const der of store?.certificates ?? []) this.#add(der, null, undefined);
    if (store?.unread) this.unread.add(store.unread);
    if (store === null) this.#note('a key or PKCS #12 in DER');
  }

  #readText(text: string, place: string | undefined, depth: number): void {
    if (/^\s*[[{]/.test(text) && depth < maxNesting) {
      const value = parsed(text);
      if (value !== undefined) return this.#readEmbedded(embeddedIn(value), place, depth);
    }
    if (text.includes('-----BEGIN ')) this.#readPem(text, place);
    if (depth < maxNesting) this.#readEmbedded(embeddedInText(text), place, depth);
    if (this.items.length > 0 || text.length > 50_000_000) return;
    const { der, problem } = decodeBase64(text);
    if (problem === null && der[0] === tags.sequence) this.#readDer(der, place);
  }

  #readEmbedded(embedded: Iterable<Embedded>, place: string | undefined, depth: number): void {
    for (const { bytes, place: inside } of embedded) {
      const whole = [place, inside].filter((part) => part !== undefined && part !== '').join(' ');
      this.read(bytes, whole === '' ? undefined : whole, depth + 1);
    }
  }

  #readPem(text: string, place: string | undefined): void {
    const line = lineCounter(text);
    for (const { label, body, isEnded, start } of pemBlocks(text)) {
      if (!certificateLabels.has(label) && !pkcs7Labels.has(label)) {
        this.#note(label);
        continue;
      }
      const { der, problem: fault } = decodeBase64(body);
      const problem = isEnded ? fault : 'its PEM block has no END line';
      const where = place ?? String(line(start));
      if (pkcs7Labels.has(label)) this.#addDer(der, problem, where);
      else this.#add(label.startsWith('TRUSTED') ? firstElement(der) : der, problem, where);
    }
  }

  /** Certificates in a row. What cannot be told apart stays with the one before it. */
  #addDer(given: Buffer, problem: string | null, place: string | undefined): void {
    const bytes = given[1] === 0x80 ? (attempt(() => toDefinite(given)) ?? given) : given;
    for (let start = 0; start < bytes.length;) {
      const element = elementAt(bytes, start);
      const end = element !== null && beginsLikeDer(bytes, element.end) ? element.end : bytes.length;
      const bundled = element === null ? null : attempt(() => certificatesOfPkcs7(bytes, element));
      if (bundled !== null) for (const der of bundled) this.#add(der, problem, place);
      else this.#addElement(bytes.subarray(start, end), problem, place);
      start = end;
    }
  }

  #addElement(der: Buffer, problem: string | null, place: string | undefined): void {
    const kind = problem === null ? derKind(der) : 'certificate';
    if (kind === 'certificate request' || kind === 'CRL') this.#note(`a ${kind} in DER`);
    else this.#add(der, problem, place);
  }

  #add(der: Uint8Array, problem: string | null, place: string | undefined): void {
    this.items.push(place === undefined ? { der, problem } : { der, problem, place });
  }

  #note(label: string): void {
    if (this.otherLabels.size < 20) this.otherLabels.add(label);
  }
}

/** A SEQUENCE as large as a certificate, of whatever length, even one that DER does not allow. */
function beginsLikeDer(bytes: Buffer, at: number): boolean {
  const length = bytes[at + 1] ?? 0;
  return bytes[at] === tags.sequence && length >= 0x80 && length <= 0x84;
}

/** Private keys (RFC 5958, RFC 8017, RFC 5915) and PKCS #12 (RFC 7292) begin with a version number, a certificate never. */
function beginsLikeKey(bytes: Buffer): boolean {
  const length = bytes[1] ?? 0;
  return bytes[0] === tags.sequence && bytes[2 + (length > 0x80 ? length & 0x7f : 0)] === tags.integer;
}

/** Line of an offset, from 1; offsets have to ascend. */
function lineCounter(text: string): (offset: number) => number {
  let line = 1;
  let at = 0;
  return (offset) => {
    for (; at < offset; at += 1) {
      const character = text.charCodeAt(at);
      if (character === 10 || (character === 13 && text.charCodeAt(at + 1) !== 10)) line += 1;
    }
    return line;
  };
}

/** OpenSSL appends its trust settings to a certificate; they are none of it. */
function firstElement(der: Buffer): Uint8Array {
  return der.subarray(0, elementAt(der, 0)?.end ?? der.length);
}

function elementAt(bytes: Uint8Array, offset: number): DerElement | null {
  return attempt(() => readElement(bytes, offset));
}

/** A JSON document, or a list of those that stand one a line; undefined for other text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return lines.length > 1 ? attemptJson(lines) : undefined;
  }
}

function attemptJson(lines: readonly string[]): unknown {
  try {
    return lines.map((line): unknown => JSON.parse(line));
  } catch {
    return undefined;
  }
}

function attempt<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}
