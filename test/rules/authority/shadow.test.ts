import { shadow } from '../../../src/rules/authority/shadow.js';
import { aCertificate, aPolicy, testRule } from '../support.js';

testRule(shadow, [
  {
    name: 'flags a served certificate that no inventory knows',
    input: { inventory: 'unknown' },
    expected: { severity: 'warning', details: { seen: 'served', ownedNames: ['www.example.com'] } },
  },
  {
    name: 'flags it also when its names are under no owned domain: the machine is ours',
    input: { inventory: 'unknown', policy: aPolicy({ ownedDomains: [] }) },
    expected: { details: { ownedNames: [] } },
  },
  {
    name: 'flags a logged certificate for an owned domain',
    input: { inventory: 'unknown', source: 'logged', certificate: aCertificate({ isPrecertificate: true }) },
    expected: { details: { seen: 'logged' } },
  },
  {
    name: 'flags a logged wildcard one label above an owned domain: it answers for it',
    input: {
      inventory: 'unknown',
      source: 'logged',
      certificate: aCertificate({ names: ['*.example.org'], dnsNames: ['*.example.org'] }),
      policy: aPolicy({ ownedDomains: ['shop.example.org'] }),
    },
    expected: { details: { ownedNames: ['*.example.org'] } },
  },
  {
    name: 'does not apply to a logged wildcard two labels above an owned domain: it does not reach it',
    input: {
      inventory: 'unknown',
      source: 'logged',
      certificate: aCertificate({ names: ['*.example.org'], dnsNames: ['*.example.org'] }),
      policy: aPolicy({ ownedDomains: ['a.shop.example.org'] }),
    },
    expected: 'not-applicable',
  },
  { name: 'passes what an inventory knows', input: { inventory: 'known' }, expected: 'pass' },
  {
    name: 'does not apply while the inventory is stale or absent',
    input: { inventory: null },
    expected: 'not-applicable',
  },
  {
    name: 'does not apply to what was served before and is only logged now: it was replaced',
    input: { inventory: 'unknown', source: 'logged', wasInUse: true },
    expected: 'not-applicable',
  },
  {
    name: 'does not apply to a look-alike in a log',
    input: {
      inventory: 'unknown',
      source: 'logged',
      certificate: aCertificate({ names: ['notexample.com'] }),
    },
    expected: 'not-applicable',
  },
]);
