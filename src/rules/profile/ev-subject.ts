import {
  attributeName,
  attributesOf,
  attributeTypes,
  evAttributes,
  has,
  reservedPolicies,
  type AttributeName,
} from '../attributes.js';
import { identifierFaults } from '../organization-identifier.js';
import { profileRule, type ProfileFault, type Profiled } from '../profile-rule.js';

const needed: readonly AttributeName[] = [
  'organization',
  'country',
  'businessCategory',
  'serialNumber',
  'jurisdictionCountry',
];
const allowed: ReadonlySet<string> = new Set(evAttributes.map((name) => attributeTypes[name]));
const categories = ['Private Organization', 'Government Entity', 'Business Entity', 'Non-Commercial Entity'];

/** EV Guidelines sections 9.2 and 9.8: what the subject of an extended-validation certificate must name, and no more. */
export const evSubject = profileRule({
  id: 'ev-subject',
  title: 'Extended validation, yet the subject is wrong',
  severity: 'error',
  citation: 'EV Guidelines sections 7.1.4.2, 9.2 and 9.8; Baseline Requirements section 7.1.2.7.5',
  remediation: 'Have it issued again with the attributes that extended validation asks for.',
  scope: 'public',
  roles: ['leaf'],
  faults: (profiled) =>
    profiled.policies.includes(reservedPolicies.extended)
      ? [...attributeFaults(profiled), ...nameFaults(profiled), ...identifierFaults(profiled)]
      : [],
});

function attributeFaults({ parsed: { subject } }: Profiled): readonly ProfileFault[] {
  const missing = needed
    .filter((type) => !has(subject, type))
    .map((type) => ({ code: 'attribute-missing', message: `the subject has no ${type}`, from: 'br-first' }));
  const extra = subject.attributes
    .filter(({ type }) => !allowed.has(type))
    .map(({ type }) => ({
      code: 'attribute-extra',
      message: `the subject has ${attributeName(type)}`,
      from: 'br-profiles',
    }));
  const category = attributesOf(subject, 'businessCategory').filter(
    ({ text }) => !categories.includes(text ?? ''),
  );
  return [
    ...missing,
    ...extra,
    ...category.map(({ text }) => ({
      code: 'business-category',
      message: `the category "${(text ?? '').slice(0, 40)}"`,
    })),
  ];
}

function nameFaults({ names }: Profiled): readonly ProfileFault[] {
  const from = 'br-first';
  const isWildcard = names.some(
    (name) => name.kind === 'dns' && name.text.startsWith('*.') && !name.text.endsWith('.onion'),
  );
  return [
    ...(isWildcard ? [{ code: 'ev-wildcard', message: 'extended validation of a wildcard', from }] : []),
    ...(names.some(({ kind }) => kind === 'ip')
      ? [{ code: 'ev-address', message: 'extended validation of an address', from }]
      : []),
  ];
}
