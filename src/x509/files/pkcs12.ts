import {
  children,
  contentOf,
  contextTag,
  DerError,
  expectElement,
  readOid,
  tags,
  type DerElement,
} from '../read/der.js';
import { decryptionOf } from './password-encryption.js';

/** Certificates of a PKCS #12 file. Private keys stay encrypted and are never opened. */
export interface Pkcs12 {
  readonly certificates: readonly Uint8Array[];
  /** Why some of its contents could not be opened, one clause; null when all were. */
  readonly unread: string | null;
}

const oids = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  nestedContents: '1.2.840.113549.1.12.10.1.6',
  x509Certificate: '1.2.840.113549.1.9.22.1',
} as const;

/**
 * PFX (RFC 7292 section 4) in definite lengths: null when `bytes` are none. Tries the empty password and each of `passwords`. Throws
 * DerError when it is broken.
 */
export function readPkcs12(bytes: Uint8Array, passwords: readonly string[]): Pkcs12 | null {
  const outer = expectElement(bytes, tags.sequence, 0);
  const [version, content] = children(bytes, outer);
  if (version?.tag !== tags.integer || content?.tag !== tags.sequence) return null;
  const safe = contentInfo(bytes, content);
  if (safe === null || safe.type !== oids.data) return null;
  const octets = expectElement(bytes, tags.octetString, safe.content.contentStart, safe.content.end);
  const contents = expectElement(bytes, tags.sequence, octets.contentStart, octets.end);
  const certificates: Uint8Array[] = [];
  let unread: string | null = null;
  for (const element of children(bytes, contents)) {
    const info = contentInfo(bytes, element);
    const opened = info === null ? null : openContents(bytes, info, ['', ...passwords]);
    if (opened === null) continue;
    if (typeof opened === 'string') unread ??= opened;
    else certificates.push(...certificatesOfBags(opened, 0));
  }
  return { certificates, unread };
}

interface ContentInfo {
  readonly type: string;
  /** The [0] EXPLICIT element. */
  readonly content: DerElement;
}

function contentInfo(bytes: Uint8Array, element: DerElement): ContentInfo | null {
  if (element.tag !== tags.sequence) return null;
  const [type, content] = children(bytes, element);
  if (type?.tag !== tags.oid || content?.tag !== contextTag(0, true)) return null;
  return { type: readOid(bytes, type), content };
}

/** SafeContents in the clear; a clause when they cannot be opened, null for other kinds of content. */
function openContents(
  bytes: Uint8Array,
  { type, content }: ContentInfo,
  passwords: readonly string[],
): Uint8Array | string | null {
  if (type === oids.data)
    return contentOf(bytes, expectElement(bytes, tags.octetString, content.contentStart, content.end));
  if (type !== oids.encryptedData) return null;
  const encrypted = expectElement(bytes, tags.sequence, content.contentStart, content.end);
  const info = [...children(bytes, encrypted)].find(({ tag }) => tag === tags.sequence);
  if (info === undefined) return 'its encrypted content is not whole';
  const [, algorithm, data] = children(bytes, info);
  if (algorithm === undefined || data === undefined) return 'its encrypted content is not whole';
  const decrypt = decryptionOf(bytes, algorithm);
  const cipherText = stringOf(bytes, data);
  for (const password of passwords) {
    const plain = attempt(() => decrypt(password, cipherText));
    if (plain !== null) return plain;
  }
  return passwords.length > 1
    ? 'none of the passwords opens this PKCS #12 file'
    : 'this PKCS #12 file needs its password';
}

/** An octet string with an implicit tag, in one piece or in several. */
function stringOf(bytes: Uint8Array, element: DerElement): Buffer {
  if ((element.tag & 0x20) === 0) return Buffer.from(contentOf(bytes, element));
  return Buffer.concat([...children(bytes, element)].map((piece) => contentOf(bytes, piece)));
}

function certificatesOfBags(bytes: Uint8Array, depth: number): Uint8Array[] {
  if (depth > 4) return [];
  const found: Uint8Array[] = [];
  for (const bag of children(bytes, expectElement(bytes, tags.sequence, 0))) {
    const info = contentInfo(bytes, bag);
    if (info === null) continue;
    const value = bytes.subarray(info.content.contentStart, info.content.end);
    if (info.type === oids.nestedContents) found.push(...certificatesOfBags(value, depth + 1));
    if (info.type !== oids.certificateBag) continue;
    const certificate = contentInfo(value, expectElement(value, tags.sequence, 0));
    if (certificate?.type !== oids.x509Certificate) continue;
    const { contentStart, end } = certificate.content;
    found.push(contentOf(value, expectElement(value, tags.octetString, contentStart, end)));
  }
  return found;
}

/** null when it fails: a wrong password shows as wrong padding, or as bytes that are no SafeContents. */
function attempt(decrypt: () => Buffer): Buffer | null {
  try {
    const plain = decrypt();
    expectElement(plain, tags.sequence, 0);
    return plain;
  } catch (error) {
    if (error instanceof DerError || error instanceof Error) return null;
    throw error;
  }
}
