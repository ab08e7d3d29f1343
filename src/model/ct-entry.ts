import type { Certificate } from './certificate.js';

/** One log entry that matters to the operator. Keyed by (logId, leafIndex). */
export interface CtEntry {
  /** Base64 of SHA-256 over the log's SubjectPublicKeyInfo, as in the log list. */
  readonly logId: string;
  readonly leafIndex: number;
  /** The log's timestamp of the entry. */
  readonly timestamp: Date;
  readonly entryType: 'x509' | 'precertificate' | 'unknown';
  /** The certificate, or for a precertificate entry the submitted precertificate (else the bare TBSCertificate read fail-open). */
  readonly certificate: Certificate;
  /** SHA-256 of the issuing chain's certificates, leaf excluded. */
  readonly chain: readonly string[];
  /** The chain's bytes where the log delivered them. */
  readonly chainCertificates: readonly Certificate[];
  /** True once hashed to a signed root; false for hints of a feed. */
  readonly verified: boolean;
  /** Which watch items matched and how, for example `domain example.com matches *.example.com`. */
  readonly matches: readonly CtMatch[];
  /** SHA-256(0x00 || MerkleTreeLeaf), lower-case hex. */
  readonly leafHash: string | null;
  readonly seenAt: Date;
}

/** False for an entry that is kept only because all are. */
export function isWatched({ matches }: Pick<CtEntry, 'matches'>): boolean {
  return matches.some(({ watch }) => watch !== 'all');
}

/** Why an entry matters. */
export interface CtMatch {
  readonly watch:
    | 'domain'
    | 'exact-name'
    | 'organization'
    | 'issuer'
    | 'spki'
    | 'ip-address'
    | 'look-alike'
    | 'unreadable'
    | 'all';
  /** The watch item as configured. */
  readonly item: string;
  /** The name or value in the certificate that matched. */
  readonly value: string;
  /** Why, in words, where it is not plain equality. */
  readonly reason: string | null;
}

/** How far a log has been read. Everything below `verifiedIndex` is proved against a signed root and stored. */
export interface CtPosition {
  readonly logId: string;
  /** `tail` or `backfill`. */
  readonly cursor: string;
  readonly description: string;
  readonly operator: string;
  readonly url: string;
  readonly protocol: 'rfc6962' | 'static-ct';
  readonly state: string | null;
  readonly treeSize: number;
  readonly verifiedIndex: number;
  /** Opaque follower state (compact range, last tree head), JSON. */
  readonly followerState: string;
  readonly lastError: string | null;
  readonly entriesPerSecond: number;
  /** Since everything was read for the last time; 0 when nothing is left to read. */
  readonly lagSeconds: number;
  /** Until everything is read, at the present rate; 0 when nothing is left, null when that cannot be said. */
  readonly etaSeconds: number | null;
  /** What the log's host may be asked; null when it was not asked yet. */
  readonly budget: CtBudget | null;
  readonly updatedAt: Date;
}

/** What the host of a log may be asked, as configured and as learned from its answers; the logs of a host share it. */
export interface CtBudget {
  /** null: as many as `concurrency` allows. */
  readonly requestsPerSecond: number | null;
  readonly active: number;
  readonly waiting: number;
  /** How long the host is left alone yet, because it asked for that or keeps failing. */
  readonly blockedSeconds: number;
  readonly failuresInARow: number;
}
