import { contentOf, DerError, expectElement, readElement, readOid, tags, type DerElement } from './der.js';

/** What {@link readBundle} found. */
export interface Bundle {
  /** DER of each certificate, in order; not read yet, so that unreadable ones are kept. */
  readonly certificates: readonly Uint8Array[];
  /** One sentence for each part that should hold a certificate but whose encoding could not be undone. */
  readonly errors: readonly string[];
}

/**
 * Takes certificates out of a file: PEM blocks anywhere in text (`CERTIFICATE`, OpenSSL's `X509` and `TRUSTED`, `PKCS7` and
 * `CMS`; keys and the rest are passed over), DER, several DER certificates in a row, or a PKCS #7 bundle (RFC 5652
 * section 5.1, certificates only), or DER in bare base64. Bytes that are nothing of this are given back as one certificate, to be judged as such.
 */
export function readBundle(bytes: Uint8Array): Bundle {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(
    isUtf16 ? 'utf16le' : 'latin1',
  );
  if (text.includes('-----BEGIN ')) return readPem(text);
  if (/^\s*MI[A-Za-z0-9+/\s]+={0,2}\s*$/.test(text))
    return { certificates: readDerSequence(new Uint8Array(Buffer.from(text, 'base64'))), errors: [] };
  if (bytes.length === 0) return { certificates: [], errors: ['the file is empty'] };
  return { certificates: readDerSequence(bytes), errors: [] };
}

const pemBlock = /-----BEGIN ([A-Z0-9# ]{1,40})-----([\s\S]*?)(-----END \1-----|(?=-----BEGIN )|$)/g;
const certificateLabels = new Set(['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE']);
const pkcs7Labels = new Set(['PKCS7', 'PKCS #7 SIGNED DATA', 'CMS']);

/** RFC 7468, leniently: any white space, headers before the data, text around the blocks. */
function readPem(text: string): Bundle {
  const certificates: Uint8Array[] = [];
  const errors: string[] = [];
  for (const [, label = '', body = '', end = ''] of text.matchAll(pemBlock)) {
    const isPkcs7 = pkcs7Labels.has(label);
    if (!isPkcs7 && !certificateLabels.has(label)) continue;
    const base64 = body
      .trimStart()
      .replace(/^(?:[\w-]+:[^\n]*\n(?:[ \t]+[^\n]*\n)*)+\r?\n/, '')
      .replace(/\s+/g, '');
    if (end === '') errors.push(`a block ${label} has no end`);
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) errors.push(`a block ${label} holds more than base64`);
    const der = new Uint8Array(Buffer.from(base64, 'base64'));
    if (isPkcs7) certificates.push(...readDerSequence(der));
    else certificates.push(label.startsWith('TRUSTED') ? firstElement(der) : der);
  }
  if (certificates.length === 0 && errors.length === 0) errors.push('the text holds no certificate');
  return { certificates, errors };
}

/** OpenSSL appends its trust settings to a certificate; they are none of it. */
function firstElement(der: Uint8Array): Uint8Array {
  return der.subarray(0, elementAt(der, 0)?.end ?? der.length);
}

/** DER certificates one after the other; what is left when one does not begin like a certificate stays with the one before. */
function readDerSequence(bytes: Uint8Array): Uint8Array[] {
  const first = elementAt(bytes, 0);
  if (first === null) return [bytes];
  const bundled = certificatesOfPkcs7(bytes, first);
  if (bundled !== null) return bundled;
  const certificates: Uint8Array[] = [];
  let start = 0;
  let end = first.end;
  while (end < bytes.length) {
    const next = elementAt(bytes, end);
    if (next === null || next.tag !== tags.sequence || bytes[next.contentStart] !== tags.sequence) break;
    certificates.push(bytes.subarray(start, end));
    start = end;
    end = next.end;
  }
  return [...certificates, bytes.subarray(start)];
}

function elementAt(bytes: Uint8Array, offset: number): DerElement | null {
  return attempt(() => readElement(bytes, offset));
}

/** ContentInfo of type signedData: its certificates, or null when it is no such thing. */
function certificatesOfPkcs7(bytes: Uint8Array, outer: DerElement): Uint8Array[] | null {
  return attempt(() => {
    const type = expectElement(bytes, tags.oid, outer.contentStart, outer.end);
    if (readOid(bytes, type) !== '1.2.840.113549.1.7.2') return null;
    const explicit = expectElement(bytes, 0xa0, type.end, outer.end);
    const signedData = expectElement(bytes, tags.sequence, explicit.contentStart, explicit.end);
    let at = signedData.contentStart;
    while (at < signedData.end) {
      const part = readElement(bytes, at, signedData.end);
      if (part.tag === 0xa0) return sequencesIn(contentOf(bytes, part));
      at = part.end;
    }
    return [];
  });
}

function sequencesIn(content: Uint8Array): Uint8Array[] {
  const certificates: Uint8Array[] = [];
  for (let at = 0; at < content.length;) {
    const element = readElement(content, at);
    if (element.tag === tags.sequence) certificates.push(content.subarray(at, element.end));
    at = element.end;
  }
  return certificates;
}

function attempt<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}
