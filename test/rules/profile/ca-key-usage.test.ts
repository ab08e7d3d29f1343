import * as der from '../../support/der-writer.js';
import { extension } from '../../support/pki.js';
import { ext } from '../../support/chain.js';
import { caKeyUsage } from '../../../src/rules/profile/ca-key-usage.js';
import { aCa, aLeaf, aRoot, asked, askedPrivately, testProfile } from '../profile-support.js';

const usage = (keyUsage: Buffer | null, more: object = {}) => aCa({ ...more, extensions: { keyUsage } });
const uncritical = extension('2.5.29.15', false, der.bitString(Buffer.from([0x06]), 1));

testProfile(caKeyUsage, [
  { name: 'passes keyCertSign and cRLSign', input: asked(aCa()), expected: 'pass' },
  {
    name: 'passes digitalSignature beside them',
    input: asked(usage(ext.keyUsage(0, 5, 6))),
    expected: 'pass',
  },
  { name: 'passes a root', input: asked(aRoot()), expected: 'pass' },
  { name: 'flags none', input: asked(usage(null)), expected: 'key-usage-missing', severity: 'error' },
  { name: 'flags an uncritical one', input: asked(usage(uncritical)), expected: 'key-usage-not-critical' },
  { name: 'flags one without cRLSign', input: asked(usage(ext.keyUsage(5))), expected: 'no-crl-sign' },
  { name: 'flags one without keyCertSign', input: asked(usage(ext.keyUsage(6))), expected: 'no-cert-sign' },
  {
    name: 'flags further bits since the profiles',
    input: asked(usage(ext.keyUsage(2, 5, 6), { notBefore: new Date('2023-09-15T00:00:00Z') })),
    expected: 'usage-not-allowed',
  },
  { name: 'passes further bits before', input: asked(usage(ext.keyUsage(2, 5, 6))), expected: 'pass' },
  { name: 'does not apply to leaves', input: asked(aLeaf()), expected: 'not-applicable' },
  { name: 'does not apply to private CAs', input: askedPrivately(usage(null)), expected: 'not-applicable' },
]);
