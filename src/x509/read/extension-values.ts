import { contentStart, endOf } from './layout.js';
import { append, emptyList } from './lists.js';
import { dottedOid, findOid, oidTable } from './oids.js';
import { repeated, type Read } from './repeated.js';

/** Contents start of the element of this tag that fills [start, end), or -1. */
function filled(bytes: Buffer, tag: number, start: number, end: number): number {
  return bytes[start] === tag && endOf(bytes, start, end) === end ? contentStart(bytes, start) : -1;
}

/** SubjectKeyIdentifier: lower-case hex (RFC 5280 section 4.2.1.2). */
export const readSubjectKeyId: Read<string> = (bytes, start, end) => {
  const from = filled(bytes, 0x04, start, end);
  return from < 0 ? undefined : bytes.toString('hex', from, end);
};

/** AuthorityKeyIdentifier: keyIdentifier in lower-case hex, null when it has none (RFC 5280 section 4.2.1.1). */
export const readAuthorityKeyId: Read<string | null> = repeated((bytes, start, end) => {
  let at = filled(bytes, 0x30, start, end);
  if (at < 0) return undefined;
  let keyId: string | null = null;
  let seen = 0;
  while (at < end) {
    const next = endOf(bytes, at, end);
    const number = [0x80, 0xa1, 0x82].indexOf(bytes[at] ?? 0);
    if (next < 0 || number < 0 || 1 << number <= seen) return undefined;
    seen |= 1 << number;
    if (number === 0) keyId = bytes.toString('hex', contentStart(bytes, at), next);
    at = next;
  }
  // authorityCertIssuer and authorityCertSerialNumber come both or not at all.
  return seen === 2 || seen === 3 || seen === 4 || seen === 5 ? undefined : keyId;
});

/** BasicConstraints: cA (RFC 5280 section 4.2.1.9). */
export const readIsCa: Read<boolean> = (bytes, start, end) => {
  let at = filled(bytes, 0x30, start, end);
  if (at < 0) return undefined;
  let isCa = false;
  if (bytes[at] === 0x01 && at < end) {
    const value = bytes[at + 2] ?? 0;
    if (endOf(bytes, at, end) !== at + 3 || (value !== 0xff && value !== 0)) return undefined;
    isCa = value === 0xff;
    at += 3;
  }
  if (at === end) return isCa;
  return bytes[at] === 0x02 && endOf(bytes, at, end) === end ? isCa : undefined;
};

/** ExtKeyUsageSyntax: dotted object identifiers (RFC 5280 section 4.2.1.12). */
export const readExtendedKeyUsages: Read<readonly string[]> = repeated((bytes, start, end) => {
  let at = filled(bytes, 0x30, start, end);
  if (at < 0) return undefined;
  let usages: string[] = emptyList;
  while (at < end) {
    const next = bytes[at] === 0x06 ? endOf(bytes, at, end) : -1;
    if (next < 0) return undefined;
    const from = contentStart(bytes, at);
    const usage = findOid(commonUsages, bytes, from, next) ?? dottedOid(bytes, from, next);
    if (usage === null) return undefined;
    usages = append(usages, usage);
    at = next;
  }
  return usages;
});

/** id-kp (RFC 5280 section 4.2.1.12) and anyExtendedKeyUsage. */
const commonUsages = oidTable(
  new Map(
    [1, 2, 3, 4, 8, 9]
      .map((last) => `1.3.6.1.5.5.7.3.${last}`)
      .concat('2.5.29.37.0')
      .map((dotted) => [dotted, dotted]),
  ),
);

/** OCSP and caIssuers URLs of an AuthorityInfoAccess. */
export interface AccessUrls {
  readonly ocspUrls: readonly string[];
  readonly caIssuerUrls: readonly string[];
}

const accessMethods = oidTable<keyof AccessUrls>(
  new Map([
    ['1.3.6.1.5.5.7.48.1', 'ocspUrls'],
    ['1.3.6.1.5.5.7.48.2', 'caIssuerUrls'],
  ]),
);

