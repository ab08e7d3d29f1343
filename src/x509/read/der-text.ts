import { contentOf, tags, type DerElement } from './der.js';

/** Text of an ASN.1 string. `valid` is false when the octets break the type's own rules; text is then the best that can be made of them. */
export interface DecodedText {
  readonly text: string;
  readonly valid: boolean;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const looseUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const utf16 = new TextDecoder('utf-16le', { ignoreBOM: true });

/** Text of any ASN.1 string type, or null when the tag is none of a string's. Never throws. */
export function decodeText(bytes: Uint8Array, element: DerElement): DecodedText | null {
  const content = contentOf(bytes, element);
  switch (element.tag) {
    case tags.utf8String:
      return decodeUtf8(content);
    case tags.printableString:
      return decodeOctets(content, isPrintable);
    case tags.numericString:
      return decodeOctets(content, (octet) => octet === 0x20 || (octet >= 0x30 && octet <= 0x39));
    case tags.ia5String:
      return decodeOctets(content, (octet) => octet < 0x80);
    case tags.visibleString:
      return decodeOctets(content, (octet) => octet >= 0x20 && octet < 0x7f);
    // TeletexString is taken for Latin-1, as everybody does; so are the rarer videotex, graphic and general strings.
    case tags.teletexString:
    case 0x15:
    case 0x19:
    case 0x1b:
      return decodeOctets(content, () => true);
    case tags.bmpString:
      return decodeBmp(content);
    case tags.universalString:
      return decodeUniversal(content);
    default:
      return null;
  }
}

/** IA5String under an implicit tag (GeneralName): octets as Latin-1, valid when all are ASCII. */
export function decodeIa5(content: Uint8Array): DecodedText {
  return decodeOctets(content, (octet) => octet < 0x80);
}

function decodeOctets(content: Uint8Array, allowed: (octet: number) => boolean): DecodedText {
  return { text: Buffer.from(content).toString('latin1'), valid: content.every(allowed) };
}

function decodeUtf8(content: Uint8Array): DecodedText {
  try {
    return { text: strictUtf8.decode(content), valid: true };
  } catch {
    return { text: looseUtf8.decode(content), valid: false };
  }
}

function isPrintable(octet: number): boolean {
  const isLetterOrDigit =
    (octet >= 0x61 && octet <= 0x7a) || (octet >= 0x41 && octet <= 0x5a) || (octet >= 0x30 && octet <= 0x39);
  return isLetterOrDigit || " '()+,-./:=?".includes(String.fromCharCode(octet));
}

function decodeBmp(content: Uint8Array): DecodedText {
  const swapped = Buffer.from(content.subarray(0, content.length & ~1)).swap16();
  const text = utf16.decode(swapped);
  const hasSurrogate = /[\ud800-\udfff]/.test(swapped.toString('utf16le'));
  return { text, valid: content.length % 2 === 0 && !hasSurrogate };
}

function decodeUniversal(content: Uint8Array): DecodedText {
  const view = Buffer.from(content.buffer, content.byteOffset, content.length);
  let valid = content.length % 4 === 0;
  const parts: string[] = [];
  for (let at = 0; at + 4 <= content.length; at += 4) {
    const point = view.readUInt32BE(at);
    const isCharacter = point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
    if (!isCharacter) valid = false;
    parts.push(isCharacter ? String.fromCodePoint(point) : '\ufffd');
  }
  return { text: parts.join(''), valid };
}
