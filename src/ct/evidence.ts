import { fromBase64, MalformedError } from './bytes.js';
import { loadLogKey } from './log-key.js';
import { countOf, hashesOf, textOf, toSignedTreeHead, verifyTreeHead, type TreeHead } from './tree-head.js';

/** What a log did that its own signature proves, for anybody who has its key. JSON-safe. */
export interface Evidence {
  readonly problem: 'fork' | 'rollback';
  readonly logId: string;
  /** Base64 of the DER SubjectPublicKeyInfo. */
  readonly key: string;
  /** Two heads as get-sth serves them (RFC 6962 section 4.3); the one accepted first. */
  readonly heads: readonly [
    Readonly<Record<string, string | number>>,
    Readonly<Record<string, string | number>>,
  ];
}

/** Keeps two contradicting heads of a log. */
export function evidenceOf(
  problem: Evidence['problem'],
  log: { readonly logId: string; readonly key: string },
  accepted: TreeHead,
  contradicting: TreeHead,
): Evidence {
  const heads = [toSignedTreeHead(accepted), toSignedTreeHead(contradicting)] as const;
  return { problem, logId: log.logId, key: log.key, heads };
}

/** Checks evidence offline: null when it proves what it says, else why not. */
export function refuteEvidence(evidence: Evidence): string | null {
  try {
    const key = loadLogKey(evidence.key);
    if (key.logId !== evidence.logId) return 'the log id is not the SHA-256 of the key';
    const [first, second] = evidence.heads.map(headOf);
    if (first === undefined || second === undefined) return 'there are not two heads';
    if (!verifyTreeHead(first, key) || !verifyTreeHead(second, key)) return 'a head is not signed by the log';
    return contradicts(evidence.problem, first, second) ? null : 'the heads do not contradict each other';
  } catch (error) {
    if (error instanceof MalformedError) return error.message;
    throw error;
  }
}

function contradicts(problem: Evidence['problem'], first: TreeHead, second: TreeHead): boolean {
  return problem === 'fork'
    ? first.treeSize === second.treeSize && !first.rootHash.equals(second.rootHash)
    : second.treeSize < first.treeSize && second.timestampMs > first.timestampMs;
}

function headOf(head: Readonly<Record<string, unknown>>): TreeHead {
  const [rootHash = Buffer.alloc(0)] = hashesOf([head['sha256_root_hash']], 'sha256_root_hash');
  return {
    treeSize: countOf(head['tree_size'], 'tree_size'),
    timestampMs: countOf(head['timestamp'], 'timestamp'),
    rootHash,
    signature: fromBase64(textOf(head['tree_head_signature'], 'tree_head_signature'), 'tree_head_signature'),
  };
}
