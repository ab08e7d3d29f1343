import assert from 'node:assert/strict';
import { it } from 'node:test';
import { caaDomainsOf, caaIssuer, caaIssuersAsOf, isPublicCa } from '../../src/lib/caa-issuers.js';

it('knows the day of its data', () => assert.match(caaIssuersAsOf(), /^20\d\d-\d\d-\d\d$/));

it('finds the CA behind an issuer domain, whatever its case and final dot', () => {
  assert.ok(caaIssuer('letsencrypt.org')?.organizations.includes("Let's Encrypt"));
  assert.deepEqual(caaIssuer('LetsEncrypt.org.'), caaIssuer('letsencrypt.org'));
  assert.equal(caaIssuer('example.com'), null);
  assert.equal(caaIssuer('__proto__'), null);
});

it('finds the issuer domains of an organization, several for a large one', () => {
  assert.deepEqual(caaDomainsOf("Let's Encrypt"), ['letsencrypt.org']);
  assert.ok(caaDomainsOf('DigiCert Inc').length > 1);
  assert.deepEqual(caaDomainsOf('Nobody'), []);
  assert.equal(isPublicCa("Let's Encrypt"), true);
  assert.equal(isPublicCa('Nobody'), false);
});
