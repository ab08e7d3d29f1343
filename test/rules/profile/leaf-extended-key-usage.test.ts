import { eku, ext } from '../../support/chain.js';
import { leafExtendedKeyUsage } from '../../../src/rules/profile/leaf-extended-key-usage.js';
import { aCa, aLeaf, asked, askedPrivately, day, testProfile } from '../profile-support.js';

const usages = (list: Buffer | null, notBefore = day('2026-05-01')) =>
  aLeaf({ notBefore, notAfter: day('2028-01-01'), extensions: { eku: list } });

testProfile(leafExtendedKeyUsage, [
  { name: 'passes serverAuth', input: asked(usages(ext.eku([eku.server]))), expected: 'pass' },
  {
    name: "passes clientAuth beside it, a second before Chrome's date",
    input: asked(usages(ext.eku([eku.server, eku.client]), new Date('2027-03-14T23:59:59Z'))),
    expected: 'pass',
  },
  {
    name: "flags it from Chrome's date on",
    input: asked(usages(ext.eku([eku.server, eku.client]), day('2027-03-15'))),
    expected: 'eku-client',
    severity: 'error',
  },
  {
    name: 'passes clientAuth alone',
    input: asked(usages(ext.eku([eku.client]), day('2027-03-15'))),
    expected: 'pass',
  },
  { name: 'flags none', input: asked(usages(null)), expected: 'eku-missing' },
  {
    name: 'flags other purposes',
    input: asked(usages(ext.eku([eku.server, eku.email]))),
    expected: 'eku-mixed',
  },
  { name: 'flags any purpose', input: asked(usages(ext.eku([eku.server, eku.any]))), expected: 'eku-any' },
  {
    name: 'flags codeSigning alone',
    input: asked(usages(ext.eku([eku.codeSigning]))),
    expected: 'eku-without-server',
  },
  {
    name: 'flags a critical one',
    input: asked(usages(ext.eku([eku.server], true))),
    expected: 'eku-critical',
  },
  {
    name: 'passes a critical one before the profiles',
    input: asked(usages(ext.eku([eku.server], true), new Date('2023-09-14T23:59:59Z'))),
    expected: 'pass',
  },
  { name: 'does not apply to CAs', input: asked(aCa()), expected: 'not-applicable' },
  { name: 'does not apply to private CAs', input: askedPrivately(usages(null)), expected: 'not-applicable' },
]);
