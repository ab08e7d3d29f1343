import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { OwnerRule } from '../../src/model/policy.js';
import { explainPolicy } from '../../src/rules/explain-policy.js';
import { ownershipOf, type Place } from '../../src/rules/ownership.js';
import { ownerRule } from '../../src/rules/owners-config.js';
import { aPolicy } from './support.js';

const line = (rule: Partial<OwnerRule>): OwnerRule => ownerRule.parse(rule);
const policy = aPolicy({
  owners: [
    line({ names: ['shop.example.com'], owner: 'shop', environment: 'production', tags: ['pci'] }),
    line({ names: ['example.com'], networks: ['192.0.2.0/24'], owner: 'lab' }),
    line({ networks: ['2001:db8::/32'], owner: 'v6' }),
    line({ issuers: ["O=Let's Encrypt"], owner: 'acme' }),
    line({ names: ['example.com'], owner: 'web' }),
  ],
});

const cases: readonly (readonly [string, Place, string | null])[] = [
  ['by its name', { host: 'shop.example.com' }, 'shop'],
  ['by a domain above it', { host: 'eu.shop.example.com' }, 'shop'],
  ['not by a name that only ends alike', { host: 'badshop.example.com' }, 'web'],
  ['by name and network together', { host: 'a.example.com', address: '192.0.2.9' }, 'lab'],
  [
    'not by name alone where a network is asked for',
    { host: 'a.example.com', address: '198.51.100.1' },
    'web',
  ],
  ['by the address where the host is one', { host: '2001:db8::1' }, 'v6'],
  ['by its issuer', { host: 'x.example.org', issuer: "CN=R11,O=let's encrypt,C=US" }, 'acme'],
  ['by none', { host: 'x.example.org' }, null],
  ['by none where there is no host', { host: null }, null],
];
for (const [how, place, expected] of cases)
  it(`finds an owner ${how}`, () => assert.equal(ownershipOf(place, policy).owner, expected));

it('gives environment and tags of the same line', () => {
  assert.deepEqual(ownershipOf({ host: 'shop.example.com' }, policy), {
    owner: 'shop',
    environment: 'production',
    tags: ['pci'],
  });
});

it('explains every line up to the one that applies', () => {
  const {
    owner,
    ownedDomain,
    line: applied,
    considered,
  } = explainPolicy({ host: 'a.example.com', address: '198.51.100.1' }, policy);
  assert.deepEqual([owner, ownedDomain, applied], ['web', 'example.com', 4]);
  assert.deepEqual(
    considered.map(({ applies, because }) => [applies, because]),
    [
      [false, 'its name a.example.com is in none of shop.example.com'],
      [false, 'its address 198.51.100.1 is in none of 192.0.2.0/24'],
      [false, 'its address 198.51.100.1 is in none of 2001:db8::/32'],
      [false, 'its issuer is not known'],
      [true, 'its name a.example.com is in example.com'],
    ],
  );
});

it('says that no line applies', () => {
  const { line: applied, considered, ownedDomain } = explainPolicy({ host: 'x.example.org' }, policy);
  assert.deepEqual([applied, considered.length, ownedDomain], [null, 5, null]);
});
