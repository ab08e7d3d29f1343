import assert from 'node:assert/strict';
import { it } from 'node:test';
import { OpenFindings } from '../../src/judging/open-findings.js';
import { opened } from './samples.js';

const subject = { kind: 'endpoint', key: 'a' };
const one = opened({ id: '1', subject });
const other = opened({ id: '2', subject, rule: 'weak-key' });
const elsewhere = opened({ id: '3', subject: { kind: 'name', key: 'a' } });

it('finds findings by id and by what they are about', () => {
  const open = new OpenFindings([one, other, elsewhere]);
  assert.equal(open.size, 3);
  assert.equal(open.get('2'), other);
  assert.deepEqual(open.about(subject), [one, other]);
  assert.deepEqual(open.about({ kind: 'endpoint', key: 'b' }), []);
});

it('replaces an earlier revision and forgets what is resolved', () => {
  const open = new OpenFindings([one, other, elsewhere]);
  const revised = { ...one, revision: 2 };
  open.set(revised);
  assert.deepEqual(open.about(subject), [revised, other]);
  for (const id of ['1', '1', 'unknown']) open.delete(id);
  assert.deepEqual([...open], [other, elsewhere]);
  assert.deepEqual(open.about(subject), [other]);
  open.delete('2');
  assert.deepEqual(open.about(subject), []);
  assert.equal(open.get('2'), undefined);
});
