import { attributeName, attributeTypes } from '../attributes.js';
import type { Name } from '../../x509/path/name.js';
import { profileRule, type ProfileFault } from '../profile-rule.js';

/** The order of the table in Baseline Requirements section 7.1.4.2; types that are not in it may stand anywhere. */
const order: readonly string[] = [
  attributeTypes.domainComponent,
  attributeTypes.country,
  attributeTypes.stateOrProvince,
  attributeTypes.locality,
  attributeTypes.postalCode,
  attributeTypes.street,
  attributeTypes.organization,
  attributeTypes.surname,
  attributeTypes.givenName,
  attributeTypes.organizationalUnit,
  attributeTypes.commonName,
];
const mayRepeat: ReadonlySet<string> = new Set([attributeTypes.domainComponent, attributeTypes.street]);

/** Baseline Requirements section 7.1.4.1: each RDN holds one attribute, each type comes once, in the order of the table. */
export const subjectOrder = profileRule({
  id: 'subject-order',
  title: 'Subject attributes repeated or out of order',
  severity: 'error',
  citation: 'Baseline Requirements sections 7.1.4.1 and 7.1.4.2',
  remediation: 'Have it issued again by a CA that builds names as the Baseline Requirements ask.',
  scope: 'public',
  roles: ['leaf', 'ca'],
  faults: ({ parsed: { subject } }) => [
    ...orderFaults(subject),
    ...repeatedFaults(subject),
    ...severalInOneFaults(subject),
  ],
});

function orderFaults({ attributes }: Name): readonly ProfileFault[] {
  const placed = attributes.filter(({ type }) => order.includes(type));
  const at = placed.findIndex(({ type }, index) => {
    const before = placed[index - 1];
    return before !== undefined && order.indexOf(type) < order.indexOf(before.type);
  });
  const [before, wrong] = [placed[at - 1], placed[at]];
  if (before === undefined || wrong === undefined) return [];
  const message = `${attributeName(wrong.type)} comes after ${attributeName(before.type)}`;
  return [{ code: 'attribute-out-of-order', message, from: 'br-profiles' }];
}

function repeatedFaults({ attributes }: Name): readonly ProfileFault[] {
  const types = attributes.map(({ type }) => type);
  const repeated = new Set(types.filter((type, at) => types.indexOf(type) < at && !mayRepeat.has(type)));
  return [...repeated].map((type) => ({
    code: 'attribute-repeated',
    message: `${attributeName(type)} comes more than once`,
    from: 'br-profiles',
  }));
}

function severalInOneFaults({ attributes }: Name): readonly ProfileFault[] {
  const isSeveral = attributes.some(({ rdn }, at) => attributes[at - 1]?.rdn === rdn);
  if (!isSeveral) return [];
  return [
    { code: 'several-attributes-in-one', message: 'an RDN holds several attributes', from: 'br-profiles' },
  ];
}
