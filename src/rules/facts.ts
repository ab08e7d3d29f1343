import { programmesOf } from '../lib/root-programmes.js';
import { perObject } from '../lib/memoize.js';
import type { Certificate } from '../model/certificate.js';
import { answeredNames, serverNames } from '../x509/read/answered-names.js';
import type { CheckInput } from './rule.js';

/** Milliseconds of a day. */
export const dayMs = 86_400_000;

/** True when the certificate is in use or in hand, not merely known from a log. */
export function isInUse(input: Pick<CheckInput, 'source'>): boolean {
  return input.source !== 'logged';
}

/** True unless the certificate is only logged, and for nobody's names but other people's. */
export function isOurs(input: CheckInput): boolean {
  return input.source !== 'logged' || ownedNames(input).length > 0;
}

/**
 * The names the certificate answers for that lie under an owned domain, or could: `*.example.com` answers for an owned
 * `www.example.com`. Those of an organization, a unit or a mailbox of the subject do not count.
 */
export function ownedNames({ certificate, policy }: CheckInput): readonly string[] {
  return ownedAmong(policy.ownedDomains)(certificate);
}

/** Nearly every rule asks; the list of a policy is the same object for all that is judged by it. */
const ownedAmong = perObject((ownedDomains: readonly string[]) =>
  perObject((certificate: Certificate) =>
    answeredNames(certificate).filter((name) => ownedDomains.some((domain) => covers(name, domain))),
  ),
);

function covers(name: string, domain: string): boolean {
  const base = name.startsWith('*.') ? name.slice(2) : name;
  if (base === domain || base.endsWith(`.${domain}`)) return true;
  return base !== name && domain.slice(domain.indexOf('.') + 1) === base;
}

/**
 * True for the file of a CA that answers for no name. A server's self-signed certificate is often marked as a CA too
 * (`openssl req -x509` does it by default), so the mark alone is not enough.
 */
export function isFileOfCa({ source, certificate }: Pick<CheckInput, 'source' | 'certificate'>): boolean {
  if (source !== 'file' || !certificate.isCa) return false;
  return serverNames(certificate).length === 0 || programmesOf(certificate.sha256) !== null;
}

/** The second an instant lies in: certificates count in whole ones (RFC 5280 section 4.1.2.5), so 23:59:59.999 is still 23:59:59. */
export function wholeSecond(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / 1000) * 1000);
}

/** The earliest of some instants (milliseconds) after `now`; null when none is. */
export function nextInstant(now: Date, instants: readonly number[]): Date | null {
  const next = Math.min(...instants.filter((at) => at > now.getTime()));
  return Number.isFinite(next) ? new Date(next) : null;
}

/** Days from one instant to another, to one decimal, rounded down: 0.9 is less than a day. */
export function daysBetween(from: Date, to: Date): number {
  return Math.floor(((to.getTime() - from.getTime()) / dayMs) * 10) / 10;
}

/** The leaf and what came with it, each with its position: 0 is the leaf. */
export function withChain(input: CheckInput): readonly { certificate: Certificate; position: number }[] {
  return [input.certificate, ...input.chain].map((certificate, position) => ({ certificate, position }));
}
