import { DerError, readElement, tags } from './der.js';

/** What a file holds, as far as certificates go. */
export interface Bundle {
  readonly items: readonly BundleItem[];
  /** Labels of the PEM blocks that are no certificates (keys, requests ...), each once; their contents are not looked at. */
  readonly otherLabels: readonly string[];
}

/** The bytes of one certificate, as exact as they can be had. */
export interface BundleItem {
  readonly der: Uint8Array;
  /** What is wrong with the wrapping, one clause; null when nothing is. What could be decoded stands in `der` all the same. */
  readonly problem: string | null;
}

const certificateLabels: ReadonlySet<string> = new Set([
  'CERTIFICATE',
  'X509 CERTIFICATE',
  'TRUSTED CERTIFICATE',
]);

/**
 * Finds the certificates in a file's bytes: DER, one after another or alone; PEM blocks (RFC 7468) between whatever text; or
 * bare base64. Never throws; nothing that could be a certificate is left out. Bytes behind the last DER element stay with it.
 */
export function splitBundle(bytes: Uint8Array): Bundle {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (startsLikeDer(buffer, 0)) return { items: splitDer(buffer), otherLabels: [] };
  const text = textOf(buffer);
  if (text.includes('-----BEGIN ')) return splitPem(text);
  const bare = decodeBase64(text);
  const isDer = bare.problem === null && startsLikeDer(bare.der, 0);
  return { items: isDer ? splitDer(bare.der) : [], otherLabels: [] };
}

/** A SEQUENCE with a length of one to four octets, as every certificate starts with; indefinite (BER) included. */
function startsLikeDer(bytes: Buffer, at: number): boolean {
  const length = bytes[at + 1] ?? 0xff;
  return bytes[at] === tags.sequence && (length <= 0x84 || at + 2 + length === bytes.length);
}

function splitDer(bytes: Buffer): readonly BundleItem[] {
  const items: BundleItem[] = [];
  let start = 0;
  while (start < bytes.length) {
    const end = endOfElement(bytes, start);
    items.push({ der: bytes.subarray(start, end), problem: null });
    start = end;
  }
  return items;
}

/** Where the element ends; the end of all when no further one starts there. */
function endOfElement(bytes: Buffer, start: number): number {
  try {
    const { end } = readElement(bytes, start);
    return startsLikeDer(bytes, end) ? end : bytes.length;
  } catch (error) {
    if (error instanceof DerError) return bytes.length;
    throw error;
  }
}

/** PEM is ASCII; some editors write it as UTF-16 with a byte order mark. */
function textOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2);
  return bytes.toString('latin1');
}

function splitPem(text: string): Bundle {
  const items: BundleItem[] = [];
  const others = new Set<string>();
  for (const { label, body, problem } of pemBlocks(text)) {
    if (!certificateLabels.has(label)) {
      if (others.size < 20) others.add(label);
      continue;
    }
    const decoded = decodeBase64(body);
    const der = label === 'TRUSTED CERTIFICATE' ? firstElement(decoded.der) : decoded.der;
    items.push({ der, problem: problem ?? decoded.problem });
  }
  return { items, otherLabels: [...others] };
}

interface PemBlock {
  readonly label: string;
  readonly body: string;
  readonly problem: string | null;
}

const boundary = /-----(BEGIN|END) ([^\r\n-]{1,80})-----/g;

/** The blocks of a text in order. One that is not ended, or ended as something else, reaches to the next boundary. */
function* pemBlocks(text: string): Generator<PemBlock, void, undefined> {
  let open: { readonly label: string; readonly start: number } | null = null;
  for (const { 0: whole, 1: kind, 2: label = '', index } of text.matchAll(boundary)) {
    if (open !== null) {
      const isEnd = kind === 'END' && label === open.label;
      const problem = isEnd ? null : 'its PEM block has no END line';
      yield { label: open.label, body: text.slice(open.start, index), problem };
    }
    open = kind === 'BEGIN' ? { label, start: index + whole.length } : null;
  }
  if (open !== null)
    yield { label: open.label, body: text.slice(open.start), problem: 'its PEM block has no END line' };
}

/** Decodes base64 with any white space in it, after headers such as `Proc-Type: ...` (RFC 1421), which are left out. */
function decodeBase64(body: string): { readonly der: Buffer; readonly problem: string | null } {
  const text = body.replace(/^[\w-]+:.*$/gm, '').replace(/\s+/g, '');
  const isClean = text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
  return { der: Buffer.from(text, 'base64'), problem: isClean ? null : 'its PEM block is not clean base64' };
}

/** OpenSSL's trusted certificates carry their trust settings behind the certificate. */
function firstElement(der: Buffer): Uint8Array {
  try {
    return der.subarray(0, readElement(der, 0).end);
  } catch (error) {
    if (error instanceof DerError) return der;
    throw error;
  }
}
