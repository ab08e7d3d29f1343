import * as der from '../../support/der-writer.js';
import { extension } from '../../support/pki.js';
import { sctForm } from '../../../src/rules/profile/sct-form.js';
import { aCa, aLeaf, asked, testProfile } from '../profile-support.js';

const sct = Buffer.concat([
  Buffer.alloc(33, 1),
  Buffer.from('0000019a00000000', 'hex'),
  Buffer.from([0, 0, 4, 3, 0, 1, 9]),
]);
const listOf = (...scts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(scts.flatMap((one) => [Buffer.from([0, one.length]), one]));
  return Buffer.concat([Buffer.from([0, body.length]), body]);
};
const scts = (bytes: Buffer, critical = false): Buffer =>
  extension('1.3.6.1.4.1.11129.2.4.2', critical, der.octetString(bytes));
const poison = (critical = true, value = der.nullValue()): Buffer =>
  extension('1.3.6.1.4.1.11129.2.4.3', critical, value);
const having = (extensions: Record<string, Buffer>) => asked(aLeaf({ extensions }));

testProfile(sctForm, [
  { name: 'passes a list with an SCT', input: having({ scts: scts(listOf(sct)) }), expected: 'pass' },
  { name: 'passes a precertificate', input: having({ poison: poison() }), expected: 'pass' },
  {
    name: 'flags an empty list',
    input: having({ scts: scts(listOf()) }),
    expected: 'scts-empty',
    severity: 'error',
  },
  {
    name: 'flags a list that cannot be read',
    input: having({ scts: scts(Buffer.from([0, 3, 0, 1, 9])) }),
    expected: 'scts-empty scts-malformed',
  },
  {
    name: 'flags a critical list',
    input: having({ scts: scts(listOf(sct), true) }),
    expected: 'scts-critical',
  },
  {
    name: 'flags a precertificate with SCTs',
    input: having({ poison: poison(), scts: scts(listOf(sct)) }),
    expected: 'poison-with-scts',
  },
  {
    name: 'flags a poison that is not critical',
    input: having({ poison: poison(false) }),
    expected: 'poison-not-critical',
  },
  {
    name: 'flags a poison that is not NULL',
    input: having({ poison: poison(true, der.integer(1)) }),
    expected: 'poison-not-null',
  },
  { name: 'does not apply to CAs', input: asked(aCa()), expected: 'not-applicable' },
]);
