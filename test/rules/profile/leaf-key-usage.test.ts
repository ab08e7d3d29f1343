import * as der from '../../support/der-writer.js';
import { ext } from '../../support/chain.js';
import { leafKeyUsage } from '../../../src/rules/profile/leaf-key-usage.js';
import { aCa, aLeaf, asked, day, testProfile } from '../profile-support.js';

const rsa = der.sequence(
  der.sequence(der.oid('1.2.840.113549.1.1.1'), der.nullValue()),
  der.bitString(der.sequence(der.integer((1n << 2047n) | 1n), der.integer(65_537))),
);
const ec = (...bits: readonly number[]) => aLeaf({ extensions: { keyUsage: ext.keyUsage(...bits) } });
const ofRsa = (...bits: readonly number[]) =>
  aLeaf({ spki: rsa, extensions: { keyUsage: ext.keyUsage(...bits) } });

testProfile(leafKeyUsage, [
  { name: 'passes digitalSignature', input: asked(ec(0)), expected: 'pass' },
  { name: 'passes RSA with keyEncipherment', input: asked(ofRsa(0, 2)), expected: 'pass' },
  {
    name: 'passes a certificate without',
    input: asked(aLeaf({ extensions: { keyUsage: null } })),
    expected: 'pass',
  },
  {
    name: 'flags EC with keyEncipherment',
    input: asked(ec(0, 2)),
    expected: 'usage-not-allowed',
    severity: 'error',
  },
  {
    name: 'passes it the second before RFC 8813',
    input: asked(
      aLeaf({ notBefore: new Date('2020-07-31T23:59:59Z'), extensions: { keyUsage: ext.keyUsage(0, 2) } }),
    ),
    expected: 'pass',
  },
  {
    name: 'flags it from RFC 8813 on',
    input: asked(aLeaf({ notBefore: day('2020-08-01'), extensions: { keyUsage: ext.keyUsage(0, 2) } })),
    expected: 'usage-not-allowed',
  },
  { name: 'flags RSA with keyAgreement', input: asked(ofRsa(0, 4)), expected: 'usage-not-allowed' },
  { name: 'flags keyCertSign', input: asked(ec(0, 5)), expected: 'usage-not-allowed' },
  { name: 'flags cRLSign', input: asked(ec(0, 6)), expected: 'usage-not-allowed' },
  { name: 'flags nonRepudiation alone', input: asked(ec(1)), expected: 'usage-useless' },
  { name: 'does not apply to CAs', input: asked(aCa()), expected: 'not-applicable' },
]);
