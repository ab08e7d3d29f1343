import * as der from '../support/der-writer.js';
import { commonName, extension, issue, signed, spki } from '../support/pki.js';

/** AttributeTypeAndValue with these contents under this string tag. */
export const attribute = (oid: string, tag: number, content: Uint8Array): Buffer =>
  der.sequence(der.oid(oid), der.element(tag, content));
/** UTF-8 octets. */
export const text = (value: string): Buffer => Buffer.from(value, 'utf8');
/** Octets of a BMPString. */
export const utf16be = (value: string): Buffer => Buffer.from(value, 'utf16le').swap16();
/** Name of these RDNs. */
export const rdns = (...rdnList: readonly Buffer[]): Buffer => der.sequence(Buffer.concat(rdnList));

/** A certificate put together by hand, well-formed or not; signed with a key of its own. */
export function assemble(
  parts: Partial<Record<'version' | 'serial' | 'validity' | 'subject' | 'spki' | 'tail', Buffer>>,
): Buffer {
  const made = issue();
  const name = parts.subject ?? commonName('www.example.com');
  const algorithm = der.sequence(der.oid('1.2.840.10045.4.3.2'));
  const validity = der.sequence(
    der.element(23, text('260101000000Z')),
    der.element(23, text('270101000000Z')),
  );
  const tbs = der.sequence(
    parts.version ?? der.context(0, true, der.integer(2)),
    parts.serial ?? der.integer(1),
    algorithm,
    commonName('Test CA'),
    parts.validity ?? validity,
    name,
    parts.spki ?? spki(made.key),
    parts.tail ?? Buffer.alloc(0),
  );
  return signed(tbs, made.key);
}
/** The explicit [3] element of these Extensions. */
export const extensions = (...list: readonly Buffer[]): Buffer =>
  der.context(3, true, der.sequence(Buffer.concat(list)));
/** subjectAltName extension of these GeneralNames. */
export const san = (...names: readonly Buffer[]): Buffer =>
  extension('2.5.29.17', false, der.sequence(Buffer.concat(names)));
/** A dNSName. */
export const dnsName = (name: string): Buffer => der.context(2, false, text(name));
/** A time of this tag. */
export const time = (tag: number, value: string): Buffer => der.element(tag, text(value));
