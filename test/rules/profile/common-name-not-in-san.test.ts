import { ext, generalName } from '../../support/chain.js';
import { commonNameNotInSan } from '../../../src/rules/profile/common-name-not-in-san.js';
import { aLeaf, asked, askedPrivately, at, day, subject, testProfile } from '../profile-support.js';

const called = (text: string) => aLeaf({ subject: subject([at.CN, text]) });

testProfile(commonNameNotInSan, [
  { name: 'passes one of the names', input: asked(called('www.example.com')), expected: 'pass' },
  { name: 'passes another case', input: asked(called('WWW.example.com')), expected: 'pass' },
  {
    name: 'passes an address among the addresses',
    input: asked(
      aLeaf({
        subject: subject([at.CN, '2001:db8:0::1']),
        extensions: { san: ext.san([generalName.ip('2001:db8::1')]) },
      }),
    ),
    expected: 'pass',
  },
  {
    name: 'flags another name',
    input: asked(called('mail.example.com')),
    expected: 'common-name-not-in-san',
    severity: 'error',
  },
  { name: 'flags prose', input: asked(called('My server')), expected: 'common-name-not-in-san' },
  {
    name: 'passes one of before 2012',
    input: asked(aLeaf({ subject: subject([at.CN, 'x']), notBefore: day('2012-06-30') })),
    expected: 'pass',
  },
  {
    name: 'does not apply to private CAs',
    input: askedPrivately(called('My server')),
    expected: 'not-applicable',
  },
]);
