import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allowedIssuers, issuerDomains, propertyTexts } from '../../src/rules/caa.js';

const property = (tag: string, value: string, critical = false) => ({ critical, tag, value });

describe('who may issue by CAA records', () => {
  for (const [what, records, isWildcard, expected] of [
    ['no issue property: anyone', [property('iodef', 'mailto:a@b.example')], false, null],
    [
      'a CA with parameters',
      [property('issue', ' CA.example ; accounturi=x; validationmethods=dns-01')],
      false,
      ['ca.example'],
    ],
    ['nobody', [property('issue', ';')], false, []],
    [
      'nobody and somebody: somebody',
      [property('issue', ';'), property('issue', 'ca.example')],
      false,
      ['ca.example'],
    ],
    [
      'issuewild for wildcards alone',
      [property('issue', 'a.example'), property('issuewild', 'b.example')],
      true,
      ['b.example'],
    ],
    [
      'issue for names that are none',
      [property('issue', 'a.example'), property('issuewild', 'b.example')],
      false,
      ['a.example'],
    ],
    ['issue for wildcards without issuewild', [property('issue', 'a.example')], true, ['a.example']],
    ['issuewild alone leaves other names to anyone', [property('issuewild', ';')], false, null],
  ] as const)
    it(what, () => assert.deepEqual(allowedIssuers(records, isWildcard), expected));

  it('knows the CA behind an organization, whatever stands beside it, and none behind an unknown one', () => {
    assert.ok(issuerDomains("CN=R11,O=Let's Encrypt,C=US").includes('letsencrypt.org'));
    assert.ok(issuerDomains('O=DigiCert\\, Inc.,CN=x').includes('digicert.com'));
    assert.deepEqual(issuerDomains('CN=O=DigiCert'), []);
    assert.deepEqual(issuerDomains('CN=x,O=No Such CA'), []);
  });

  it('compares properties in any order', () => {
    const [a, b] = [property('issue', 'a'), property('iodef', 'b', true)];
    assert.deepEqual(propertyTexts([a, b]), propertyTexts([b, a]));
  });
});
