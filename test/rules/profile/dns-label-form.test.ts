import { ext } from '../../support/chain.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import { dnsLabelForm } from '../../../src/rules/profile/dns-label-form.js';
import { aCa, aLeaf, asked, askedPrivately, testProfile } from '../profile-support.js';

const named = (...names: readonly string[]) => aLeaf({ extensions: { san: ext.dns(...names) } });
const flags = (name: string, expected: string) => ({
  name: `flags ${JSON.stringify(name)} as ${expected}`,
  input: asked(named(name)),
  expected,
});

testProfile(dnsLabelForm, [
  {
    name: 'passes usual names',
    input: asked(
      named('www.example.com', '*.example.com', 'xn--bcher-kva.example', `${'a'.repeat(63)}.example.com`),
    ),
    expected: 'pass',
  },
  flags('a..example.com', 'label-empty'),
  flags('.example.com', 'label-empty'),
  flags(`${'a'.repeat(64)}.example.com`, 'label-too-long'),
  flags('www.example.com.', 'label-empty'),
  flags(`${'a.'.repeat(126)}com`, 'name-too-long'),
  flags('a_b.example.com', 'label-underscore'),
  flags('-a.example.com', 'label-character'),
  flags('a b.example.com', 'label-character'),
  flags('www.*.example.com', 'wildcard-misplaced'),
  flags('w*.example.com', 'wildcard-misplaced'),
  flags('ab--c.example.com', 'label-reserved'),
  flags('xn--a.example.com', 'label-not-idna'),
  flags('xn--.example.com', 'label-character'),
  {
    name: 'passes an underscore of 2018',
    input: asked(
      aLeaf({ notBefore: new Date('2019-03-31T23:59:59Z'), extensions: { san: ext.dns('a_b.example.com') } }),
    ),
    expected: 'pass',
  },
  {
    name: "weighs it less in a private CA's",
    input: askedPrivately(named('-a.example.com')),
    expected: 'label-character',
    severity: 'warning',
  },
  {
    name: 'does not apply to CAs',
    input: { certificate: readCertificate(aCa().der) },
    expected: 'not-applicable',
  },
]);
