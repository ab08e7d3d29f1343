import { ext } from '../../support/chain.js';
import { publicSuffixName } from '../../../src/rules/profile/public-suffix-name.js';
import { aLeaf, asked, askedPrivately, testProfile } from '../profile-support.js';

const named = (...names: readonly string[]) => aLeaf({ extensions: { san: ext.dns(...names) } });

testProfile(publicSuffixName, [
  {
    name: 'passes names below a suffix',
    input: asked(named('example.com', '*.example.co.uk', 'github.io')),
    expected: 'pass',
  },
  { name: 'flags a suffix', input: asked(named('co.uk')), expected: 'bare-suffix', severity: 'error' },
  {
    name: 'flags a wildcard below a suffix',
    input: asked(named('*.co.uk')),
    expected: 'wildcard-below-suffix',
    severity: 'error',
  },
  {
    name: "notices a wildcard below a company's own suffix",
    input: asked(named('*.github.io')),
    expected: 'wildcard-below-private-suffix',
    severity: 'notice',
  },
  {
    name: 'notices a name that comes twice',
    input: asked(named('a.example.com', 'A.example.com')),
    expected: 'name-repeated',
    severity: 'notice',
  },
  {
    name: 'does not apply to private CAs',
    input: askedPrivately(named('*.com')),
    expected: 'not-applicable',
  },
]);
