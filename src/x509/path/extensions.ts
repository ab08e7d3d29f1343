import {
  bytesOf,
  children,
  contentOf,
  contextTag,
  DerError,
  expectElement,
  readBitString,
  readBoolean,
  readOid,
  readSmallInteger,
  tags,
  type DerElement,
} from '../read/der.js';
import { readDistributionPoint } from '../revocation/distribution-point.js';
import { optionalFields, type NoteFault, type Read } from './fields.js';
import { readGeneralName, readGeneralNames, type GeneralName } from './general-name.js';
import { readNameConstraints } from './subtrees.js';

/** Bits of keyUsage, by position (RFC 5280 section 4.2.1.3). */
export const keyUsageBits = {
  digitalSignature: 1 << 0,
  keyEncipherment: 1 << 2,
  keyAgreement: 1 << 4,
  keyCertSign: 1 << 5,
  cRLSign: 1 << 6,
} as const;

function readBasicConstraints(bytes: Uint8Array, element: DerElement, note?: NoteFault) {
  const sequence = expectElement(bytes, tags.sequence, element.start, element.end);
  const [isCa, pathLength] = optionalFields(bytes, sequence, [tags.boolean, tags.integer]);
  if (isCa !== undefined && !readBoolean(bytes, isCa)) note?.('writes out the default cA FALSE');
  return {
    isCa: isCa !== undefined && readBoolean(bytes, isCa),
    pathLength: pathLength === undefined ? null : readSmallInteger(bytes, pathLength),
  };
}

