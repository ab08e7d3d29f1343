import { domainToASCII } from 'node:url';
import { parse } from 'tldts';
import type { PathCertificate } from './certificate.js';
import type { Problem } from './codes.js';
import { isDnsName, wildcardBase } from './dns-name.js';
import { generalNameText, splitMailbox, type GeneralName } from './general-name.js';
import { addressText, parseAddress } from './ip-address.js';
import { quote } from './quote.js';

/** What the caller expects at the other end. */
type Reference =
  | { readonly kind: 'dns'; readonly name: string }
  | { readonly kind: 'ip'; readonly octets: Uint8Array }
  | { readonly kind: 'email'; readonly local: string; readonly host: string };

/**
 * Matches `host` (a DNS name in A- or U-labels, an address, or for clients a mailbox) with the subjectAltName, as RFC 9525
 * section 6 has it: no Common Name, addresses only by iPAddress, a wildcard only for one whole left-most label, and never
 * directly under a public suffix. Suffixes that are a company's own, like github.io, count as public unless the issuer is bound
 * (`isPublic`) to give such a wildcard to that company alone (Baseline Requirements section 3.2.2.6).
 */
export function identityProblems(
  certificate: PathCertificate,
  host: string,
  isPublic: boolean,
): readonly Problem[] {
  const names = certificate.extensions.subjectAltName?.value ?? [];
  const answers = answersFor(names, host, isPublic);
  if (answers === null)
    return [{ code: 'bad-host', text: `cannot be matched with "${quote(host)}", which is no host name` }];
  if (answers) return [];
  const shown = names.slice(0, 5).map((name) => quote(generalNameText(name)));
  const list = shown.length === 0 ? 'no alternative name' : shown.join(', ');
  const rest = names.length > 5 ? ` and ${names.length - 5} more` : '';
  return [{ code: 'name-mismatch', text: `is for ${list}${rest}, not for ${quote(host)}` }];
}

/** True when one of the names stands for `host` as {@link identityProblems} says; null when `host` is no host name. */
export function answersFor(names: readonly GeneralName[], host: string, isPublic: boolean): boolean | null {
  const reference = readReference(host);
  return reference === null ? null : names.some((name) => matches(name, reference, isPublic));
}

function readReference(host: string): Reference | null {
  const octets = parseAddress(host.replace(/^\[(.*)\]$/, '$1'));
  if (octets !== null) return { kind: 'ip', octets };
  if (host.includes('@')) {
    const mailbox = splitMailbox(host);
    return mailbox === null ? null : { kind: 'email', ...mailbox };
  }
  // ASCII stays as it is: the URL standard's mapping would turn other things, like "0x7f.1", into addresses.
  const withoutDot = host.replace(/\.$/, '');
  const name = /^[\x20-\x7e]*$/.test(withoutDot) ? withoutDot.toLowerCase() : domainToASCII(withoutDot);
  return isHostLike(name) ? { kind: 'dns', name } : null;
}

/** Underscores are looked for too, and then not found. */
function isHostLike(name: string): boolean {
  return isDnsName(name.replaceAll('_', 'x'));
}

function matches(presented: GeneralName, reference: Reference, isPublic: boolean): boolean {
  if (presented.kind === 'ip' && reference.kind === 'ip')
    return addressText(presented.octets) === addressText(reference.octets);
  if (presented.kind === 'email' && reference.kind === 'email') {
    const mailbox = splitMailbox(presented.text);
    return mailbox !== null && mailbox.local === reference.local && mailbox.host === reference.host;
  }
  if (presented.kind !== 'dns' || reference.kind !== 'dns') return false;
  const text = presented.text.toLowerCase();
  const base = wildcardBase(text);
  if (base === null) return text === reference.name;
  const [, ...parent] = reference.name.split('.');
  if (!isDnsName(base) || parent.join('.') !== base) return false;
  return parse(base, { allowPrivateDomains: !isPublic, validateHostname: false }).publicSuffix !== base;
}
