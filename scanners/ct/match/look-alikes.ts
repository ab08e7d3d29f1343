import { parse } from 'tldts';
import type { CtMatch } from '../../../src/model/ct-entry.js';
import { needsSkeleton, readable, skeletonOf } from './skeleton.js';
import { deletions, typoOf } from './typo.js';
import type { WatchList } from './watch-list.js';

/** Explains why a name looks like a watched domain; null when it does not. Names as normalised names are. */
export type LookAlikes = (name: string) => CtMatch | null;

/** A domain that others may imitate. */
interface Brand {
  /** Registrable domain, for example `example.co.uk`. */
  readonly domain: string;
  /** Its own label, as people read it: `example`. */
  readonly label: string;
  readonly suffix: string;
}

/** Labels shorter than this are too common a word for anything but an exact imitation of the whole domain. */
const shortestLabel = 5;
const shortestTypo = 6;
/** Longest label typos are looked for in; the DNS allows 63. */
const longestTypo = 24;

/** Words that turn up beside a brand when somebody wants a password or money. */
const usualWords = [
  ...[
    'www',
    'login',
    'logon',
    'signin',
    'sign-in',
    'auth',
    'sso',
    'account',
    'accounts',
    'password',
    'secure',
    'security',
  ],
  ...[
    'verify',
    'verification',
    'confirm',
    'update',
    'unlock',
    'recovery',
    'reset',
    'support',
    'help',
    'helpdesk',
  ],
  ...[
    'service',
    'services',
    'customer',
    'client',
    'portal',
    'webmail',
    'mail',
    'vpn',
    'admin',
    'billing',
    'invoice',
  ],
  ...[
    'payment',
    'payments',
    'pay',
    'refund',
    'wallet',
    'bank',
    'alert',
    'alerts',
    'online',
    'official',
    'id',
  ],
] as const;

/** Finds imitations of the list's domains, precise rather than complete. */
export function createLookAlikes(list: WatchList): LookAlikes {
  const brands = brandsOf(list.domains);
  const byLabel = index(brands, (brand) => [brand.label]);
  const bySkeleton = index(brands, (brand) => [skeletonOf(brand.label)]);
  const byDeletion = index(
    brands.filter(({ label }) => label.length >= shortestTypo && label.length <= longestTypo),
    (brand) => [...deletions(brand.label)],
  );
  // Any label may be what is left of one with marks.
  const isMarked = brands.some(({ label }) => /[^ -~]/.test(label));
  const lengths = [...new Set(brands.map(({ label }) => label.length))];
  const words = new Set([...usualWords, ...list.lookAlikes.words]);
  const own = new Set([...brands.map(({ domain }) => domain), ...list.lookAlikes.ignore, ...list.domains]);

  function explainRegistrable(asListed: string, suffix: string): Explanation | null {
    const label = readable(asListed);
    const same = byLabel.get(label)?.[0];
    if (same !== undefined)
      return { brand: same, reason: `"${label}" under .${suffix}, not .${same.suffix}` };
    const reads = isMarked || needsSkeleton(label) ? bySkeleton.get(skeletonOf(label))?.[0] : undefined;
    if (reads !== undefined) return { brand: reads, reason: `"${asListed}" reads like "${reads.label}"` };
    return typo(label, byDeletion) ?? addedWord(label, byLabel, lengths, words);
  }

  function explain(name: string): Explanation | null {
    const { domain, domainWithoutSuffix, publicSuffix, subdomain } = parse(name, { validateHostname: false });
    if (domain === null || domainWithoutSuffix === null || publicSuffix === null || isOwn(name, own))
      return null;
    const labels = subdomain === null || subdomain === '' ? [] : subdomain.split('.').map(readable);
    return (
      explainRegistrable(domainWithoutSuffix, publicSuffix) ?? asSubdomain(labels, byLabel, lengths, words)
    );
  }

  return (name) => {
    const found = explain(name.replace(/^\*\./, ''));
    return found && { watch: 'look-alike', item: found.brand.domain, value: name, reason: found.reason };
  };
}

interface Explanation {
  readonly brand: Brand;
  readonly reason: string;
}

type Index = ReadonlyMap<string, readonly Brand[]>;

function brandsOf(domains: readonly string[]): Brand[] {
  const brands = new Map<string, Brand>();
  for (const name of domains) {
    const {
      domain,
      domainWithoutSuffix: label,
      publicSuffix: suffix,
    } = parse(name, { validateHostname: false });
    if (domain === null || label === null || suffix === null || label.length < shortestLabel) continue;
    brands.set(domain, { domain, label: readable(label), suffix });
  }
  return [...brands.values()];
}

function index(brands: readonly Brand[], keysOf: (brand: Brand) => readonly string[]): Index {
  const map = new Map<string, Brand[]>();
  for (const brand of brands)
    for (const key of keysOf(brand)) {
      const known = map.get(key);
      if (known === undefined) map.set(key, [brand]);
      else known.push(brand);
    }
  return map;
}

function isOwn(name: string, own: ReadonlySet<string>): boolean {
  for (let at = 0; at >= 0; at = name.indexOf('.', at) + 1 || -1) if (own.has(name.slice(at))) return true;
  return false;
}

function typo(label: string, byDeletion: Index): Explanation | null {
  if (label.length < shortestTypo - 1 || label.length > longestTypo + 1) return null;
  for (const shorter of deletions(label))
    for (const brand of byDeletion.get(shorter) ?? []) {
      const slip = typoOf(label, brand.label);
      if (slip !== null) return { brand, reason: `"${label}" ${slip} of "${brand.label}"` };
    }
  return null;
}

/** `example-login`, `secure-example`, `examplelogin`: the brand and nothing but telling words. */
function addedWord(
  label: string,
  byLabel: Index,
  lengths: readonly number[],
  words: ReadonlySet<string>,
): Explanation | null {
  for (const length of lengths) {
    if (length >= label.length) continue;
    for (const [part, rest] of [
      [label.slice(0, length), label.slice(length)],
      [label.slice(-length), label.slice(0, -length)],
    ] as const) {
      const brand = byLabel.get(part)?.[0];
      const added = rest.replaceAll(/^-+|-+$/g, '');
      if (brand !== undefined && isTelling(added, words))
        return { brand, reason: `adds "${added}" to "${brand.label}"` };
    }
  }
  return null;
}

function isTelling(text: string, words: ReadonlySet<string>): boolean {
  return text !== '' && (words.has(text) || text.split('-').every((word) => words.has(word)));
}

/** `example.com.evil.test`, `example-login.evil.test`: the imitation stands before somebody else's domain. */
function asSubdomain(
  labels: readonly string[],
  byLabel: Index,
  lengths: readonly number[],
  words: ReadonlySet<string>,
): Explanation | null {
  for (const [at, label] of labels.entries()) {
    const brand = byLabel
      .get(label)
      ?.find(({ suffix }) =>
        suffix.split('.').every((part, offset) => labels[at + 1 + offset] === readable(part)),
      );
    if (brand !== undefined) return { brand, reason: `"${brand.domain}" stands before another domain` };
    const worded = addedWord(label, byLabel, lengths, words);
    if (worded !== null) return { ...worded, reason: `${worded.reason}, before another domain` };
  }
  return null;
}
