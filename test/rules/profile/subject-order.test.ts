import * as der from '../../support/der-writer.js';
import { subjectOrder } from '../../../src/rules/profile/subject-order.js';
import { aLeaf, asked, askedPrivately, at, subject, testProfile } from '../profile-support.js';

const wrong = subject([at.O, 'Org'], [at.C, 'NL']);
const two = (type: string, text: string): Buffer => der.sequence(der.oid(type), der.utf8String(text));
const severalInOne = der.sequence(der.set(two(at.L, 'Delft'), two(at.O, 'Org')));

testProfile(subjectOrder, [
  {
    name: 'passes the order of the table',
    input: asked(
      aLeaf({ subject: subject([at.C, 'NL'], [at.ST, 'ZH'], [at.L, 'Delft'], [at.O, 'Org'], [at.CN, 'x']) }),
    ),
    expected: 'pass',
  },
  {
    name: 'flags another order',
    input: asked(aLeaf({ subject: wrong })),
    expected: 'attribute-out-of-order',
    severity: 'error',
  },
  {
    name: 'passes it a second before the profiles',
    input: asked(aLeaf({ subject: wrong, notBefore: new Date('2023-09-14T23:59:59Z') })),
    expected: 'pass',
  },
  {
    name: 'flags it in their first second',
    input: asked(aLeaf({ subject: wrong, notBefore: new Date('2023-09-15T00:00:00Z') })),
    expected: 'attribute-out-of-order',
  },
  {
    name: 'lets types that are not in the table stand anywhere',
    input: asked(aLeaf({ subject: subject([at.O, 'Org'], ['2.5.4.5', '42'], [at.CN, 'x']) })),
    expected: 'pass',
  },
  {
    name: 'flags a repeated attribute',
    input: asked(aLeaf({ subject: subject([at.CN, 'a'], [at.CN, 'b']) })),
    expected: 'attribute-repeated',
  },
  {
    name: 'lets domainComponent repeat',
    input: asked(
      aLeaf({
        subject: subject(['0.9.2342.19200300.100.1.25', 'com'], ['0.9.2342.19200300.100.1.25', 'example']),
      }),
    ),
    expected: 'pass',
  },
  {
    name: 'flags several attributes in one RDN',
    input: asked(aLeaf({ subject: severalInOne })),
    expected: 'several-attributes-in-one',
  },
  {
    name: 'does not apply to private CAs',
    input: askedPrivately(aLeaf({ subject: wrong })),
    expected: 'not-applicable',
  },
]);
