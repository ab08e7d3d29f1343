import { isUnreadable, type Certificate } from '../../../src/model/certificate.js';
import type { CtMatch } from '../../../src/model/ct-entry.js';
import { concernsDomain } from '../../../src/x509/read/names.js';
import type { LookAlikes } from './look-alikes.js';
import { createSuffixTable } from './suffix-table.js';
import { foldText, watchesNothing, type WatchList } from './watch-list.js';

/** Says why a certificate matters; empty when it does not. */
export type Matcher = (certificate: Certificate) => CtMatch[];

/** Reasons given at most: a certificate with 50,000 owned names needs no 50,000 of them. */
export const maxMatches = 32;

/** A matcher for the list; `lookAlikes` explains look-alike names, null when they are not wanted. */
export function createMatcher(list: WatchList, lookAlikes: LookAlikes | null): Matcher {
  const matchNames = createNameMatcher(list);
  const idle = watchesNothing(list);
  const others: Matcher[] = [
    setMatcher('organization', list.organizations, (certificate) => certificate.organizations, foldText),
    setMatcher('ip-address', list.ipAddresses, (certificate) => [
      ...certificate.ipAddresses,
      ...certificate.names,
    ]),
    setMatcher('spki', list.publicKeys, (certificate) => [certificate.spkiSha256 ?? '']),
    issuerMatcher(list.issuers),
  ];
  return (certificate) => {
    const found = matchNames(certificate.names);
    for (const other of others) found.push(...other(certificate));
    if (lookAlikes !== null && found.length === 0) found.push(...lookAlikesOf(certificate, lookAlikes));
    if (!idle && isUnreadable(certificate)) found.push(unreadable(certificate));
    if (list.everything && found.length === 0)
      found.push({
        watch: 'all',
        item: '',
        value: certificate.names[0] ?? '',
        reason: 'every entry is kept',
      });
    return found.slice(0, maxMatches);
  };
}

/** Domains with their sub-domains, and exact names; wildcards count where they cover the watched name. */
export function createNameMatcher(list: WatchList): (names: readonly string[]) => CtMatch[] {
  const items = [...list.domains, ...list.names];
  const table = createSuffixTable(items);
  return (names) => {
    const found = new Map<string, CtMatch>();
    let comparisons = 0;
    for (const name of names)
      for (const index of table.candidates(name)) {
        comparisons += 1;
        if (comparisons > maxComparisons) return [...found.values(), tooMany(name)];
        const item = items[index] ?? '';
        const exact = index >= list.domains.length;
        if (!concernsDomain(name, item) || (exact && !coversExactly(name, item))) continue;
        const match = {
          watch: exact ? 'exact-name' : 'domain',
          item,
          value: name,
          reason: reasonFor(name, item),
        } as const;
        found.set(`${index} ${name}`, match);
        if (found.size >= maxMatches) return [...found.values()];
      }
    return [...found.values()];
  };
}

/** Names like `x*.com`, thousands of them, would each have to be compared with every watched name. */
const maxComparisons = 200_000;

function tooMany(name: string): CtMatch {
  const reason =
    'the certificate holds more wildcards than can be compared, so it may be for any watched name';
  return { watch: 'unreadable', item: '', value: name, reason };
}

/** An exact name is not concerned by names below it. */
function coversExactly(name: string, item: string): boolean {
  return name.split('.').length === item.split('.').length;
}

function reasonFor(name: string, item: string): string | null {
  if (name === item) return null;
  return name.endsWith(`.${item}`) ? 'lies below the watched name' : 'its wildcard covers the watched name';
}

function setMatcher(
  watch: CtMatch['watch'],
  items: readonly string[],
  valuesOf: (certificate: Certificate) => readonly string[],
  normalize: (value: string) => string = (value) => value,
): Matcher {
  const wanted = new Set(items);
  return (certificate) => {
    if (wanted.size === 0) return [];
    const values = new Set(valuesOf(certificate));
    return [...values]
      .filter((value) => wanted.has(normalize(value)))
      .map((value) => ({ watch, item: normalize(value), value, reason: null }));
  };
}

function issuerMatcher(issuers: readonly string[]): Matcher {
  return (certificate) => {
    if (issuers.length === 0) return [];
    const issuer = foldText(certificate.issuer);
    return issuers
      .filter((item) => issuer.includes(item))
      .map((item) => ({
        watch: 'issuer',
        item,
        value: certificate.issuer,
        reason: 'the issuer name contains the watched text',
      }));
  };
}

function lookAlikesOf(certificate: Certificate, explain: LookAlikes): CtMatch[] {
  const found: CtMatch[] = [];
  for (const name of certificate.names) {
    const match = explain(name);
    if (match !== null) found.push(match);
    if (found.length >= maxMatches) break;
  }
  return found;
}

/** What cannot be read could be for any watched name: it always matches (as certspotter does). */
function unreadable(certificate: Certificate): CtMatch {
  const problem = certificate.problems.find((candidate) => candidate.fatal);
  return { watch: 'unreadable', item: '', value: problem?.code ?? '', reason: problem?.message ?? null };
}
