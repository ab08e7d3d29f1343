import { createHash } from 'node:crypto';
import { DerError } from '../read/der.js';
import { readPathCertificate, type PathCertificate } from './certificate.js';

/** How far a root is trusted for one purpose. */
export interface RootTrust {
  readonly trusted: boolean;
  /** Certificates whose notBefore is later than this are not trusted; null: no such date. */
  readonly distrustAfter: Date | null;
}

/** One trusted certificate as a store's data name it. */
export interface RootEntry {
  readonly der: Uint8Array;
  readonly server: RootTrust;
  readonly client: RootTrust;
}

/** A root ready to end a path. */
export interface TrustAnchor {
  readonly certificate: PathCertificate;
  readonly server: RootTrust;
  readonly client: RootTrust;
}

/** A named set of roots. Every verdict names the store it was reached with. */
export interface RootStore {
  /** For example `mozilla` or `file roots.pem`. */
  readonly name: string;
  /** ISO day the data stand for. */
  readonly date: string;
  /**
   * A public root programme's store: its roots were vetted by the programme, and the certificates below them are bound by
   * the CA/Browser Forum's rules. False for an operator's own roots.
   */
  readonly isPublic: boolean;
  readonly size: number;
  /** Anchors by the comparable key of their subject. */
  readonly anchorsBySubject: Pick<ReadonlyMap<string, readonly TrustAnchor[]>, 'get' | 'values'>;
  /** Entries that could not be read: SHA-256 and why. */
  readonly unreadable: readonly { readonly sha256: string; readonly reason: string }[];
}

/** Trust without limits. */
export const fullTrust: RootTrust = { trusted: true, distrustAfter: null };

/** Reads and indexes a store's roots; repeated ones count once, unreadable ones are listed, never thrown. */
export function createRootStore(
  about: { readonly name: string; readonly date: string; readonly isPublic: boolean },
  entries: readonly RootEntry[],
): RootStore {
  const bySubject = new Map<string, TrustAnchor[]>();
  const seen = new Set<string>();
  const unreadable: { sha256: string; reason: string }[] = [];
  for (const { der, server, client } of entries) {
    const sha256 = createHash('sha256').update(der).digest('hex');
    if (seen.has(sha256)) continue;
    seen.add(sha256);
    try {
      const certificate = readPathCertificate(der);
      const key = certificate.subject.key;
      bySubject.set(key, [...(bySubject.get(key) ?? []), { certificate, server, client }]);
    } catch (error) {
      if (!(error instanceof DerError)) throw error;
      unreadable.push({ sha256, reason: error.message });
    }
  }
  return { ...about, size: seen.size - unreadable.length, anchorsBySubject: bySubject, unreadable };
}

/** An entry whose subject's comparable key is known, so that it need not be read to be found. */
export interface KeyedRootEntry extends RootEntry {
  readonly subjectKey: string;
}

/** As {@link createRootStore} for readable roots without repeats, each read when its subject is first asked for. */
export function createKeyedRootStore(
  about: { readonly name: string; readonly date: string; readonly isPublic: boolean },
  entries: readonly KeyedRootEntry[],
): RootStore {
  const waiting = new Map<string, KeyedRootEntry[]>();
  for (const entry of entries) {
    const same = waiting.get(entry.subjectKey);
    if (same === undefined) waiting.set(entry.subjectKey, [entry]);
    else same.push(entry);
  }
  const ready = new Map<string, readonly TrustAnchor[]>();
  const get = (key: string): readonly TrustAnchor[] | undefined => {
    const known = ready.get(key);
    const found = known === undefined ? waiting.get(key) : undefined;
    if (found === undefined) return known;
    const anchors = found.map(({ der, server, client }) => ({
      certificate: readPathCertificate(der),
      server,
      client,
    }));
    ready.set(key, anchors);
    return anchors;
  };
  const values = (): MapIterator<readonly TrustAnchor[]> => {
    for (const key of waiting.keys()) get(key);
    return ready.values();
  };
  return { ...about, size: entries.length, anchorsBySubject: { get, values }, unreadable: [] };
}

/** The store as verdicts name it, for example `mozilla 2026-04-09`. */
export function storeLabel(store: RootStore): string {
  return `${store.name} ${store.date}`;
}
