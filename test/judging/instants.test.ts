import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createInstants, earliest } from '../../src/judging/instants.js';
import { rules } from '../../src/rules/index.js';
import type { Rule } from '../../src/rules/rule.js';
import { aCertificate, anInput, anObservation, aPolicy, later, now } from '../rules/support.js';

const observation = anObservation();
const served = (input: Parameters<typeof anInput>[0]) => ({
  key: 'a',
  observation,
  inputs: [anInput({ observation, ...input })],
});
const { ofEndpoint, ofIssuance } = createInstants(aPolicy(), rules);
const none = createInstants(aPolicy(), []);

it('names the first instant to come of leaf, chain and rules', () => {
  const leaf = aCertificate({ notBefore: later(-45), notAfter: later(45) });
  const warning = ofEndpoint(served({ certificate: leaf }), now);
  assert.ok(warning !== null && warning > later(10) && warning < later(45), String(warning));
  const issuer = aCertificate({ notBefore: later(-900), notAfter: later(3) });
  assert.deepEqual(none.ofEndpoint(served({ certificate: leaf, chain: [issuer] }), now), later(3, 1_000));
});

it('waits for a certificate to become valid, and to be past its last second', () => {
  const leaf = aCertificate({ notBefore: later(1), notAfter: later(45) });
  assert.deepEqual(none.ofEndpoint(served({ certificate: leaf }), now), later(1));
  assert.deepEqual(none.ofEndpoint(served({ certificate: leaf }), later(1)), later(45, 1_000));
});

it('waits for nothing where nothing will change', () => {
  const leaf = aCertificate({ notBefore: later(-45), notAfter: later(-1) });
  assert.equal(none.ofEndpoint(served({ certificate: leaf }), now), null);
  assert.equal(none.ofEndpoint({ key: 'a', observation, inputs: [] }, now), null);
});

it('waits for the end of a logged certificate only when it is flagged', () => {
  const input = anInput({ source: 'logged' });
  assert.deepEqual(ofIssuance(input, true), later(45, 1_000));
  assert.equal(ofIssuance(input, false), null);
});

it('asks rules about what an endpoint offers as well, unless they are switched off', () => {
  const timed = {
    kind: 'endpoint',
    id: 'weak-protocol',
    standsUntil: () => later(7),
  } as unknown as Rule;
  assert.deepEqual(
    createInstants(aPolicy(), [timed]).ofEndpoint({ key: 'a', observation, inputs: [] }, now),
    later(7),
  );
  const off = aPolicy({ rules: { 'weak-protocol': { enabled: false } } });
  assert.equal(createInstants(off, [timed]).ofEndpoint({ key: 'a', observation, inputs: [] }, now), null);
});

it('takes the earliest instant after now', () => {
  assert.deepEqual(earliest([later(2), null, later(1), undefined, later(-1), now], now), later(1));
  assert.equal(earliest([], now), null);
});
