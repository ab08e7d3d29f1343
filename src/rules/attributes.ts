import type { Attribute, Name } from '../x509/path/name.js';

/** Attribute types of distinguished names (RFC 5280 appendix A.1, X.520, EV Guidelines section 9.2), by object identifier. */
export const attributeTypes = {
  commonName: '2.5.4.3',
  surname: '2.5.4.4',
  serialNumber: '2.5.4.5',
  country: '2.5.4.6',
  locality: '2.5.4.7',
  stateOrProvince: '2.5.4.8',
  street: '2.5.4.9',
  organization: '2.5.4.10',
  organizationalUnit: '2.5.4.11',
  title: '2.5.4.12',
  businessCategory: '2.5.4.15',
  postalCode: '2.5.4.17',
  givenName: '2.5.4.42',
  dnQualifier: '2.5.4.46',
  organizationIdentifier: '2.5.4.97',
  domainComponent: '0.9.2342.19200300.100.1.25',
  emailAddress: '1.2.840.113549.1.9.1',
  jurisdictionLocality: '1.3.6.1.4.1.311.60.2.1.1',
  jurisdictionState: '1.3.6.1.4.1.311.60.2.1.2',
  jurisdictionCountry: '1.3.6.1.4.1.311.60.2.1.3',
} as const;

/** Name of an attribute type, as the standards spell it. */
export type AttributeName = keyof typeof attributeTypes;

const names = new Map(Object.entries(attributeTypes).map(([name, oid]) => [oid as string, name]));

/** What to call an attribute type: its name, or its object identifier. */
export function attributeName(type: string): string {
  return names.get(type) ?? type;
}

/** Attributes of one type, in order. */
export function attributesOf(name: Name, type: AttributeName): readonly Attribute[] {
  return name.attributes.filter((attribute) => attribute.type === attributeTypes[type]);
}

/** True when the name has an attribute of the type. */
export function has(name: Name, type: AttributeName): boolean {
  return name.attributes.some((attribute) => attribute.type === attributeTypes[type]);
}

/** What the subject of an extended-validation certificate may name (EV Guidelines section 9.2). */
export const evAttributes = [
  'organization',
  'commonName',
  'businessCategory',
  'jurisdictionLocality',
  'jurisdictionState',
  'jurisdictionCountry',
  'serialNumber',
  'street',
  'locality',
  'stateOrProvince',
  'country',
  'postalCode',
  'organizationIdentifier',
  'organizationalUnit',
] as const satisfies readonly AttributeName[];

/** Policies that the CA/Browser Forum reserves for server certificates (Baseline Requirements section 7.1.6.1; EV Guidelines). */
export const reservedPolicies = {
  extended: '2.23.140.1.1',
  domain: '2.23.140.1.2.1',
  organization: '2.23.140.1.2.2',
  individual: '2.23.140.1.2.3',
} as const;

/** True for one of {@link reservedPolicies}. */
export function isReservedPolicy(policy: string): boolean {
  return Object.values(reservedPolicies).some((reserved) => reserved === policy);
}
