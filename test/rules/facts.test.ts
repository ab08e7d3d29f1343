import assert from 'node:assert/strict';
import { it } from 'node:test';
import { daysBetween, isOurs, ownedNames } from '../../src/rules/facts.js';
import { aCertificate, anInput, aPolicy, later, now } from './support.js';

const table: readonly (readonly [name: string, domain: string, owned: boolean])[] = [
  ['example.com', 'example.com', true],
  ['www.example.com', 'example.com', true],
  ['a.b.example.com', 'example.com', true],
  ['*.example.com', 'example.com', true],
  ['*.www.example.com', 'example.com', true],
  ['*.com', 'example.com', true],
  ['*.example.com', 'www.example.com', true],
  ['example.com', 'www.example.com', false],
  ['*.com', 'www.example.com', false],
  ['notexample.com', 'example.com', false],
  ['example.com.evil.org', 'example.com', false],
  ['www.example.org', 'example.com', false],
  ['*', 'example.com', false],
  ['', 'example.com', false],
];

for (const [name, domain, owned] of table) {
  it(`${name || 'an empty name'} ${owned ? 'concerns' : 'does not concern'} the owner of ${domain}`, () => {
    const input = anInput({
      certificate: aCertificate({ names: [name], dnsNames: [name] }),
      source: 'logged',
      policy: aPolicy({ ownedDomains: ['unrelated.net', domain] }),
    });
    assert.deepEqual(ownedNames(input), owned ? [name] : []);
    assert.equal(isOurs(input), owned);
  });
}

it('counts days to one decimal, rounded down', () => {
  assert.equal(daysBetween(now, later(1)), 1);
  assert.equal(daysBetween(now, later(1, -1)), 0.9);
  assert.equal(daysBetween(now, later(0, 1)), 0);
});
