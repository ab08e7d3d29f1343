import { constants, verify, type KeyObject } from 'node:crypto';
import {
  children,
  contextTag,
  DerError,
  expectElement,
  readOid,
  readSmallInteger,
  readWhole,
  tags,
  type DerElement,
} from '../read/der.js';
import type { PathCertificate } from './certificate.js';
import { importKey } from './key.js';
import { quote } from './quote.js';
import type { Problem } from './codes.js';
import { optionalFields } from './fields.js';

/** How a signature is made. */
export interface SignatureScheme {
  readonly keyTypes: readonly string[];
  /** Node's name of the hash; null for Ed25519 and Ed448. */
  readonly hash: string | null;
  /** RSASSA-PSS only: octets of salt. */
  readonly saltLength: number | null;
}

const rsa = (hash: string): SignatureScheme => ({ keyTypes: ['rsa'], hash, saltLength: null });
const ec = (hash: string): SignatureScheme => ({ keyTypes: ['ec'], hash, saltLength: null });
const dsa = (hash: string): SignatureScheme => ({ keyTypes: ['dsa'], hash, saltLength: null });

const schemes = new Map<string, SignatureScheme>([
  ['1.2.840.113549.1.1.4', rsa('md5')],
  ['1.2.840.113549.1.1.5', rsa('sha1')],
  ['1.2.840.113549.1.1.14', rsa('sha224')],
  ['1.2.840.113549.1.1.11', rsa('sha256')],
  ['1.2.840.113549.1.1.12', rsa('sha384')],
  ['1.2.840.113549.1.1.13', rsa('sha512')],
  ['1.2.840.10045.4.1', ec('sha1')],
  ['1.2.840.10045.4.3.1', ec('sha224')],
  ['1.2.840.10045.4.3.2', ec('sha256')],
  ['1.2.840.10045.4.3.3', ec('sha384')],
  ['1.2.840.10045.4.3.4', ec('sha512')],
  ['1.2.840.10040.4.3', dsa('sha1')],
  ['2.16.840.1.101.3.4.3.1', dsa('sha224')],
  ['2.16.840.1.101.3.4.3.2', dsa('sha256')],
  ['1.3.101.112', { keyTypes: ['ed25519'], hash: null, saltLength: null }],
  ['1.3.101.113', { keyTypes: ['ed448'], hash: null, saltLength: null }],
]);

const hashOids = new Map([
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.4', 'sha224'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);

const pssOid = '1.2.840.113549.1.1.10';
const mgf1Oid = '1.2.840.113549.1.1.8';
const strongHashes: readonly (string | null)[] = ['sha256', 'sha384', 'sha512', null];

/** The scheme of an AlgorithmIdentifier, or why there is none. */
export function readScheme(algorithm: Uint8Array): SignatureScheme | Problem {
  try {
    const [oid, parameters, more] = children(algorithm, readWhole(algorithm, tags.sequence));
    if (oid === undefined || more !== undefined) throw new DerError('not an algorithm', 0);
    const id = readOid(algorithm, expectElement(algorithm, tags.oid, oid.start));
    if (id === pssOid) return readPss(algorithm, parameters);
    const scheme = schemes.get(id);
    if (scheme === undefined)
      return { code: 'unsupported-signature', text: `is signed with the unknown algorithm ${id}` };
    checkParameters(scheme, parameters);
    return scheme;
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return {
      code: 'malformed-signature-algorithm',
      text: `names its signature algorithm wrongly: ${quote(error.message)}`,
    };
  }
}

/** RSA takes NULL (or, of old, nothing), everything else nothing (RFC 4055 section 5, RFC 5758 section 3, RFC 8410 section 3). */
function checkParameters(scheme: SignatureScheme, parameters: DerElement | undefined): void {
  if (parameters === undefined) return;
  const isNull = parameters.tag === tags.null && parameters.contentStart === parameters.end;
  if (!isNull || !scheme.keyTypes.includes('rsa'))
    throw new DerError('unexpected parameters', parameters.start);
}

/** RSASSA-PSS-params (RFC 4055 section 3.1); the mask must use the same hash, as all profiles ask. */
function readPss(bytes: Uint8Array, parameters: DerElement | undefined): SignatureScheme {
  const sequence = expectElement(bytes, tags.sequence, parameters?.start ?? bytes.length);
  const fieldTags = [0, 1, 2, 3].map((number) => contextTag(number, true));
  const [hash, mask, salt, trailer] = optionalFields(bytes, sequence, fieldTags);
  const hashName = hash === undefined ? 'sha1' : readHash(bytes, firstChild(bytes, hash));
  const maskName = mask === undefined ? 'sha1' : readMask(bytes, firstChild(bytes, mask));
  const saltLength = salt === undefined ? 20 : readSmallInteger(bytes, firstChild(bytes, salt));
  const trailerField = trailer === undefined ? 1 : readSmallInteger(bytes, firstChild(bytes, trailer));
  if (hashName !== maskName || trailerField !== 1 || saltLength > 1024)
    throw new DerError('unusual RSASSA-PSS parameters', sequence.start);
  return { keyTypes: ['rsa', 'rsa-pss'], hash: hashName, saltLength };
}

function firstChild(bytes: Uint8Array, element: DerElement): DerElement {
  const [child, more] = children(bytes, element);
  if (child === undefined || more !== undefined) throw new DerError('not exactly one element', element.start);
  return child;
}

function readHash(bytes: Uint8Array, element: DerElement): string {
  const [oid] = children(bytes, element);
  const name = oid === undefined ? undefined : hashOids.get(readOid(bytes, oid));
  if (name === undefined) throw new DerError('unknown hash', element.start);
  return name;
}

function readMask(bytes: Uint8Array, element: DerElement): string {
  const [oid, hash] = children(bytes, element);
  if (oid === undefined || hash === undefined || readOid(bytes, oid) !== mgf1Oid)
    throw new DerError('unknown mask generation', element.start);
  return readHash(bytes, hash);
}

/** Why the algorithm may not be relied on, whatever the signature; null when it may. */
export function algorithmProblem(algorithm: Uint8Array): Problem | null {
  const scheme = readScheme(algorithm);
  if ('code' in scheme) return scheme;
  if (strongHashes.includes(scheme.hash) && !scheme.keyTypes.includes('dsa')) return null;
  const name = `${scheme.keyTypes[0] ?? ''} with ${scheme.hash ?? ''}`;
  return { code: 'weak-signature', text: `is signed with ${name}, which is no longer allowed` };
}

/** True when `signature` over `data` was made with the private half of `key`. Never throws. */
export function isSignedBy(
  data: Uint8Array,
  algorithm: Uint8Array,
  signature: Uint8Array,
  key: KeyObject,
): boolean {
  const scheme = readScheme(algorithm);
  if ('code' in scheme || !scheme.keyTypes.includes(key.asymmetricKeyType ?? '')) return false;
  const padding =
    scheme.saltLength === null
      ? {}
      : { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength };
  try {
    return verify(scheme.hash, data, { key, ...padding }, signature);
  } catch {
    return false;
  }
}

/** True when a certificate's own key made its signature; costs one verification. */
export function isSelfSigned({ tbs, signatureAlgorithm, signature, spki }: PathCertificate): boolean {
  const key = importKey(spki);
  return key !== null && isSignedBy(tbs, signatureAlgorithm, signature, key);
}
