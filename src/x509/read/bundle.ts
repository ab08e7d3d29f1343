import {
  bytesOf,
  children,
  contextTag,
  DerError,
  expectElement,
  readElement,
  readOid,
  tags,
  type DerElement,
} from './der.js';

/** What a file holds, as far as certificates go. */
export interface Bundle {
  readonly items: readonly BundleItem[];
  /** Labels of the PEM blocks that are no certificates (keys, requests ...), each once; their contents are not looked at. */
  readonly otherLabels: readonly string[];
}

/** The bytes of one certificate, not read yet, as exact as they can be had. */
export interface BundleItem {
  readonly der: Uint8Array;
  /** What is wrong with its wrapping, one clause; null when nothing is. What could be decoded stands in `der` all the same. */
  readonly problem: string | null;
}

/**
 * Takes the certificates out of a file: DER, alone or in a row; PEM blocks anywhere in text (RFC 7468; also OpenSSL's `X509` and
 * `TRUSTED`, `PKCS7` and `CMS`); bare base64; PKCS #7 in any of these (RFC 5652 section 5.1). Never throws; nothing that begins like
 * a certificate is left out. Bytes behind the last DER element stay with it.
 */
export function readBundle(bytes: Uint8Array): Bundle {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (beginsLikeDerKey(buffer)) return { items: [], otherLabels: ['a key or PKCS #12 in DER'] };
  if (beginsLikeDer(buffer, 0)) return { items: derItems(buffer, null), otherLabels: [] };
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = buffer.toString(isUtf16 ? 'utf16le' : 'latin1');
  if (text.includes('-----BEGIN ')) return readPem(text);
  const { der, problem } = decodeBase64(text);
  const isBase64 = problem === null && beginsLikeDer(der, 0);
  return { items: isBase64 ? derItems(der, null) : [], otherLabels: [] };
}

/** A SEQUENCE as large as a certificate, of whatever length, even one that DER does not allow. */
function beginsLikeDer(bytes: Buffer, at: number): boolean {
  const length = bytes[at + 1] ?? 0;
  return bytes[at] === tags.sequence && length >= 0x80 && length <= 0x84;
}

/** Private keys (RFC 5958, RFC 8017, RFC 5915) and PKCS #12 (RFC 7292) begin with a version number, a certificate never. */
function beginsLikeDerKey(bytes: Buffer): boolean {
  const length = bytes[1] ?? 0;
  return bytes[0] === tags.sequence && bytes[2 + (length > 0x80 ? length & 0x7f : 0)] === tags.integer;
}

const certificateLabels: ReadonlySet<string> = new Set([
  'CERTIFICATE',
  'X509 CERTIFICATE',
  'TRUSTED CERTIFICATE',
]);
const pkcs7Labels: ReadonlySet<string> = new Set(['PKCS7', 'PKCS #7 SIGNED DATA', 'CMS']);

function readPem(text: string): Bundle {
  const items: BundleItem[] = [];
  const others = new Set<string>();
  for (const { label, body, isEnded } of pemBlocks(text)) {
    if (!certificateLabels.has(label) && !pkcs7Labels.has(label)) {
      if (others.size < 20) others.add(label);
      continue;
    }
    const { der, problem: fault } = decodeBase64(body);
    const problem = isEnded ? fault : 'its PEM block has no END line';
    if (pkcs7Labels.has(label)) items.push(...derItems(der, problem));
    else items.push({ der: label.startsWith('TRUSTED') ? firstElement(der) : der, problem });
  }
  return { items, otherLabels: [...others] };
}

interface PemBlock {
  readonly label: string;
  readonly body: string;
  readonly isEnded: boolean;
}

const boundary = /-----(BEGIN|END) ([^\r\n-]{1,80})-----/g;

/** The blocks of a text in order. One that is not ended, or ended as something else, reaches to the next boundary. */
function* pemBlocks(text: string): Generator<PemBlock, void, undefined> {
  let open: { readonly label: string; readonly start: number } | null = null;
  for (const { 0: whole, 1: kind, 2: label = '', index } of text.matchAll(boundary)) {
    if (open !== null) {
      const isEnded = kind === 'END' && label === open.label;
      yield { label: open.label, body: text.slice(open.start, index), isEnded };
    }
    open = kind === 'BEGIN' ? { label, start: index + whole.length } : null;
  }
  if (open !== null) yield { label: open.label, body: text.slice(open.start), isEnded: false };
}

/** Base64 with any white space in it, after headers such as `Proc-Type: ...` (RFC 1421 section 4.4), which are left out. */
function decodeBase64(body: string): { readonly der: Buffer; readonly problem: string | null } {
  const text = body.replace(/^[ \t]*[\w-]+:.*$/gm, '').replace(/\s+/g, '');
  const isClean = text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
  return { der: Buffer.from(text, 'base64'), problem: isClean ? null : 'its PEM block is not clean base64' };
}

/** OpenSSL appends its trust settings to a certificate; they are none of it. */
function firstElement(der: Buffer): Uint8Array {
  return der.subarray(0, elementAt(der, 0)?.end ?? der.length);
}

/** Certificates in a row. What cannot be told apart stays with the one before it. */
function derItems(bytes: Buffer, problem: string | null): readonly BundleItem[] {
  const items: BundleItem[] = [];
  for (let start = 0; start < bytes.length;) {
    const element = elementAt(bytes, start);
    const end = element !== null && beginsLikeDer(bytes, element.end) ? element.end : bytes.length;
    const bundled = element === null ? null : certificatesOfPkcs7(bytes, element);
    const ders = bundled ?? [bytes.subarray(start, end)];
    items.push(...ders.map((der) => ({ der, problem })));
    start = end;
  }
  return items;
}

/** ContentInfo of type signedData: its certificates; null when it is no such thing, or not whole. */
function certificatesOfPkcs7(bytes: Uint8Array, outer: DerElement): readonly Uint8Array[] | null {
  return attempt(() => {
    const [type, content] = children(bytes, outer);
    if (type?.tag !== tags.oid || readOid(bytes, type) !== '1.2.840.113549.1.7.2') return null;
    const explicit = expectElement(bytes, contextTag(0, true), content?.start ?? outer.end, outer.end);
    const signedData = expectElement(bytes, tags.sequence, explicit.contentStart, explicit.end);
    const list = [...children(bytes, signedData)].find(({ tag }) => tag === contextTag(0, true));
    if (list === undefined) return [];
    return [...children(bytes, list)]
      .filter(({ tag }) => tag === tags.sequence)
      .map((certificate) => bytesOf(bytes, certificate));
  });
}

function elementAt(bytes: Uint8Array, offset: number): DerElement | null {
  return attempt(() => readElement(bytes, offset));
}

function attempt<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}
