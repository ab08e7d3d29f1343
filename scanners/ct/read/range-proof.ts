import { rootOf, type CompactRange } from '../../../src/ct/compact-range.js';
import { verifyConsistency } from '../../../src/ct/proof.js';
import type { TreeHead } from '../../../src/ct/tree-head.js';
import { LogMisbehaviour, type LogReader, type SignedHead } from './log-reader.js';

/** True when the leaves of `range` are the first ones of the tree `head` was signed for; asks for a proof where the sizes differ. */
export async function rangeProves(
  range: CompactRange,
  head: TreeHead,
  consistency: LogReader['consistency'],
  signal: AbortSignal,
): Promise<boolean> {
  const first = { size: range.end, root: rootOf(range) };
  const second = { size: head.treeSize, root: head.rootHash };
  const direct = range.end === 0 || range.end === head.treeSize;
  return verifyConsistency(first, second, direct ? [] : await consistency(first.size, second.size, signal));
}

/** As {@link rangeProves}, but throws {@link LogMisbehaviour}. */
export async function assertRange(
  range: CompactRange,
  head: SignedHead,
  consistency: LogReader['consistency'],
  signal: AbortSignal,
): Promise<void> {
  if (await rangeProves(range, head, consistency, signal)) return;
  const message = `the log's proof does not lead from size ${range.end} to its tree head of size ${head.treeSize}`;
  throw new LogMisbehaviour('bad-proof', message, head.served);
}
