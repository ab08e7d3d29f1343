import type { EndpointState } from '../model/endpoint-state.js';
import type { Judged } from '../model/judged.js';

/** Where a page of endpoints ended; opaque. */
export type EndpointCursor = readonly [string, string];

/** A certificate that a log holds. */
export interface LoggedCertificate {
  readonly sha256: string;
  /** The longest chain that a log gave, leaf excluded, SHA-256; empty when none gave one. */
  readonly chain: readonly string[];
}

/** Everything stored about one issuance. */
export interface StoredIssuance {
  /** SHA-256 of the TBSCertificate; of the certificate when that could not be read. */
  readonly key: string;
  /** Certificates before precertificates; at least one. */
  readonly certificates: readonly { readonly sha256: string; readonly notAfter: Date | null }[];
  /** Where it is logged; at most 50 for each certificate. */
  readonly places: readonly {
    readonly sha256: string;
    readonly logId: string;
    readonly leafIndex: number;
    readonly chain: readonly string[];
  }[];
  /** Keys of endpoints that ever served it, those that did last first; at most 50 for each certificate. */
  readonly servedBy: readonly string[];
  /** No endpoint ever served it, and some run of an inventory held it or its key. */
  readonly wasHeld: boolean;
}

/** What judging reads of the store: page by page, so that memory stays bounded. */
export interface JudgingReader {
  /** Endpoints in the order of the store; `next` is null on the last page. */
  endpointPage(
    after: EndpointCursor | null,
    limit: number,
  ): Promise<{ readonly states: readonly EndpointState[]; readonly next: EndpointCursor | null }>;
  /** Logged certificates that have not expired at `now`, in the order of SHA-256, from the one after `after`. */
  loggedPage(after: string, now: Date, limit: number): Promise<readonly LoggedCertificate[]>;
  /** Issuances by key; those of which nothing is stored are absent. */
  issuances(keys: readonly string[]): Promise<readonly StoredIssuance[]>;
  /** What is remembered of these judgements, by key. */
  judged(kind: Judged['kind'], keys: readonly string[]): Promise<ReadonlyMap<string, Judged>>;
  /** Judgements whose time has come, those due first at the front. */
  dueJudged(now: Date, limit: number): Promise<readonly Judged[]>;
}
