import { caaDomainsOf } from '../lib/caa-issuers.js';

/** One CAA property. */
export interface CaaProperty {
  readonly critical: boolean;
  readonly tag: string;
  readonly value: string;
}

/** Properties that are for CAs of servers, or known and of no account to them (RFC 8659, RFC 9495, RFC 9091, Baseline Requirements). */
export const knownTags: ReadonlySet<string> = new Set([
  'issue',
  'issuewild',
  'iodef',
  'issuemail',
  'issuevmc',
  'contactemail',
  'contactphone',
]);

/** Issuer domains that may issue for a name; null: anyone may (RFC 8659 sections 4.2 and 4.3). */
export function allowedIssuers(
  records: readonly CaaProperty[],
  isWildcard: boolean,
): readonly string[] | null {
  const wild = records.filter(({ tag }) => tag === 'issuewild');
  const relevant = isWildcard && wild.length > 0 ? wild : records.filter(({ tag }) => tag === 'issue');
  if (relevant.length === 0) return null;
  return relevant
    .map(({ value }) => (value.split(';')[0] ?? '').trim().toLowerCase())
    .filter((domain) => domain !== '');
}

/** Issuer domains of the CA behind an issuer's name (RFC 4514 text); empty when it is not known, which proves nothing. */
export function issuerDomains(issuer: string): readonly string[] {
  const organization = /(?:^|,)O=((?:\\.|[^,\\])*)/.exec(issuer)?.[1];
  return organization === undefined ? [] : caaDomainsOf(organization.replaceAll(/\\(.)/g, '$1'));
}

/** Properties as one comparable text each, sorted. */
export function propertyTexts(records: readonly CaaProperty[]): readonly string[] {
  return records.map(({ critical, tag, value }) => `${critical ? '128' : '0'} ${tag} "${value}"`).sort();
}