/** AuthorityInfoAccessSyntax (RFC 5280 section 4.2.2.1): the locations that are URIs, as Latin-1. */
export const readAccessUrls: Read<AccessUrls> = repeated((bytes, start, end) => {
  let at = filled(bytes, 0x30, start, end);
  if (at < 0) return undefined;
  const urls: Record<keyof AccessUrls, string[]> = { ocspUrls: emptyList, caIssuerUrls: emptyList };
  while (at < end) {
    const next = bytes[at] === 0x30 ? endOf(bytes, at, end) : -1;
    const method = contentStart(bytes, at);
    const location = next > 0 && bytes[method] === 0x06 ? endOf(bytes, method, next) : -1;
    if (location < 0 || endOf(bytes, location, next) !== next) return undefined;
    const kind = findOid(accessMethods, bytes, contentStart(bytes, method), location);
    if (bytes[location] === 0x86 && kind !== undefined)
      urls[kind] = append(urls[kind], bytes.toString('latin1', contentStart(bytes, location), next));
    at = next;
  }
  return urls;
});

/** CRLDistributionPoints (RFC 5280 section 4.2.1.13): every URI of every fullName, as Latin-1. */
export const readCrlUrls: Read<readonly string[]> = repeated((bytes, start, end) => {
  let at = filled(bytes, 0x30, start, end);
  if (at < 0) return undefined;
  const urls: string[] = [];
  while (at < end) {
    const next = bytes[at] === 0x30 ? endOf(bytes, at, end) : -1;
    if (next < 0 || !readDistributionPoint(bytes, contentStart(bytes, at), next, urls)) return undefined;
    at = next;
  }
  return urls;
});

/** distributionPoint [0] { fullName [0] GeneralNames }, reasons [1] and cRLIssuer [2] are passed over. */
function readDistributionPoint(bytes: Buffer, start: number, end: number, urls: string[]): boolean {
  let at = start;
  while (at < end) {
    const next = endOf(bytes, at, end);
    if (next < 0 || ![0xa0, 0x81, 0xa2].includes(bytes[at] ?? 0)) return false;
    const choice = contentStart(bytes, at);
    if (bytes[at] === 0xa0 && bytes[choice] === 0xa0) {
      if (endOf(bytes, choice, next) !== next) return false;
      if (!readUris(bytes, contentStart(bytes, choice), next, urls)) return false;
    }
    at = next;
  }
  return true;
}

function readUris(bytes: Buffer, start: number, end: number, urls: string[]): boolean {
  let at = start;
  while (at < end) {
    const next = endOf(bytes, at, end);
    if (next < 0) return false;
    if (bytes[at] === 0x86) urls.push(bytes.toString('latin1', contentStart(bytes, at), next));
    at = next;
  }
  return true;
}

/** Number of SCTs in a SignedCertificateTimestampList inside an OCTET STRING (RFC 6962 section 3.3). */
export const readSctCount: Read<number> = (bytes, start, end) => {
  const from = filled(bytes, 0x04, start, end);
  if (from < 0 || end - from < 2 || uint16(bytes, from) !== end - from - 2) return undefined;
  let count = 0;
  let at = from + 2;
  while (at + 2 <= end) {
    const length = uint16(bytes, at);
    if (length === 0) return undefined;
    at += 2 + length;
    count += 1;
  }
  return at === end ? count : undefined;
};

function uint16(bytes: Buffer, at: number): number {
  return (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
}

/** KeyUsage is a BIT STRING (RFC 5280 section 4.2.1.3). */
export const checkKeyUsage: Read<true> = (bytes, start, end) =>
  filled(bytes, 0x03, start, end) < 0 ? undefined : true;

/** CertificatePolicies is a SEQUENCE of SEQUENCEs that begin with an OID (RFC 5280 section 4.2.1.4). */
export const checkPolicies: Read<true> = (bytes, start, end) => {
  let at = filled(bytes, 0x30, start, end);
  if (at < 0) return undefined;
  while (at < end) {
    const next = bytes[at] === 0x30 ? endOf(bytes, at, end) : -1;
    if (next < 0 || bytes[contentStart(bytes, at)] !== 0x06) return undefined;
    at = next;
  }
  return true;
};

/** NameConstraints is a SEQUENCE of permitted [0] and excluded [1] subtrees (RFC 5280 section 4.2.1.10). */
export const checkNameConstraints: Read<true> = (bytes, start, end) => {
  let at = filled(bytes, 0x30, start, end);
  if (at < 0) return undefined;
  while (at < end) {
    const next = bytes[at] === 0xa0 || bytes[at] === 0xa1 ? endOf(bytes, at, end) : -1;
    if (next < 0) return undefined;
    at = next;
  }
  return true;
};
