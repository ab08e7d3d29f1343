import { subjectPlaceholder } from '../../../src/rules/profile/subject-placeholder.js';
import { aLeaf, asked, askedPrivately, at, subject, testProfile } from '../profile-support.js';

const org = (text: string) => aLeaf({ subject: subject([at.O, text]) });

testProfile(subjectPlaceholder, [
  { name: 'passes a name', input: asked(org('Example B.V.')), expected: 'pass' },
  { name: 'passes a letter with an accent', input: asked(org('Société Générale, Zürich')), expected: 'pass' },
  ...['.', '-', ' ', '', '- - -'].map((text) => ({
    name: `flags "${text}"`,
    input: asked(org(text)),
    expected: 'placeholder',
    severity: 'error' as const,
  })),
  {
    name: 'warns of Some-State',
    input: asked(org('Some-State')),
    expected: 'placeholder',
    severity: 'warning',
  },
  { name: 'flags an HTML entity', input: asked(org('Smith &amp; Sons')), expected: 'html-entity' },
  { name: 'passes an ampersand', input: asked(org('Smith & Sons; more')), expected: 'pass' },
  { name: 'flags UTF-8 read as Latin-1', input: asked(org('ZÃ¼rich')), expected: 'mojibake' },
  {
    name: 'warns of a space at the end',
    input: asked(org('Example ')),
    expected: 'subject-surrounding-space',
    severity: 'warning',
  },
  { name: 'does not apply to private CAs', input: askedPrivately(org('-')), expected: 'not-applicable' },
]);
