import { ext, generalName } from '../../support/chain.js';
import { evSubject } from '../../../src/rules/profile/ev-subject.js';
import {
  aLeaf,
  asked,
  askedPrivately,
  at,
  subject,
  testProfile,
  type SubjectAttribute,
} from '../profile-support.js';

const JURISDICTION = '1.3.6.1.4.1.311.60.2.1.3';
type Attributes = readonly SubjectAttribute[];
const complete: Attributes = [
  [JURISDICTION, 'NL', 0x13],
  ['2.5.4.15', 'Private Organization'],
  ['2.5.4.5', '12345678'],
  [at.C, 'NL'],
  [at.L, 'Delft'],
  [at.O, 'Org'],
];
const ev = (attributes: Attributes, san = ext.dns('www.example.com')) =>
  aLeaf({ subject: subject(...attributes), extensions: { policies: ext.policies('2.23.140.1.1'), san } });

testProfile(evSubject, [
  { name: 'passes a complete subject', input: asked(ev(complete)), expected: 'pass' },
  ...complete
    .filter(([type]) => type !== at.L)
    .map(([type]) => ({
      name: `flags one without ${type}`,
      input: asked(ev(complete.filter(([other]) => other !== type))),
      expected: 'attribute-missing',
      severity: 'error' as const,
    })),
  {
    name: 'flags another attribute',
    input: asked(ev([...complete, ['2.5.4.42', 'X']])),
    expected: 'attribute-extra',
  },
  {
    name: 'flags an unknown category',
    input: asked(
      ev(complete.map((one) => (one[0] === '2.5.4.15' ? (['2.5.4.15', 'Company'] as const) : one))),
    ),
    expected: 'business-category',
  },
  { name: 'flags a wildcard', input: asked(ev(complete, ext.dns('*.example.com'))), expected: 'ev-wildcard' },
  {
    name: 'flags an address',
    input: asked(ev(complete, ext.san([generalName.ip('8.8.8.8')]))),
    expected: 'ev-address',
  },
  {
    name: 'passes an organization identifier',
    input: asked(ev([...complete, ['2.5.4.97', 'NTRNL-12345678']])),
    expected: 'pass',
  },
  {
    name: 'flags an unknown scheme',
    input: asked(ev([...complete, ['2.5.4.97', 'XYZNL-1']])),
    expected: 'identifier-scheme',
  },
  {
    name: 'flags a state in a VAT identifier',
    input: asked(ev([...complete, ['2.5.4.97', 'VATUS+CA-1']])),
    expected: 'identifier-state',
  },
  { name: 'passes what is not extended', input: asked(aLeaf()), expected: 'pass' },
  { name: 'does not apply to private CAs', input: askedPrivately(ev([])), expected: 'not-applicable' },
]);
