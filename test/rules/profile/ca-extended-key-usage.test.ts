import { eku, ext } from '../../support/chain.js';
import { caExtendedKeyUsage } from '../../../src/rules/profile/ca-extended-key-usage.js';
import { aCa, aRoot, asked, testProfile } from '../profile-support.js';

const usages = (list: Buffer | null, notBefore = new Date('2024-01-01T00:00:00Z')) =>
  aCa({ notBefore, extensions: { eku: list } });

testProfile(caExtendedKeyUsage, [
  { name: 'passes serverAuth', input: asked(usages(ext.eku([eku.server]))), expected: 'pass' },
  {
    name: 'passes clientAuth beside it',
    input: asked(usages(ext.eku([eku.server, eku.client]))),
    expected: 'pass',
  },
  { name: 'passes other purposes alone', input: asked(usages(ext.eku([eku.email]))), expected: 'pass' },
  {
    name: 'flags e-mail beside serverAuth',
    input: asked(usages(ext.eku([eku.server, eku.email]))),
    expected: 'eku-mixed',
    severity: 'error',
  },
  {
    name: 'passes it before the rule',
    input: asked(usages(ext.eku([eku.server, eku.email]), new Date('2020-08-19T23:59:59Z'))),
    expected: 'pass',
  },
  {
    name: 'flags it from the first second of the rule',
    input: asked(usages(ext.eku([eku.server, eku.any]), new Date('2020-08-20T00:00:00Z'))),
    expected: 'eku-mixed',
  },
  { name: 'notices none', input: asked(usages(null)), expected: 'eku-missing', severity: 'notice' },
  {
    name: 'warns of a critical one',
    input: asked(usages(ext.eku([eku.server], true))),
    expected: 'eku-critical',
    severity: 'warning',
  },
  { name: 'does not apply to roots', input: asked(aRoot()), expected: 'not-applicable' },
]);
