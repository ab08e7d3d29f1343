import { ext, generalName } from '../../support/chain.js';
import { emailInSubject } from '../../../src/rules/profile/email-in-subject.js';
import { aCa, aLeaf, asked, subject, testProfile } from '../profile-support.js';

const mailbox = subject(['1.2.840.113549.1.9.1', 'a@example.com', 0x16]);

testProfile(emailInSubject, [
  { name: 'passes a subject without', input: asked(aLeaf()), expected: 'pass' },
  {
    name: 'warns of one',
    input: asked(aLeaf({ subject: mailbox })),
    expected: 'email-in-subject',
    severity: 'warning',
  },
  {
    name: 'passes one that is an alternative name too',
    input: asked(
      aLeaf({ subject: mailbox, extensions: { san: ext.san([generalName.email('A@example.com')]) } }),
    ),
    expected: 'pass',
  },
  { name: 'does not apply to CAs', input: asked(aCa({ subject: mailbox })), expected: 'not-applicable' },
]);
