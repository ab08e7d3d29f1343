import type { FastCertificate } from './fast.js';
import { hasDot } from './general-names.js';
import { isDnsLike, namesInCommonName, normalizeName } from './names.js';
import { rawNames } from './raw-names.js';

/**
 * Every name the certificate can answer for, normalised for matching (the `names` of the model). In a certificate that was
 * read to its end, with nothing behind it, these are its dNSNames, what Common Names and other subject values look like host names, hosts of URI
 * names, and DNS-like text in names and extensions of unknown kinds; in any other also all DNS-like text in its bytes.
 */
export function namesOf(fast: FastCertificate): readonly string[] {
  const { subjectAltNames, subject, problems, strayValues } = fast;
  const commonNames = subject?.commonNames ?? [];
  const isPlain =
    subjectAltNames.arePlain &&
    subjectAltNames.others.length + strayValues.length === 0 &&
    !problems.hasFatal &&
    !hasTrailer(fast);
  // The usual case by far: the Common Name is one of the dNSNames, and these are as they should be.
  if (isPlain && isUsual(subjectAltNames.dnsNames, commonNames) && !hasHostInSubject(fast))
    return subjectAltNames.dnsNames;
  const names = new Set<string>();
  for (const name of subjectAltNames.dnsNames) addAll(names, normalizeName(name));
  for (const name of commonNames) addAll(names, namesInCommonName(name));
  for (const uri of subjectAltNames.uris) addAll(names, hostOf(uri));
  addHostsInSubject(names, fast);
  if (problems.hasFatal || hasTrailer(fast)) addAll(names, rawNames(fast.bytes));
  else
    for (const [start, end] of pairs([...subjectAltNames.others, ...strayValues]))
      addAll(names, rawNames(fast.bytes.subarray(start, end), { skipUrls: true }));
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
  for (let index = 0; index < subject.others.length; index += 2) {
    const [start = 0, end = 0] = [subject.others[index], subject.others[index + 1]];
    if (hasDot(bytes, start, end) && isDnsLike(bytes.toString('latin1', start, end).toLowerCase()))
      return true;
  }
  return false;
}

function addHostsInSubject(names: Set<string>, fast: FastCertificate): void {
  addAll(names, fast.subject?.organizations.filter(isDnsLike) ?? []);
  for (const [start, end] of pairs(fast.subject?.others ?? [])) {
    const text = fast.bytes.toString('latin1', start, end).toLowerCase();
    if (isDnsLike(text)) names.add(text);
  }
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
