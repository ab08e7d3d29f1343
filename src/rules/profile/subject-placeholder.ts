import { attributeName } from '../attributes.js';
import type { Attribute } from '../../x509/path/name.js';
import { profileRule, type ProfileFault } from '../profile-rule.js';

/** Baseline Requirements section 7.1.4.2: no attribute holds only metadata such as `.`, `-` and spaces; broken texts prove bad input. */
export const subjectPlaceholder = profileRule({
  id: 'subject-placeholder',
  title: 'Subject holds a placeholder or broken text',
  severity: 'error',
  citation: 'Baseline Requirements section 7.1.4.2',
  remediation: 'Order the certificate again with correct values, or without the attribute.',
  scope: 'public',
  roles: ['leaf', 'ca'],
  faults: ({ parsed: { subject, issuer } }) => [
    ...subject.attributes.flatMap((attribute) => [
      ...valueFaults(attribute),
      ...whitespaceFaults('subject', attribute),
    ]),
    ...issuer.attributes.flatMap((attribute) => whitespaceFaults('issuer', attribute)),
  ],
});

/** Named or numeric character references of HTML. */
const entity =
  /&(?:amp|lt|gt|quot|apos|nbsp|[aeiouAEIOU](?:uml|acute|grave|circ)|szlig|#\d{2,5}|#x[0-9a-f]{2,4});/;
/** UTF-8 read as Latin-1: the lead octet of two, then a continuation. */
const mojibake = /[\u00c2-\u00c5\u00d0-\u00d1\u00e2-\u00e3][\u0080-\u00bf]/;

function valueFaults({ type, text }: Attribute): readonly ProfileFault[] {
  if (text === null) return [];
  const name = attributeName(type);
  const from = 'br-first';
  if (/^[\s.\-_/?*+]*$/.test(text))
    return [{ code: 'placeholder', message: `${name} is "${text.slice(0, 20)}"`, from }];
  if (/^(?:n\/?a|none|null|unknown|default(?: city)?|some-?state)$/i.test(text))
    return [{ code: 'placeholder', message: `${name} is "${text.slice(0, 20)}"`, from, severity: 'warning' }];
  if (entity.test(text)) return [{ code: 'html-entity', message: `${name} holds an HTML entity`, from }];
  if (mojibake.test(text))
    return [{ code: 'mojibake', message: `${name} holds UTF-8 that was read as Latin-1`, from }];
  return [];
}

function whitespaceFaults(where: string, { type, text }: Attribute): readonly ProfileFault[] {
  if (text === null || text.trim() === text || text.trim() === '') return [];
  const message = `${attributeName(type)} of the ${where} begins or ends with a space`;
  return [{ code: `${where}-surrounding-space`, message, severity: 'warning' }];
}
