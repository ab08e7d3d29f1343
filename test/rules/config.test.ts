import assert from 'node:assert/strict';
import { it } from 'node:test';
import { z } from 'zod';
import { defaultPolicy, policyConfig } from '../../src/rules/config.js';
import { rules } from '../../src/rules/index.js';

it('has a default for every key', () => {
  assert.deepEqual(defaultPolicy, {
    ownedDomains: [],
    approvedIssuers: [],
    owners: [],
    expiring: { warnFraction: 0.3, warnDays: 30, errorFraction: 0.1, errorDays: 10, overrides: [] },
    exceptions: [],
    minRsaBits: 2048,
    minEcBits: 256,
    unexplainedGraceHours: 24,
    unusedAfterDays: 7,
    issuanceHours: {
      days: ['mon', 'tue', 'wed', 'thu', 'fri'],
      from: '07:00',
      to: '19:00',
      timezone: 'Etc/UTC',
    },
    inventoryMaxAgeHours: 48,
    goneAfterMisses: 3,
    goneAfterMinutes: 60,
    forgetAfterHours: 24,
    expectedHosts: [],
    confirmAfterSeconds: 10,
    resolveAfterProbes: 10,
    resolveAfterMinutes: 0.5,
    resolveAlternatingAfterMinutes: 60,
    rules: {},
  });
});

const refused: readonly (readonly [string, unknown, RegExp])[] = [
  ['an unknown key', { ownedDomain: [] }, /ownedDomain/],
  ['a wildcard as an owned domain', { ownedDomains: ['*.example.com'] }, /without a wildcard/],
  ['a name with an empty label', { ownedDomains: ['a..example.com'] }, /not a domain/],
  ['an empty name', { ownedDomains: [''] }, /not a domain/],
  ['a URL as an owned domain', { ownedDomains: ['https://example.com/'] }, /not a domain/],
  [
    'an exception for everything',
    { exceptions: [{ rules: ['expired'], reason: 'x', approver: 'y', expires: '2027-01-01' }] },
    /would accept everything/,
  ],
  [
    'an exception without an end',
    { exceptions: [{ rules: ['expired'], names: ['a'], reason: 'x', approver: 'y' }] },
    /expires/,
  ],
  ['an owner of nothing', { owners: [{ owner: 'web' }] }, /names, networks or issuers/],
  ['a network without bits', { owners: [{ networks: ['192.0.2.1'] }] }, /not a network/],
  ['a top-level domain', { ownedDomains: ['com'] }, /public suffix/],
  ['a public suffix of two labels', { ownedDomains: ['co.uk'] }, /public suffix/],
  ['an approved issuer that says nothing', { approvedIssuers: [{}] }, /at least one of/],
  ['a SHA-256 of 2 bytes', { approvedIssuers: [{ sha256: 'AA:BB' }] }, /64 hex digits/],
  ['a key identifier that is not hex', { approvedIssuers: [{ keyId: 'xyz' }] }, /hex digits/],
  ['an error before the warning', { expiring: { errorDays: 31 } }, /must not start before/],
  ['a larger share for the error', { expiring: { errorFraction: 0.5 } }, /must not start before/],
  ['a share of 1', { expiring: { warnFraction: 1 } }, /1/],
  ['a rule that does not exist', { rules: { 'no-such-rule': {} } }, /no-such-rule/],
  ['a severity that does not exist', { rules: { expired: { severity: 'fatal' } } }, /notice/],
];

for (const [name, value, message] of refused) {
  it(`refuses ${name}`, () => {
    const result = policyConfig.safeParse(value);
    assert.equal(result.success, false);
    assert.match(JSON.stringify(result.error?.issues), message);
  });
}

it('reads domains as A-labels in lower case without a root dot, internal ones too', () => {
  const { ownedDomains } = policyConfig.parse({ ownedDomains: ['Bücher.DE.', 'corp.internal', 'internal'] });
  assert.deepEqual(ownedDomains, ['xn--bcher-kva.de', 'corp.internal', 'internal']);
});

it('reads hashes with colons and capitals', () => {
  const sha256 = Array.from({ length: 32 }, () => 'AB').join(':');
  const { approvedIssuers } = policyConfig.parse({ approvedIssuers: [{ sha256 }] });
  assert.deepEqual(approvedIssuers, [
    {
      ...{ name: null, sha256: 'ab'.repeat(32), keyId: null },
      scope: { names: [], networks: [], issuers: [], tags: [], environments: [] },
    },
  ]);
});

it('lets every rule be switched off or graded', () => {
  const settings = Object.fromEntries(
    rules.map(({ id }) => [id, { enabled: false, severity: 'notice', overrides: [] }]),
  );
  assert.deepEqual(policyConfig.parse({ rules: settings }).rules, settings);
});

it('has a JSON Schema for editors in which every key is described', () => {
  const schema = z.toJSONSchema(policyConfig, { io: 'input' });
  assert.equal(schema.additionalProperties, false);
  for (const [key, property] of Object.entries(schema.properties ?? {}))
    assert.ok(typeof property === 'object' && property.description, `${key} has no description`);
});
