import assert from 'node:assert/strict';
import { it } from 'node:test';
import { OpenFindings } from '../../src/judging/open-findings.js';
import { createPassed } from '../../src/judging/passed.js';
import { aCertificate, anInput, later } from '../rules/support.js';
import { opened } from './samples.js';

const hashOf = (n: number): string => n.toString(16).padStart(8, '0').repeat(8);
const inputOf = (n: number) =>
  anInput({ certificate: aCertificate({ sha256: hashOf(n), tbsSha256: `tbs ${n}` }), source: 'logged' });

it('remembers what no rule flagged, and what has to be judged again at no instant', () => {
  const open = new OpenFindings([opened({ subject: { kind: 'issuance', key: 'tbs 2' } })]);
  const timed = inputOf(3);
  const passed = createPassed(
    { open },
    { ofIssuance: (input) => (input === timed ? later(1) : null) },
    () => [],
  );
  passed.note([inputOf(1), inputOf(2), timed]);
  assert.deepEqual(
    [1, 2, 3, 4].map((n) => passed.has(hashOf(n))),
    [true, false, false, false],
  );
  passed.clear();
  assert.equal(passed.has(hashOf(1)), false);
});

it('remembers nothing while evidence is being gathered', () => {
  const passed = createPassed({ open: new OpenFindings() }, { ofIssuance: () => null }, () => [
    'shared-prime',
  ]);
  passed.note([inputOf(1)]);
  assert.equal(passed.has(hashOf(1)), false);
});
