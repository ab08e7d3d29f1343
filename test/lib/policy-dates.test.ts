import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { it } from 'node:test';
import {
  datedRule,
  inForceFrom,
  isInForce,
  numberOf,
  policyDates,
  policyDatesAsOf,
  policyDatesFile,
} from '../../src/lib/policy-dates.js';

it('holds a source and a possible order of instants for every date', () => {
  assert.match(policyDatesAsOf, /^20\d\d-\d\d-\d\d$/);
  for (const [id, { source, from, until }] of policyDates) {
    assert.ok(source.length >= 8, id);
    if (from !== null && until !== null) assert.ok(from < until, id);
  }
});

it('lets one limit of lifetimes follow the other without a gap', () => {
  const limits = ['825', '398', '200', '100', '47'].map((days) => datedRule(`br-lifetime-${days}`));
  for (const [at, { until }] of limits.entries())
    assert.deepEqual(until, limits[at + 1]?.from ?? null, `limit ${at}`);
  assert.equal(numberOf('br-lifetime-47'), 47);
});

it('is in force from its first instant, and no more at its end', () => {
  const at = (text: string): boolean => isInForce('br-lifetime-200', new Date(text));
  assert.equal(at('2026-03-14T23:59:59.999Z'), false);
  assert.equal(at('2026-03-15T00:00:00Z'), true);
  assert.equal(at('2027-03-14T23:59:59.999Z'), true);
  assert.equal(at('2027-03-15T00:00:00Z'), false);
  assert.equal(isInForce('br-rsa-min', new Date(0)), true);
});

it('refuses ids it does not hold, and asks for what an entry lacks', () => {
  assert.throws(() => datedRule('br-lifetime-1'), /no entry br-lifetime-1/);
  assert.throws(() => inForceFrom('br-rsa-min'), /br-rsa-min has no instant/);
  assert.throws(() => numberOf('br-profiles'), /br-profiles has no number/);
});

it('refuses a file with a date that is none, or with an unknown key', () => {
  const entry = { about: 'x', from: null, until: null, value: null, unit: null, clock: null, source: 'x' };
  const parse = (changes: object): boolean =>
    policyDatesFile.safeParse({ asOf: '2026-01-01', about: '', dates: { a: { ...entry, ...changes } } })
      .success;
  assert.equal(parse({}), true);
  assert.equal(parse({ from: '2026-02-31T00:00:00Z' }), false);
  assert.equal(parse({ from: '2026-02-01' }), false);
  assert.equal(parse({ source: '' }), false);
  assert.equal(parse({ more: 1 }), false);
});

it('keeps dates out of the code that judges', () => {
  const literal = /(?:Date\.parse|new Date)\(\s*['"`]|['"`]20[0-4]\d-\d\d-\d\d/;
  for (const folder of ['src/rules', 'src/x509', 'src/trust'])
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
      if (name.endsWith('.ts')) assert.doesNotMatch(readFileSync(`${folder}/${name}`, 'utf8'), literal, name);
});
