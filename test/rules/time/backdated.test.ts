import * as der from '../../support/der-writer.js';
import { extension } from '../../support/pki.js';
import { backdated } from '../../../src/rules/time/backdated.js';
import { testRule } from '../support.js';
import { aLeaf, asked, askedPrivately } from '../profile-support.js';

/** A certificate with an SCT so many seconds after its notBefore. */
function logged(secondsLater: number, notBefore = '2026-05-01T00:00:00Z') {
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(Date.parse(notBefore) + secondsLater * 1000));
  const sct = Buffer.concat([Buffer.alloc(33, 1), time, Buffer.from([0, 0, 4, 3, 0, 1, 9])]);
  const list = Buffer.concat([Buffer.from([0, sct.length + 2, 0, sct.length]), sct]);
  const scts = extension('1.3.6.1.4.1.11129.2.4.2', false, der.octetString(list));
  return aLeaf({ notBefore: new Date(notBefore), extensions: { scts } });
}
const twoDays = 48 * 3600;

testRule(backdated, [
  { name: 'passes an SCT 48 hours after notBefore', input: asked(logged(twoDays)), expected: 'pass' },
  {
    name: 'flags one a second later',
    input: asked(logged(twoDays + 1)),
    expected: { severity: 'error', details: { seconds: twoDays + 1, most: twoDays } },
  },
  { name: 'passes an SCT before notBefore', input: asked(logged(-3600)), expected: 'pass' },
  {
    name: 'is not in force before the profiles',
    input: asked(logged(twoDays * 9, '2023-09-14T23:59:59Z')),
    expected: 'not-in-force',
  },
  { name: 'does not apply without SCTs', input: asked(aLeaf()), expected: 'not-applicable' },
  {
    name: 'does not apply to private CAs',
    input: askedPrivately(logged(twoDays + 1)),
    expected: 'not-applicable',
  },
]);
