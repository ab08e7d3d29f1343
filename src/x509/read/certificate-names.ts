import { tags } from './der.js';
import { decodeText } from './der-text.js';
import type { FastCertificate } from './fast.js';
import { contentStart } from './layout.js';
import { isDnsLike, namesInCommonName, normalizeName, wholeNames } from './names.js';
import { addRawNames, rawNames } from './raw-names.js';

/**
 * Every name the certificate can answer for, normalised for matching (the `names` of the model). In a certificate that was
 * read to its end, with nothing behind it, these are its dNSNames, what Common Names and other subject values look like host names, hosts of URI
 * names, domains of mailboxes, and DNS-like text in names and extensions of unknown kinds; in any other also all DNS-like text in its bytes.
 */
export function namesOf(fast: FastCertificate): readonly string[] {
  const { subjectAltNames, subject, problems, strayValues } = fast;
  const commonNames = subject?.commonNames ?? [];
  const isPlain =
    subjectAltNames.arePlain &&
    subjectAltNames.others.length + subjectAltNames.emailAddresses.length + strayValues.length === 0 &&
    !problems.hasFatal &&
    !hasTrailer(fast);
  // The usual case by far: the Common Name is one of the dNSNames, and these are as they should be.
  if (isPlain && isUsual(subjectAltNames.dnsNames, commonNames) && !hasHostInSubject(fast))
    return subjectAltNames.dnsNames;
  const names = new Set<string>();
  for (const name of subjectAltNames.dnsNames) addAll(names, normalizeName(name));
  for (const name of commonNames) addAll(names, namesInCommonName(name));
  for (const uri of subjectAltNames.uris) addAll(names, hostOf(uri));
  for (const mailbox of subjectAltNames.emailAddresses) addAll(names, domainOf(mailbox));
  addHostsInSubject(names, fast);
  if (problems.hasFatal || hasTrailer(fast)) addRawNames(fast.bytes, false, names);
  else
    for (const [start, end] of pairs([...subjectAltNames.others, ...strayValues]))
      addRawNames(fast.bytes.subarray(start, end), !fast.layout.hasDuplicate, names);
  return [...names];
}

/** Bytes behind the certificate, which others may read as part of it. */
function hasTrailer({ bytes, layout }: FastCertificate): boolean {
  return layout.end >= 0 && layout.end < bytes.length;
}

function isUsual(dnsNames: readonly string[], commonNames: readonly string[]): boolean {
  const [commonName] = commonNames;
  if (commonNames.length > 1) return false;
  if (commonName !== undefined && commonName !== dnsNames[0] && !dnsNames.includes(commonName)) return false;
  if (dnsNames.length > 8) return new Set(dnsNames).size === dnsNames.length;
  for (let index = 1; index < dnsNames.length; index += 1)
    if (dnsNames.indexOf(dnsNames[index] ?? '') < index) return false;
  return true;
}

/**
 * A subject value of any type that is as a whole a host name may be a Common Name under a wrong type. Organizations are
 * often called after their domain, but not in small letters.
 */
function hasHostInSubject({ subject, bytes }: FastCertificate): boolean {
  if (subject === null) return false;
  if (subject.organizations.some(isDnsLike)) return true;
  for (let index = 0; index < subject.others.length; index += 2)
    if (hostsInValue(bytes, subject.others[index] ?? 0, subject.others[index + 1] ?? 0).length > 0)
      return true;
  return false;
}

function addHostsInSubject(names: Set<string>, { subject, bytes }: FastCertificate): void {
  addAll(names, subject?.organizations.filter(isDnsLike) ?? []);
  for (const [start, end] of pairs(subject?.others ?? [])) addAll(names, hostsInValue(bytes, start, end));
}

/** Host names that an attribute value is; of one that is no string of single octets also those that stand in it. */
function hostsInValue(bytes: Buffer, start: number, end: number): readonly string[] {
  const tag = bytes[start] ?? 0;
  const from = contentStart(bytes, start);
  if (octetStrings.has(tag) && !hasDotOrWide(bytes, from, end)) return noHosts;
  const text = decodeText(bytes, { tag, start, contentStart: from, end })?.text ?? '';
  const hosts = wholeNames(text);
  return octetStrings.has(tag) ? hosts : [...hosts, ...rawNames(bytes.subarray(from, end))];
}

const noHosts: readonly string[] = [];
const octetStrings: ReadonlySet<number> = new Set<number>([
  tags.utf8String,
  tags.numericString,
  tags.printableString,
  tags.teletexString,
  tags.ia5String,
  tags.visibleString,
]);

/** A dot, or octets that may be a dot of another script. */
function hasDotOrWide(bytes: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end; at += 1) if (bytes[at] === 0x2e || (bytes[at] ?? 0) >= 0x80) return true;
  return false;
}

function domainOf(mailbox: string): string[] {
  const at = mailbox.lastIndexOf('@');
  return at < 0 ? [] : normalizeName(mailbox.slice(at + 1)).filter(isDnsLike);
}

function hostOf(uri: string): string[] {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:]+)/i.exec(uri)?.[1];
  return host === undefined ? [] : normalizeName(host).filter(isDnsLike);
}

function pairs(flat: readonly number[]): [number, number][] {
  const list: [number, number][] = [];
  for (let index = 0; index < flat.length; index += 2) list.push([flat[index] ?? 0, flat[index + 1] ?? 0]);
  return list;
}

function addAll(names: Set<string>, more: readonly string[]): void {
  for (const name of more) names.add(name);
}
