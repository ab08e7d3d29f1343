import { dateOf } from '../../../src/ct/bytes.js';
import { evidenceOf } from '../../../src/ct/evidence.js';
import { judgeHead, missesMergeDelay, type HeadVerdict } from '../../../src/ct/head-judge.js';
import { verifyConsistency } from '../../../src/ct/proof.js';
import type { FollowerContext } from './follower-context.js';
import { UnsignedHead, type SignedHead } from '../read/log-reader.js';
import { positionOf, type Misbehaviour } from './progress.js';

/** Polls in a row that must show the same problem before it is reported: a front end may be broken for a moment. */
const looks = 2;

/**
 * Fetches the log's tree head and takes it as the new target, if it is good. What is wrong with a signed head becomes a
 * misbehaviour. Network trouble, and an answer that the log did not sign, are thrown.
 */
export async function pollHead(context: FollowerContext, signal: AbortSignal): Promise<void> {
  const { progress, memory } = context;
  const nowMs = context.now().getTime();
  memory.polledMs = nowMs;
  const head = await signedHead(context, signal);
  progress.contactMs = nowMs;
  const verdict = judgeHead(head, progress.target, mmdOf(context), nowMs);
  if (verdict === 'newer' || verdict === 'same') await accept(context, head, nowMs, signal);
  else if (verdict !== 'stale') await reject(context, verdict, head);
}

/** The head; one that is not signed is counted. */
async function signedHead({ reader, memory }: FollowerContext, signal: AbortSignal): Promise<SignedHead> {
  try {
    const head = await reader.head(signal);
    memory.unsignedHeads = 0;
    return head;
  } catch (error) {
    if (error instanceof UnsignedHead) memory.unsignedHeads += 1;
    throw error;
  }
}

/** A frozen log signs no more heads. */
function mmdOf(context: FollowerContext): number | null {
  return context.log.state === 'readonly' ? null : context.log.mmdSeconds;
}

async function accept(
  context: FollowerContext,
  head: SignedHead,
  nowMs: number,
  signal: AbortSignal,
): Promise<void> {
  const { progress, memory } = context;
  const last = progress.target;
  if (last !== null && !(await extendsLast(context, last, head, signal))) return;
  if (last !== null) {
    const seconds = Math.max(1, (head.timestampMs - last.timestampMs) / 1000);
    const growth = (head.treeSize - last.treeSize) / seconds;
    memory.growth = ((memory.growth ?? growth) + growth) / 2;
  }
  if (last === null || head.treeSize > last.treeSize) progress.grewMs = nowMs;
  progress.target = head;
  memory.acceptedHead = true;
  const mmd = mmdOf(context);
  if (mmd !== null && missesMergeDelay(head, mmd, nowMs)) {
    const age = Math.round((nowMs - head.timestampMs) / 1000);
    await suspect(
      context,
      'merge-delay-missed',
      `newest tree head is ${age} s old, the log promises ${mmd} s`,
      {
        served: head.served,
      },
    );
  } else memory.suspicion = null;
}

/**
 * While the last head is not read to its end yet, only a proof shows that the new one extends it; afterwards the entries do.
 */
async function extendsLast(
  context: FollowerContext,
  last: SignedHead,
  head: SignedHead,
  signal: AbortSignal,
): Promise<boolean> {
  const { progress, reader, memory } = context;
  const known =
    positionOf(progress) >= last.treeSize || last.treeSize === 0 || head.treeSize === last.treeSize;
  if (known || memory.proofless) return true;
  const first = { size: last.treeSize, root: last.rootHash };
  const second = { size: head.treeSize, root: head.rootHash };
  const proof = await reader.consistency(first.size, second.size, signal);
  if (verifyConsistency(first, second, proof)) return true;
  reader.forget();
  const message = `the log's proof does not lead from its tree head of size ${first.size} to that of size ${second.size}`;
  await suspect(context, 'inconsistent-heads', message, { served: `${last.served}\n${head.served}` });
  return false;
}

const messages: Readonly<Record<Exclude<HeadVerdict, 'newer' | 'same' | 'stale'>, string>> = {
  fork: 'two different trees of the same size were signed',
  rollback: 'a smaller tree was signed later than a larger one',
  future: 'the tree head is signed for the future (or this machine is slow: check its clock)',
  expired: 'the tree head is too old to be read from',
  'bad-tree-head': 'the root of an empty tree is the hash of nothing (RFC 6962 section 2.1), this is another',
};

async function reject(
  context: FollowerContext,
  verdict: Exclude<HeadVerdict, 'newer' | 'same' | 'stale'>,
  head: SignedHead,
): Promise<void> {
  const { target } = context.progress;
  const message = `${messages[verdict]}: size ${head.treeSize}, ${dateOf(head.timestampMs).toISOString()}`;
  const signed = (verdict === 'fork' || verdict === 'rollback') && target !== null;
  const evidence = signed ? evidenceOf(verdict, context.log, target, head) : { served: head.served };
  // A fork is proved by two signatures at once; a rollback may be one confused front end.
  if (verdict === 'fork') await accuse(context, verdict, message, evidence, true);
  else await suspect(context, verdict, message, evidence, signed);
}

/** Tells a problem that was seen often enough in a row. */
export async function suspect(
  context: FollowerContext,
  problem: string,
  message: string,
  evidence: Misbehaviour['evidence'],
  proven = false,
): Promise<void> {
  const { memory } = context;
  const times = memory.suspicion?.problem === problem ? memory.suspicion.times + 1 : 1;
  memory.suspicion = { problem, times };
  memory.lastError = message;
  if (times >= looks) await accuse(context, problem, message, evidence, proven);
}

/**
 * Marks the log as misbehaving and tells it, once: the first evidence stays, whatever the same fault shows later, and what is
 * proved stays, whatever follows.
 */
export async function accuse(
  context: FollowerContext,
  problem: string,
  message: string,
  evidence: Misbehaviour['evidence'],
  proven: boolean,
): Promise<void> {
  const { progress, memory } = context;
  memory.lastError = message;
  const known = progress.misbehaviour;
  if (known?.proven === true || (known?.problem === problem && !proven)) return;
  const sinceMs = context.now().getTime();
  progress.misbehaviour = { problem, message, sinceMs, evidence, proven };
  context.logger.error({ logId: context.log.logId, log: context.log.description, problem }, 'log misbehaves');
  await context.sink.misbehaviour(progress.misbehaviour);
}

/** Takes back what is not proved, once the log behaves again. */
export async function forgive(context: FollowerContext): Promise<void> {
  const { progress } = context;
  if (progress.misbehaviour === null || progress.misbehaviour.proven) return;
  progress.misbehaviour = null;
  await context.sink.misbehaviour(null);
}
