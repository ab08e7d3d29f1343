import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { evidenceOf, refuteEvidence, type Evidence } from '../../src/ct/evidence.js';
import { judgeHead, missesMergeDelay } from '../../src/ct/head-judge.js';
import { makeLogSigner, signHead } from '../support/ct-log-head.js';

const now = 1_800_000_000_000;
const hour = 3_600_000;
const signer = makeLogSigner();
const head = (treeSize: number, ageMs: number, fill = 1) => {
  const made = { size: treeSize, timestampMs: now - ageMs, root: Buffer.alloc(32, fill) };
  return { treeSize, timestampMs: made.timestampMs, rootHash: made.root, signature: signHead(made, signer) };
};
const last = head(100, 10_000);

describe('a tree head', () => {
  for (const [expected, name, next, previous, mmd] of [
    ['newer', 'the first', head(5, 0), null, 86_400],
    ['newer', 'larger', head(101, 0), last, 86_400],
    ['same', 'signed anew', head(100, 0), last, 86_400],
    ['same', 'of the same size but older, from another front end', head(100, 20_000), last, 86_400],
    ['stale', 'smaller and older: a stale front end', head(99, 20_000), last, 86_400],
    ['stale', 'smaller and of the same time', head(99, 10_000), last, 86_400],
    ['rollback', 'smaller although signed later', head(99, 0), last, 86_400],
    ['fork', 'of the same size with another root', head(100, 0, 2), last, 86_400],
    ['fork', 'of the same size with another root, older', head(100, 20_000, 2), last, 86_400],
    ['newer', 'five minutes ahead: clocks differ', head(101, -5 * 60_000), last, 86_400],
    ['future', 'further ahead', head(101, -5 * 60_000 - 1), last, 86_400],
    ['newer', 'exactly a day old', head(101, 24 * hour), null, 86_400],
    ['expired', 'older than the merge delay', head(101, 24 * hour + 1), null, 86_400],
    ['newer', 'some hours old of a log that promises a minute', head(101, 5 * hour), null, 60],
    ['expired', 'more than a day old of a log that promises a minute', head(101, 25 * hour), null, 60],
    ['newer', 'two days old of a log that promises three', head(101, 48 * hour), null, 3 * 86_400],
    ['newer', 'years old of a frozen log', head(101, 20_000 * hour), null, null],
  ] as const)
    it(`${name} is ${expected}`, () => {
      assert.equal(judgeHead(next, previous, mmd, now), expected);
    });

  it('misses the merge delay a minute after it is over', () => {
    assert.equal(missesMergeDelay(head(1, 120_000), 60, now), false);
    assert.equal(missesMergeDelay(head(1, 120_001), 60, now), true);
  });
});

describe('evidence', () => {
  const fork = evidenceOf('fork', signer, last, head(100, 0, 2));
  const rollback = evidenceOf('rollback', signer, last, head(99, 0));

  it('of a fork or a rollback convinces whoever has the key, after a trip through JSON', () => {
    for (const evidence of [fork, rollback])
      assert.equal(refuteEvidence(JSON.parse(JSON.stringify(evidence)) as Evidence), null);
  });

  for (const [name, evidence, reason] of [
    ['heads that agree', evidenceOf('fork', signer, last, head(100, 0)), /do not contradict/],
    ['a stale head', evidenceOf('rollback', signer, last, head(99, 20_000)), /do not contradict/],
    [
      'a head nobody signed',
      evidenceOf('fork', signer, last, { ...head(100, 0, 2), signature: last.signature }),
      /not signed/,
    ],
    ['another log', { ...fork, logId: makeLogSigner().logId }, /not the SHA-256/],
    ['another key', { ...fork, ...makeLogSigner() }, /not signed/],
    ['one head', { ...fork, heads: [fork.heads[0]] } as unknown as Evidence, /not two heads/],
    ['something else', { ...fork, heads: [{}, {}] } as unknown as Evidence, /not text/],
  ] as const)
    it(`with ${name} convinces nobody`, () => {
      assert.match(refuteEvidence(evidence) ?? '', reason);
    });
});
