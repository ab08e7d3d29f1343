import { subjectEncoding } from '../../../src/rules/profile/subject-encoding.js';
import { aLeaf, asked, askedPrivately, at, day, subject, testProfile } from '../profile-support.js';

const teletex = aLeaf({ subject: subject([at.CN, 'www.example.com', 0x14]) });

testProfile(subjectEncoding, [
  { name: 'passes UTF8String', input: asked(aLeaf()), expected: 'pass' },
  {
    name: 'passes PrintableString',
    input: asked(aLeaf({ subject: subject([at.CN, 'www.example.com', 0x13]) })),
    expected: 'pass',
  },
  { name: 'flags TeletexString', input: asked(teletex), expected: 'subject-string-type', severity: 'error' },
  {
    name: 'passes TeletexString a second before the profiles',
    input: asked(
      aLeaf({ subject: subject([at.CN, 'x', 0x14]), notBefore: new Date('2023-09-14T23:59:59Z') }),
    ),
    expected: 'pass',
  },
  {
    name: 'flags it in their first second',
    input: asked(aLeaf({ subject: subject([at.CN, 'x', 0x14]), notBefore: day('2023-09-15') })),
    expected: 'subject-string-type',
  },
  {
    name: 'flags a country as UTF8String',
    input: asked(aLeaf({ subject: subject([at.C, 'NL', 0x0c]) })),
    expected: 'subject-string-type',
  },
  {
    name: 'flags a control character',
    input: asked(aLeaf({ subject: subject([at.CN, 'a\u0007b']) })),
    expected: 'subject-control-character',
  },
  {
    name: 'flags the country of the issuer',
    input: asked(aLeaf({ issuer: subject([at.C, 'NL', 0x0c]) })),
    expected: 'issuer-country-string-type',
  },
  { name: 'does not apply to private CAs', input: askedPrivately(teletex), expected: 'not-applicable' },
]);
