import { ext } from '../../support/chain.js';
import { onionName } from '../../../src/rules/profile/onion-name.js';
import { aLeaf, asked, askedPrivately, day, testProfile } from '../profile-support.js';

const v3 = `${'a'.repeat(55)}d.onion`;
const v2 = 'abcdefghij234567.onion';
const named = (name: string, policy = '2.23.140.1.2.1', notBefore = day('2026-05-01')) =>
  aLeaf({ notBefore, extensions: { san: ext.dns(name), policies: ext.policies(policy) } });

testProfile(onionName, [
  { name: 'passes a name of version 3', input: asked(named(`www.${v3}`)), expected: 'pass' },
  { name: 'passes other names', input: asked(aLeaf()), expected: 'pass' },
  {
    name: 'flags what is no onion name',
    input: asked(named('example.onion')),
    expected: 'onion-malformed',
    severity: 'error',
  },
  {
    name: 'flags version 2 without extended validation',
    input: asked(named(v2)),
    expected: 'onion-not-extended',
  },
  { name: 'flags version 2 today', input: asked(named(v2, '2.23.140.1.1')), expected: 'onion-version-2' },
  {
    name: 'passes version 2 before its end',
    input: asked(named(v2, '2.23.140.1.1', new Date('2021-09-30T23:59:59Z'))),
    expected: 'pass',
  },
  {
    name: 'does not apply to private CAs',
    input: askedPrivately(named('example.onion')),
    expected: 'not-applicable',
  },
]);
