import { tags } from '../../x509/read/der.js';
import { attributeName, attributeTypes } from '../attributes.js';
import { profileRule, type ProfileFault } from '../profile-rule.js';
import type { Attribute, Name } from '../../x509/path/name.js';

const printableOnly: ReadonlySet<string> = new Set([
  attributeTypes.country,
  attributeTypes.serialNumber,
  attributeTypes.dnQualifier,
  attributeTypes.jurisdictionCountry,
]);
const ia5Only: ReadonlySet<string> = new Set([attributeTypes.domainComponent, attributeTypes.emailAddress]);
const printableOrUtf8: ReadonlySet<string> = new Set(
  Object.values(attributeTypes).filter((type) => !printableOnly.has(type) && !ia5Only.has(type)),
);

/** Baseline Requirements section 7.1.4.2: PrintableString or UTF8String, for the country and serial number PrintableString only. */
export const subjectEncoding = profileRule({
  id: 'subject-encoding',
  title: 'Subject is encoded in the wrong string type',
  severity: 'error',
  citation: 'Baseline Requirements section 7.1.4.2; RFC 5280 section 4.1.2.4 and appendix A.1',
  remediation: 'Have it issued again by a CA whose software encodes names as the standard asks.',
  scope: 'public',
  roles: ['leaf', 'ca', 'root'],
  faults: ({ parsed: { subject, issuer } }) => [
    ...subject.attributes.flatMap((attribute) => stringFaults('subject', attribute)),
    ...countryFaults(issuer),
  ],
});

function stringFaults(where: string, attribute: Attribute): readonly ProfileFault[] {
  const name = attributeName(attribute.type);
  const faults: ProfileFault[] = [];
  if (!allowedTags(attribute.type).includes(attribute.tag))
    faults.push({
      code: `${where}-string-type`,
      message: `${name} is encoded with tag ${attribute.tag}`,
      from: 'br-profiles',
    });
  if (/\p{Cc}/u.test(attribute.text ?? ''))
    faults.push({ code: `${where}-control-character`, message: `${name} holds a control character` });
  return faults;
}

function allowedTags(type: string): readonly number[] {
  if (printableOnly.has(type)) return [tags.printableString];
  if (ia5Only.has(type)) return [tags.ia5String];
  return printableOrUtf8.has(type) ? [tags.printableString, tags.utf8String] : allStrings;
}

const allStrings: readonly number[] = [
  tags.printableString,
  tags.utf8String,
  tags.ia5String,
  tags.teletexString,
  tags.bmpString,
  tags.universalString,
  tags.numericString,
];

function countryFaults(issuer: Name): readonly ProfileFault[] {
  return issuer.attributes
    .filter(({ type, tag }) => type === attributeTypes.country && tag !== tags.printableString)
    .map(({ tag }) => ({
      code: 'issuer-country-string-type',
      message: `the country of the issuer is encoded with tag ${tag}`,
    }));
}
