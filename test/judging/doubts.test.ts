import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createDoubts } from '../../src/judging/doubts.js';
import type { Finding } from '../../src/model/finding.js';
import { alertWaits } from '../../src/service/alert-waits.js';
import { OpenFindings } from '../../src/judging/open-findings.js';
import { finding, minutes } from '../store/sample.js';

const about = (key: string, change: Partial<Finding> = {}): Finding =>
  finding(key, { subject: { kind: 'endpoint', key }, host: key, cause: 'one', ...change });
const seconds = (count: number): Date => minutes(count / 60);

describe('a finding that one probe has shown', () => {
  const opened = (confirmAfterSeconds = 10) => {
    let confirmed = 0;
    const doubts = createDoubts({ confirmAfterSeconds }, () => (confirmed += 1));
    const one = about('a');
    doubts.opened(one, seconds(0), seconds(0));
    return { doubts, one, confirmed: () => confirmed };
  };

  it('waits until a later probe shows it too', () => {
    const { doubts, one, confirmed } = opened();
    assert.notEqual(doubts.waitsUntil(one.id, seconds(5)), null);
    doubts.shown(one.id, seconds(0));
    assert.equal(confirmed(), 0, 'the same probe, judged again, confirms nothing');
    doubts.shown(one.id, seconds(11));
    assert.equal(confirmed(), 1);
    assert.equal(doubts.waitsUntil(one.id, seconds(11)), null);
  });

  it('is probed again after ten seconds, then less and less often', () => {
    const { doubts } = opened();
    const due = Array.from({ length: 120 }, (_, at) => at).filter(
      (at) => doubts.due(seconds(at), 10).length > 0,
    );
    assert.deepEqual(due, [10, 20, 40, 80]);
  });

  it('waits for 15 minutes at most', () => {
    const { doubts, one } = opened();
    assert.deepEqual(doubts.waitsUntil(one.id, seconds(1)), minutes(15));
    assert.equal(doubts.waitsUntil(one.id, minutes(15)), null);
  });

  it('does not wait where the policy asks for no second probe, or when it is about no endpoint', () => {
    const { doubts, one } = opened(0);
    assert.equal(doubts.waitsUntil(one.id, seconds(1)), null);
    const logged = about('b', { subject: { kind: 'issuance', key: 'b' } });
    const other = opened();
    other.doubts.opened(logged, seconds(0), seconds(0));
    assert.equal(other.doubts.waitsUntil(logged.id, seconds(1)), null);
  });

  it('is no longer probed for once it is resolved', () => {
    const { doubts, one } = opened();
    doubts.resolved(one.id);
    assert.deepEqual(doubts.due(seconds(60), 10), []);
  });
});

describe('an endpoint whose finding the last probe did not show', () => {
  it('is probed again when it is due, and each minute until the doubt is settled', () => {
    const doubts = createDoubts({ confirmAfterSeconds: 10 }, () => undefined);
    doubts.absent('a', seconds(3));
    assert.deepEqual(doubts.due(seconds(2), 10), []);
    assert.deepEqual(doubts.due(seconds(3), 10), ['a']);
    assert.deepEqual(doubts.due(seconds(4), 10), []);
    assert.deepEqual(doubts.due(seconds(63), 10), ['a']);
    doubts.absent('a', null);
    assert.deepEqual(doubts.due(minutes(60), 10), []);
  });
});

describe('the end of a finding', () => {
  const waits = (...open: Finding[]) => alertWaits({ waitsUntil: () => null }, new OpenFindings(open))();
  const ended = about('one', { host: 'shop', state: 'resolved' });

  it('waits while the same is open at another address of the host', () => {
    assert.notEqual(waits(about('two', { host: 'shop' }))(ended, minutes(0)), null);
  });

  it('does not wait for another host, another cause, or another rule', () => {
    for (const other of [
      about('two', { host: 'mail' }),
      about('two', { host: 'shop', cause: 'other' }),
      about('two', { host: 'shop', rule: 'expiring' }),
    ])
      assert.equal(waits(other)(ended, minutes(0)), null);
  });
});
