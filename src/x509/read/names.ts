import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';

/**
 * Names as they are compared: lower case, A-labels, no dot at either end, wildcards kept. One text can give several: both
 * halves of a NUL-split name, and what looks like a DNS name within other text. Empty when nothing is left.
 */
export function normalizeName(text: string): string[] {
  const found = new Set<string>();
  for (const part of text.split('\0')) {
    const name = toAscii(trimDots(part.trim()));
    if (name === '') continue;
    found.add(name);
    if (!hostCharacters.test(name)) for (const inner of findNames(part)) found.add(inner);
  }
  return [...found];
}

const hostCharacters = /^[a-z0-9._*-]*$/;

/** Longer than any name of the DNS in any writing; IDNA would take seconds over a megabyte. */
const maxIdnaLength = 1000;

/** Lower case, and A-labels where IDNA (UTS 46) knows how; otherwise the lower-case text itself. */
function toAscii(name: string): string {
  const lower = name.toLowerCase();
  if (lower.length > maxIdnaLength || !/[^\0-\x7f]/.test(lower)) return lower;
  return domainToASCII(name) || labelsToAscii(lower);
}

/** Label by label, so that one label that IDNA refuses leaves the others comparable. */
function labelsToAscii(name: string): string {
  return name
    .split(/[.\u3002\uff0e\uff61]/)
    .map((label) => (/[^\0-\x7f]/.test(label) ? domainToASCII(label) || label : label))
    .join('.');
}

function trimDots(name: string): string {
  let start = 0;
  let end = name.length;
  while (start < end && name[start] === '.') start += 1;
  while (end > start && name[end - 1] === '.') end -= 1;
  return name.slice(start, end);
}

/** The names in a Common Name, where it looks like a host name or an IP address; prose and personal names give none. */
export function namesInCommonName(text: string): string[] {
  if (isIP(text) !== 0) return [text.toLowerCase()];
  return normalizeName(text).filter((name) => hostLike.test(name));
}

/** The names that a text is as a whole, or either part of it where a NUL splits it; normalised, and none of prose. */
export function wholeNames(text: string): string[] {
  return text
    .split('\0')
    .map((part) => toAscii(trimDots(part.trim())))
    .filter(isDnsLike);
}

/** Two labels or more, the last beginning with a letter: also names of networks with a private top. */
const hostLike = /^(?:[a-z0-9_*?-]{1,63}\.){1,126}[a-z][a-z0-9-]{0,62}$/;

/** Two labels or more, the last one letters, or an A-label. */
const dnsLike = /^(?:[a-z0-9_*?-]{1,63}\.){1,126}(?:[a-z]{2,63}|xn--[a-z0-9-]{0,58}[a-z0-9])$/;

/** True for a lower-case name of two labels or more, as {@link normalizeName} gives them, that could stand in the DNS. */
export function isDnsLike(name: string): boolean {
  return name.length <= 253 && dnsLike.test(name);
}

const textNames =
  /(?<![\p{L}\p{N}\p{M}_*-])[\p{L}\p{N}\p{M}_*-]+(?:[.\u3002\uff0e\uff61][\p{L}\p{N}\p{M}_*-]+)+/gu;

/** Every DNS-like name inside free text, normalised; with `skipUrls`, parts of URLs and mailboxes before their `@` are left out. */
export function findNames(text: string, skipUrls = false): string[] {
  const found = new Set<string>();
  for (const match of text.matchAll(textNames)) {
    const around = text.slice(Math.max(0, match.index - 1), match.index + match[0].length + 1);
    if (skipUrls && /^\/|@$/.test(around)) continue;
    const name = toAscii(match[0]);
    if (isDnsLike(name)) found.add(name);
  }
  return [...found];
}

/**
 * True when a certificate name concerns a domain: equals it, lies below it, or covers it or something below it by a
 * wildcard (`*.example.com` concerns `www.example.com`, RFC 9525 section 6.3; `w*.example.com` and `?` of redacted names are
 * taken for wildcards of their label too, to err on the safe side). Both as {@link normalizeName} gives them.
 */
export function concernsDomain(name: string, domain: string): boolean {
  if (name === domain) return true;
  if (name.endsWith(domain) && name[name.length - domain.length - 1] === '.') return true;
  return /[*?]/.test(name) && wildcardConcerns(name.split('.'), domain.split('.'));
}

function wildcardConcerns(name: readonly string[], domain: readonly string[]): boolean {
  const surplus = name.length - domain.length;
  return surplus >= 0 && domain.every((label, index) => labelCovers(name[surplus + index] ?? '', label));
}

/** A label with wildcards against a plain one; linear for the one star that matters, `?` stands for a redacted label. */
function labelCovers(pattern: string, label: string): boolean {
  if (pattern === label || pattern === '*' || pattern === '?') return true;
  const star = pattern.indexOf('*');
  if (star < 0) return false;
  const head = pattern.slice(0, star);
  const tail = pattern.slice(pattern.lastIndexOf('*') + 1);
  return label.length >= head.length + tail.length && label.startsWith(head) && label.endsWith(tail);
}
