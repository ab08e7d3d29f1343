import assert from 'node:assert/strict';
import { it } from 'node:test';
import { outcomeText } from '../../src/lib/outcome-text.js';

for (const [outcome, detail, expected] of [
  ['unresolved', 'ENOTFOUND', 'no such host name'],
  ['unresolved', 'ECONNREFUSED', 'the DNS server does not answer'],
  ['unresolved', 'no answer before the deadline', 'no answer before the deadline'],
  ['silent', null, 'connected, but no TLS answer before the deadline'],
  ['refused', 'connect ECONNREFUSED 127.0.0.1:1', 'connect ECONNREFUSED 127.0.0.1:1'],
  ['closed', null, ''],
] as const)
  it(`says of ${outcome} ${detail ?? ''}: ${expected}`, () =>
    assert.equal(outcomeText(outcome, detail), expected));
