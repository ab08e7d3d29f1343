import {
  bytesOf,
  children,
  contentOf,
  contextTag,
  DerError,
  expectElement,
  integerHex,
  readBitString,
  readBoolean,
  readElement,
  readOid,
  readSmallInteger,
  readWhole,
  tags,
  type DerElement,
} from '../read/der.js';
import { canonicalTimeMs } from '../read/der-time.js';
import { optionalFields } from '../path/fields.js';

/** What a responder says of one certificate (RFC 6960 section 4.2.1). */
export interface SingleResponse {
  /** Dotted object identifier of the hash of the two hashes. */
  readonly hashAlgorithm: string;
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  /** As in a certificate: unsigned lower-case hex. */
  readonly serialNumber: string;
  readonly status: 'good' | 'revoked' | 'unknown';
  readonly revokedAt: Date | null;
  /** CRLReason by number (RFC 5280 section 5.3.1); null when not given. */
  readonly reasonCode: number | null;
  readonly thisUpdate: Date;
  /** Null: newer information is available all the time. */
  readonly nextUpdate: Date | null;
  /** SignedCertificateTimestampList (RFC 6962 section 3.3); null when there is none. */
  readonly sctList: Uint8Array | null;
}

/** A signed response, not verified. */
export interface BasicResponse {
  readonly tbs: Uint8Array;
  /** AlgorithmIdentifier. */
  readonly signatureAlgorithm: Uint8Array;
  readonly signature: Uint8Array;
  /** The responder by its Name (DER) or by the SHA-1 of its key. */
  readonly responder: { readonly name: Uint8Array } | { readonly keyHash: Uint8Array };
  readonly producedAt: Date;
  readonly responses: readonly SingleResponse[];
  /** DER of the certificates that came along. */
  readonly certificates: readonly Uint8Array[];
  /** Critical extensions that nothing here knows. */
  readonly unknownCritical: readonly string[];
}

const statuses = [
  'successful',
  'malformedRequest',
  'internalError',
  undefined,
  'tryLater',
  'sigRequired',
  'unauthorized',
];
const basicType = '1.3.6.1.5.5.7.48.1.1';
const sctListOid = '1.3.6.1.4.1.11129.2.4.5';
/** nonce, CRL references, acceptable responses, archive cutoff, service locator, preferred algorithms, extended revoked. */
const knownExtensions = new Set([
  ...[2, 3, 4, 5, 6, 7, 8, 9].map((last) => `1.3.6.1.5.5.7.48.1.${last}`),
  sctListOid,
]);
/** More single responses than these are refused: nobody staples so many. */
const maxResponses = 1000;

/** Reads an OCSPResponse. An answer that is not successful is its status as text. Throws DerError for what is no response. */
export function readOcspResponse(der: Uint8Array): BasicResponse | string {
  const [status, explicit, more] = children(der, readWhole(der, tags.sequence));
  if (status?.tag !== tags.enumerated || more !== undefined) throw new DerError('not an OCSPResponse', 0);
  const code = readSmallInteger(der, status);
  if (code !== 0) return statuses[code] ?? `status ${code}`;
  if (explicit?.tag !== contextTag(0, true)) throw new DerError('no response bytes', status.end);
  const responseBytes = expectElement(der, tags.sequence, explicit.contentStart, explicit.end);
  const [type, response] = children(der, responseBytes);
  if (type === undefined || response?.tag !== tags.octetString)
    throw new DerError('no response', responseBytes.start);
  const oid = readOid(der, type);
  return oid === basicType ? readBasic(contentOf(der, response)) : `response type ${oid}`;
}

function readBasic(der: Uint8Array): BasicResponse {
  const [tbs, algorithm, signature, certs] = children(der, readWhole(der, tags.sequence));
  if (tbs === undefined || algorithm === undefined || signature?.tag !== tags.bitString)
    throw new DerError('not a BasicOCSPResponse', 0);
  const critical = new Set<string>();
  const list = certs === undefined ? null : expectElement(der, tags.sequence, certs.contentStart, certs.end);
  return {
    tbs: bytesOf(der, tbs),
    signatureAlgorithm: bytesOf(der, algorithm),
    signature: readBitString(der, signature).bits,
    ...readResponseData(der, tbs, critical),
    certificates:
      list === null ? [] : [...children(der, list)].slice(0, 10).map((child) => bytesOf(der, child)),
    unknownCritical: [...critical],
  };
}

