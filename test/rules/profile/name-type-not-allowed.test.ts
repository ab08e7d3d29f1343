import { eku, ext, generalName } from '../../support/chain.js';
import { nameTypeNotAllowed } from '../../../src/rules/profile/name-type-not-allowed.js';
import { aLeaf, asked, askedPrivately, testProfile } from '../profile-support.js';

const { dns, uri, email, ip } = generalName;
const named = (notBefore: Date, ...names: readonly Buffer[]) =>
  aLeaf({ notBefore, extensions: { san: ext.san(names) } });
const today = new Date('2026-05-01T00:00:00Z');

testProfile(nameTypeNotAllowed, [
  {
    name: 'passes names and addresses',
    input: asked(named(today, dns('a.example.com'), ip('8.8.8.8'))),
    expected: 'pass',
  },
  {
    name: 'flags a URI',
    input: asked(named(today, dns('a.example.com'), uri('https://a.example.com/'))),
    expected: 'name-type',
    severity: 'error',
  },
  {
    name: 'passes a mailbox the second before the profiles',
    input: asked(named(new Date('2023-09-14T23:59:59Z'), email('a@example.com'))),
    expected: 'pass',
  },
  {
    name: 'flags it in their first second',
    input: asked(named(new Date('2023-09-15T00:00:00Z'), email('a@example.com'))),
    expected: 'name-type',
  },
  {
    name: 'passes a client certificate',
    input: asked(
      aLeaf({ extensions: { eku: ext.eku([eku.client]), san: ext.san([email('a@example.com')]) } }),
    ),
    expected: 'pass',
  },
  {
    name: 'does not apply to private CAs',
    input: askedPrivately(named(today, uri('https://a.example.com/'))),
    expected: 'not-applicable',
  },
]);