function readKeyUsage(bytes: Uint8Array, element: DerElement, note?: NoteFault): number {
  const string = expectElement(bytes, tags.bitString, element.start, element.end);
  const { bits, unusedBits } = readBitString(bytes, string);
  // X.690 section 11.2.2: a list of named bits ends with its last one.
  if (bits.length > 0 && (((bits.at(-1) ?? 0) >> unusedBits) & 1) === 0) note?.('ends with zero bits');
  let mask = 0;
  for (let bit = 0; bit < Math.min(bits.length, 2) * 8; bit += 1)
    if (((bits[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0) mask |= 1 << bit;
  return mask;
}

/** A SEQUENCE of at least one of what `read` reads. */
function listOf<T>(read: Read<T>): Read<readonly T[]> {
  return (bytes, element) => {
    const sequence = expectElement(bytes, tags.sequence, element.start, element.end);
    const items = [...children(bytes, sequence)].map((child) => read(bytes, child));
    if (items.length === 0) throw new DerError('empty sequence', element.start);
    return items;
  };
}

const readObjectId: Read<string> = (bytes, element) =>
  readOid(bytes, expectElement(bytes, tags.oid, element.start, element.end));

/** A policy qualifier (RFC 5280 section 4.2.1.4): its identifier, and the whole element of its value. */
export interface PolicyQualifier {
  readonly id: string;
  readonly value: Uint8Array;
}

const readQualifier: Read<PolicyQualifier> = (bytes, element) => {
  const [id, value, more] = children(bytes, expectElement(bytes, tags.sequence, element.start, element.end));
  if (id === undefined || value === undefined || more !== undefined)
    throw new DerError('not a qualifier', element.start);
  return { id: readObjectId(bytes, id), value: bytesOf(bytes, value) };
};

const readPolicyInformation: Read<{
  readonly policy: string;
  readonly qualifiers: readonly PolicyQualifier[];
}> = (bytes, element) => {
  const sequence = expectElement(bytes, tags.sequence, element.start, element.end);
  const [policy, list, more] = children(bytes, sequence);
  if (policy === undefined || more !== undefined)
    throw new DerError('not a policy and its qualifiers', element.start);
  const qualifiers = list === undefined ? [] : listOf(readQualifier)(bytes, list);
  return { policy: readObjectId(bytes, policy), qualifiers };
};

const readPolicyMapping: Read<{ readonly issuer: string; readonly subject: string }> = (bytes, element) => {
  const [issuer, subject, ...more] = listOf(readObjectId)(bytes, element);
  if (issuer === undefined || subject === undefined || more.length > 0)
    throw new DerError('not a pair of policies', element.start);
  return { issuer, subject };
};

function readPolicyConstraints(bytes: Uint8Array, element: DerElement) {
  const sequence = expectElement(bytes, tags.sequence, element.start, element.end);
  const fields = optionalFields(bytes, sequence, [contextTag(0, false), contextTag(1, false)]);
  const [requireExplicitPolicy = null, inhibitPolicyMapping = null] = fields.map((field) =>
    field === undefined ? null : readSmallInteger(bytes, field),
  );
  if (requireExplicitPolicy === null && inhibitPolicyMapping === null)
    throw new DerError('constrains nothing', element.start);
  return { requireExplicitPolicy, inhibitPolicyMapping };
}

/** Reads an AuthorityKeyIdentifier; key identifier in lower-case hex. Throws DerError. */
export function readAuthorityKeyId(bytes: Uint8Array, element: DerElement) {
  const sequence = expectElement(bytes, tags.sequence, element.start, element.end);
  const fieldTags = [contextTag(0, false), contextTag(1, true), contextTag(2, false)];
  const [keyId, issuer, serial] = optionalFields(bytes, sequence, fieldTags);
  return {
    keyId: keyId === undefined ? null : Buffer.from(contentOf(bytes, keyId)).toString('hex'),
    namesIssuer: issuer !== undefined || serial !== undefined,
  };
}

const readSubjectKeyId: Read<string> = (bytes, element) => {
  const content = contentOf(bytes, expectElement(bytes, tags.octetString, element.start, element.end));
  if (content.length === 0) throw new DerError('empty key identifier', element.start);
  return Buffer.from(content).toString('hex');
};

const readAccessDescription: Read<{ readonly method: string; readonly location: GeneralName }> = (
  bytes,
  element,
) => {
  const sequence = expectElement(bytes, tags.sequence, element.start, element.end);
  const [method, location, more] = children(bytes, sequence);
  if (method === undefined || location === undefined || more !== undefined)
    throw new DerError('not a method and a location', element.start);
  return { method: readObjectId(bytes, method), location: readGeneralName(bytes, location) };
};

const readSkipCerts: Read<number> = (bytes, element) =>
  readSmallInteger(bytes, expectElement(bytes, tags.integer, element.start, element.end));

/** Reader of each extension this validator processes, by object identifier; all throw DerError. */
export const extensionReaders = {
  subjectKeyId: { oid: '2.5.29.14', read: readSubjectKeyId },
  keyUsage: { oid: '2.5.29.15', read: readKeyUsage },
  subjectAltName: { oid: '2.5.29.17', read: readGeneralNames },
  issuerAltName: { oid: '2.5.29.18', read: readGeneralNames },
  basicConstraints: { oid: '2.5.29.19', read: readBasicConstraints },
  nameConstraints: { oid: '2.5.29.30', read: readNameConstraints },
  crlDistributionPoints: { oid: '2.5.29.31', read: listOf(readDistributionPoint) },
  certificatePolicies: { oid: '2.5.29.32', read: listOf(readPolicyInformation) },
  policyMappings: { oid: '2.5.29.33', read: listOf(readPolicyMapping) },
  authorityKeyId: { oid: '2.5.29.35', read: readAuthorityKeyId },
  policyConstraints: { oid: '2.5.29.36', read: readPolicyConstraints },
  extendedKeyUsage: { oid: '2.5.29.37', read: listOf(readObjectId) },
  freshestCrl: { oid: '2.5.29.46', read: listOf(readDistributionPoint) },
  inhibitAnyPolicy: { oid: '2.5.29.54', read: readSkipCerts },
  authorityInfoAccess: { oid: '1.3.6.1.5.5.7.1.1', read: listOf(readAccessDescription) },
  subjectInfoAccess: { oid: '1.3.6.1.5.5.7.1.11', read: listOf(readAccessDescription) },
} as const;

/** Extensions by name; null when absent or unreadable (which of the two: `present` of the certificate). */
export type Extensions = {
  readonly [Name in keyof typeof extensionReaders]: {
    readonly critical: boolean;
    readonly value: ReturnType<(typeof extensionReaders)[Name]['read']>;
  } | null;
};

/** What {@link isPresent} and {@link isCritical} ask; a certificate fits. */
interface Present {
  readonly present: ReadonlyMap<string, { readonly critical: boolean }>;
}

/** True when the extension is there, readable or not. */
export function isPresent({ present }: Present, name: keyof Extensions): boolean {
  return present.has(extensionReaders[name].oid);
}

/** True when the extension is there and critical, readable or not. */
export function isCritical({ present }: Present, name: keyof Extensions): boolean {
  return present.get(extensionReaders[name].oid)?.critical === true;
}
