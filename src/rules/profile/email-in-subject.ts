import { attributesOf } from '../attributes.js';
import { profileRule } from '../profile-rule.js';

/** RFC 5280 section 4.1.2.6: new certificates carry mailboxes in subjectAltName; emailAddress in the subject is deprecated. */
export const emailInSubject = profileRule({
  id: 'email-in-subject',
  title: 'Subject holds a mailbox that the names lack',
  severity: 'warning',
  citation: 'RFC 5280 section 4.1.2.6',
  remediation: 'Have it issued again with the mailbox as rfc822Name, or without it.',
  scope: 'all',
  roles: ['leaf'],
  faults({ parsed: { subject }, names }) {
    const mailboxes = names.flatMap((name) => (name.kind === 'email' ? [name.text.toLowerCase()] : []));
    return attributesOf(subject, 'emailAddress')
      .filter(({ text }) => !mailboxes.includes((text ?? '').toLowerCase()))
      .map(({ text }) => ({
        code: 'email-in-subject',
        message: `emailAddress is "${(text ?? '').slice(0, 100)}"`,
      }));
  },
});
