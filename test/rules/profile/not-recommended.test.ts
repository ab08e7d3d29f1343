import { notRecommended } from '../../../src/rules/profile/not-recommended.js';
import * as der from '../../support/der-writer.js';
import { ext } from '../../support/chain.js';
import { aPolicy } from '../support.js';
import { aLeaf, asked, testProfile } from '../profile-support.js';

const on = { policy: aPolicy({ rules: { 'not-recommended': { enabled: true } } }) };
const nameless = {
  subject: der.sequence(),
  extensions: { san: ext.san([der.context(2, false, Buffer.from('www.example.com'))], true) },
};
const rsa = (exponent: number): Buffer =>
  der.sequence(
    der.sequence(der.oid('1.2.840.113549.1.1.1'), der.nullValue()),
    der.bitString(der.sequence(der.integer((1n << 2047n) | 1n), der.integer(exponent))),
  );

testProfile(notRecommended, [
  { name: 'passes a lean certificate', input: asked(aLeaf(nameless), on), expected: 'pass' },
  { name: 'notices a Common Name', input: asked(aLeaf(), on), expected: 'common-name', severity: 'notice' },
  {
    name: 'notices a subjectKeyIdentifier',
    input: asked(
      aLeaf({ ...nameless, extensions: { ...nameless.extensions, ski: ext.ski(Buffer.alloc(20, 1)) } }),
      on,
    ),
    expected: 'subject-key-id',
  },
  {
    name: 'notices the exponent 65535',
    input: asked(aLeaf({ ...nameless, spki: rsa(65_535) }), on),
    expected: 'rsa-exponent',
  },
  {
    name: 'passes the exponent 65537',
    input: asked(aLeaf({ ...nameless, spki: rsa(65_537) }), on),
    expected: 'pass',
  },
  { name: 'does not apply unless switched on', input: asked(aLeaf()), expected: 'not-applicable' },
]);
