import { domainToASCII } from 'node:url';
import ipaddr from 'ipaddr.js';
import type { CtConfig } from '../config.js';

/** What the logs are searched for, normalised; plain data, so that it can be handed to worker threads. */
export interface WatchList {
  /** Lower-case A-labels; sub-domains are included. */
  readonly domains: readonly string[];
  /** Lower-case A-labels; only these. */
  readonly names: readonly string[];
  /** As {@link foldText} makes them. */
  readonly organizations: readonly string[];
  /** Text contained in an issuer name, as {@link foldText} makes it. */
  readonly issuers: readonly string[];
  /** SHA-256 of SubjectPublicKeyInfo, hex. */
  readonly publicKeys: readonly string[];
  /** Canonical text. */
  readonly ipAddresses: readonly string[];
  readonly lookAlikes: {
    readonly enabled: boolean;
    readonly words: readonly string[];
    readonly ignore: readonly string[];
  };
  /** Every entry matches. */
  readonly everything: boolean;
}

/** The watch list of a configuration, with the domains the policy says are owned. */
export function watchListOf(
  watch: CtConfig['watch'],
  ownedDomains: readonly string[],
  everything = false,
): WatchList {
  return {
    domains: unique([...ownedDomains, ...watch.domains].map(domainName)),
    names: unique(watch.names.map(domainName)),
    organizations: unique(watch.organizations.map(foldText)),
    issuers: unique(watch.issuers.map(foldText)),
    publicKeys: unique(watch.publicKeys),
    ipAddresses: unique(watch.ipAddresses.map(canonicalAddress)),
    lookAlikes: { ...watch.lookAlikes, ignore: unique(watch.lookAlikes.ignore.map(domainName)) },
    everything,
  };
}

/** True when nothing at all is looked for. */
export function watchesNothing(list: WatchList): boolean {
  const { domains, names, organizations, issuers, publicKeys, ipAddresses } = list;
  const items = [domains, names, organizations, issuers, publicKeys, ipAddresses];
  return !list.everything && items.every((kind) => kind.length === 0);
}

/** True when host names alone do not tell whether a certificate matches. */
export function watchesMoreThanNames(list: WatchList): boolean {
  const { organizations, issuers, publicKeys, ipAddresses, lookAlikes, everything } = list;
  return (
    everything ||
    lookAlikes.enabled ||
    [organizations, issuers, publicKeys, ipAddresses].some((kind) => kind.length > 0)
  );
}

/** Lower-case A-labels without a leading `*.` or dot and without a final dot; the text itself where IDNA refuses it. */
export function domainName(text: string): string {
  const bare = text
    .trim()
    .replace(/^\*?\./, '')
    .replace(/\.$/, '');
  return (domainToASCII(bare) || bare).toLowerCase();
}

/** Lower case, compatible characters and white space made one: how organization and issuer names are compared. */
export function foldText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
}

function canonicalAddress(text: string): string {
  return ipaddr.isValid(text) ? ipaddr.process(text).toString() : text;
}

function unique(items: readonly string[]): string[] {
  return [...new Set(items)].filter((item) => item.length > 0);
}
