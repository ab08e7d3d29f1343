import * as der from '../../support/der-writer.js';
import { extension } from '../../support/pki.js';
import { ext } from '../../support/chain.js';
import { leafPolicies } from '../../../src/rules/profile/leaf-policies.js';
import { aCa, aLeaf, asked, askedPrivately, day, testProfile } from '../profile-support.js';

const dv = '2.23.140.1.2.1';
const holding = (policies: Buffer | null, notBefore = day('2026-05-01')) =>
  aLeaf({ notBefore, extensions: { policies } });
const qualified = (id: string, value: Buffer): Buffer =>
  extension(
    '2.5.29.32',
    false,
    der.sequence(der.sequence(der.oid(dv), der.sequence(der.sequence(der.oid(id), value)))),
  );
const cps = (url: string): Buffer => qualified('1.3.6.1.5.5.7.2.1', der.element(0x16, Buffer.from(url)));
const notice = (part: Buffer): Buffer => qualified('1.3.6.1.5.5.7.2.2', der.sequence(part));
const old = day('2023-09-14');

testProfile(leafPolicies, [
  {
    name: 'passes one reserved policy',
    input: asked(holding(ext.policies(dv, '1.2.3.4'))),
    expected: 'pass',
  },
  { name: 'flags none', input: asked(holding(null)), expected: 'policies-missing', severity: 'error' },
  {
    name: 'flags anyPolicy',
    input: asked(holding(ext.policies(dv, '2.5.29.32.0'))),
    expected: 'policies-any',
  },
  {
    name: 'flags two reserved ones',
    input: asked(holding(ext.policies(dv, '2.23.140.1.2.2'))),
    expected: 'policies-reserved',
  },
  {
    name: 'flags no reserved one',
    input: asked(holding(ext.policies('1.2.3.4'))),
    expected: 'policies-reserved',
  },
  {
    name: 'passes it before the profiles',
    input: asked(holding(ext.policies('1.2.3.4'), old)),
    expected: 'pass',
  },
  {
    name: 'notices when it is not the first',
    input: asked(holding(ext.policies('1.2.3.4', dv))),
    expected: 'policies-order',
    severity: 'notice',
  },
  {
    name: 'passes a CPS address',
    input: asked(holding(cps('https://ca.example.com/cps'))),
    expected: 'pass',
  },
  {
    name: 'flags a CPS address that is none',
    input: asked(holding(cps('see our site'))),
    expected: 'cps-not-http',
  },
  {
    name: 'flags a user notice',
    input: asked(holding(notice(der.utf8String('text')))),
    expected: 'qualifier-not-allowed',
  },
  {
    name: 'passes a good notice of old',
    input: asked(holding(notice(der.utf8String('text')), old)),
    expected: 'pass',
  },
  {
    name: 'flags a notice as IA5String',
    input: asked(holding(notice(der.element(0x16, Buffer.from('text'))), old)),
    expected: 'notice-ia5',
  },
  {
    name: 'passes a notice of 200 characters',
    input: asked(holding(notice(der.utf8String('a'.repeat(200))), old)),
    expected: 'pass',
  },
  {
    name: 'flags one of 201',
    input: asked(holding(notice(der.utf8String('a'.repeat(201))), old)),
    expected: 'notice-too-long',
  },
  { name: 'does not apply to CAs', input: asked(aCa()), expected: 'not-applicable' },
  { name: 'does not apply to private CAs', input: askedPrivately(holding(null)), expected: 'not-applicable' },
]);