function readResponseData(der: Uint8Array, tbs: DerElement, critical: Set<string>) {
  const parts = [...children(der, tbs)];
  if (parts[0]?.tag === contextTag(0, true)) parts.shift();
  const [responder, producedAt, responses, extensions] = parts;
  if (responder === undefined || producedAt === undefined || responses?.tag !== tags.sequence)
    throw new DerError('not a ResponseData', tbs.start);
  if (extensions !== undefined) readExtensions(der, extensions, critical);
  const singles = [...children(der, responses)];
  if (singles.length > maxResponses) throw new DerError('too many responses', responses.start);
  return {
    responder: readResponder(der, responder),
    producedAt: readInstant(der, producedAt),
    responses: singles.map((single) => readSingle(der, single, critical)),
  };
}

function readResponder(der: Uint8Array, element: DerElement): BasicResponse['responder'] {
  const inner = readElement(der, element.contentStart, element.end);
  if (element.tag === contextTag(1, true)) return { name: bytesOf(der, inner) };
  if (element.tag === contextTag(2, true) && inner.tag === tags.octetString)
    return { keyHash: contentOf(der, inner) };
  throw new DerError('not a ResponderID', element.start);
}

function readSingle(der: Uint8Array, single: DerElement, critical: Set<string>): SingleResponse {
  const [id, status, thisUpdate, ...rest] = children(der, single);
  if (id === undefined || status === undefined || thisUpdate === undefined)
    throw new DerError('not a SingleResponse', single.start);
  const fields = new Map(rest.map((element) => [element.tag, element]));
  const nextUpdate = fields.get(contextTag(0, true));
  const extensions = fields.get(contextTag(1, true));
  const sctList = extensions === undefined ? null : readExtensions(der, extensions, critical);
  return {
    ...readCertId(der, id),
    ...readStatus(der, status),
    thisUpdate: readInstant(der, thisUpdate),
    nextUpdate:
      nextUpdate === undefined
        ? null
        : readInstant(der, readElement(der, nextUpdate.contentStart, nextUpdate.end)),
    sctList,
  };
}

function readCertId(der: Uint8Array, id: DerElement) {
  const [algorithm, nameHash, keyHash, serial] = children(der, id);
  if (
    algorithm === undefined ||
    nameHash === undefined ||
    keyHash === undefined ||
    serial?.tag !== tags.integer
  )
    throw new DerError('not a CertID', id.start);
  const hex = (element: DerElement): string => Buffer.from(contentOf(der, element)).toString('hex');
  return {
    hashAlgorithm: readOid(der, readElement(der, algorithm.contentStart, algorithm.end)),
    issuerNameHash: hex(nameHash),
    issuerKeyHash: hex(keyHash),
    serialNumber: integerHex(der, serial),
  };
}

function readStatus(der: Uint8Array, element: DerElement) {
  const none = { revokedAt: null, reasonCode: null };
  if (element.tag === contextTag(0, false)) return { status: 'good' as const, ...none };
  if (element.tag === contextTag(2, false)) return { status: 'unknown' as const, ...none };
  if (element.tag !== contextTag(1, true)) throw new DerError('not a CertStatus', element.start);
  const [time, ...rest] = children(der, element);
  if (time === undefined) throw new DerError('no revocation time', element.start);
  const [explicit] = rest;
  const reason = explicit === undefined ? null : readElement(der, explicit.contentStart, explicit.end);
  return {
    status: 'revoked' as const,
    revokedAt: readInstant(der, time),
    reasonCode: reason === null ? null : readSmallInteger(der, reason),
  };
}

/** GeneralizedTime, always (RFC 6960 section 4.2.2.1). */
function readInstant(der: Uint8Array, element: DerElement): Date {
  const isTime = element.tag === tags.generalizedTime;
  const ms = isTime ? canonicalTimeMs(der, element.tag, element.contentStart, element.end) : NaN;
  if (Number.isNaN(ms)) throw new DerError('not a GeneralizedTime', element.start);
  return new Date(ms);
}

/** Walks [1] EXPLICIT Extensions: notes critical ones that are not known, gives the SCT list. */
function readExtensions(der: Uint8Array, explicit: DerElement, critical: Set<string>): Uint8Array | null {
  let sctList: Uint8Array | null = null;
  const list = expectElement(der, tags.sequence, explicit.contentStart, explicit.end);
  for (const extension of children(der, list)) {
    const [oidElement, ...rest] = children(der, extension);
    const [flag] = optionalFields(der, { ...extension, contentStart: oidElement?.end ?? 0 }, [
      tags.boolean,
      tags.octetString,
    ]);
    const value = rest.at(-1);
    if (oidElement === undefined || value?.tag !== tags.octetString)
      throw new DerError('not an Extension', extension.start);
    const oid = readOid(der, oidElement);
    if (flag !== undefined && readBoolean(der, flag) && !knownExtensions.has(oid)) critical.add(oid);
    if (oid === sctListOid)
      sctList = contentOf(der, expectElement(der, tags.octetString, value.contentStart, value.end));
  }
  return sctList;
}
