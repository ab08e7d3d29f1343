import { createPublicKey, generateKeyPairSync, sign, createHash, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import * as der from './der-writer.js';

/** Which key to make: RSA by bits, EC by curve, or Ed25519. */
export type KeySpec = { rsa: number } | { ec: string } | 'ed25519';

/** A certificate made for a test, with its private key. */
export interface Issued {
  readonly der: Buffer;
  readonly pem: string;
  readonly key: KeyObject;
  readonly keyPem: string;
  /** DER of the subject Name. */
  readonly subjectName: Buffer;
  readonly sha256: string;
}

/** What to put into a certificate; everything has a sensible default. */
export interface CertificateSpec {
  /** Common Name, or the DER of a whole Name. Default `test`. */
  readonly subject?: string | Uint8Array;
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly serialNumber?: bigint;
  readonly key?: KeySpec | KeyObject;
  /** Default: self-signed. */
  readonly issuer?: Issued;
  readonly ca?: boolean;
  readonly pathLength?: number;
  /** Signature hash; default sha256 (ignored for Ed25519). */
  readonly hash?: 'sha1' | 'sha256' | 'sha384' | 'sha512' | 'md5';
  /** Further extensions, DER of Extension each (see {@link extension}). */
  readonly extensions?: readonly Uint8Array[];
  /** Leave out SKI, AKI, key usage and basic constraints. */
  readonly bare?: boolean;
}

const signatureOids: Record<string, string> = {
  'rsa-md5': '1.2.840.113549.1.1.4',
  'rsa-sha1': '1.2.840.113549.1.1.5',
  'rsa-sha256': '1.2.840.113549.1.1.11',
  'rsa-sha384': '1.2.840.113549.1.1.12',
  'rsa-sha512': '1.2.840.113549.1.1.13',
  'ec-sha1': '1.2.840.10045.4.1',
  'ec-sha256': '1.2.840.10045.4.3.2',
  'ec-sha384': '1.2.840.10045.4.3.3',
  'ec-sha512': '1.2.840.10045.4.3.4',
};

/** DER of one Extension (RFC 5280 section 4.1). */
export function extension(dottedOid: string, critical: boolean, value: Uint8Array): Buffer {
  return der.sequence(der.oid(dottedOid), ...(critical ? [der.boolean(true)] : []), der.octetString(value));
}

/** DER of a Name with one Common Name. */
export function commonName(text: string): Buffer {
  return der.sequence(der.set(der.sequence(der.oid('2.5.4.3'), der.utf8String(text))));
}

/** A new private key; RSA keys are remembered by size, for they are slow to make. */
export function makeKey(spec: KeySpec = { ec: 'prime256v1' }): KeyObject {
  if (spec === 'ed25519') return generateKeyPairSync('ed25519').privateKey;
  if ('ec' in spec) return generateKeyPairSync('ec', { namedCurve: spec.ec }).privateKey;
  return generateKeyPairSync('rsa', { modulusLength: spec.rsa }).privateKey;
}

/** AlgorithmIdentifier of signatures by `key` with `hash`. */
export function signatureAlgorithm(key: KeyObject, hash: string): Buffer {
  if (key.asymmetricKeyType === 'ed25519') return der.sequence(der.oid('1.3.101.112'));
  const kind = key.asymmetricKeyType === 'rsa' ? 'rsa' : 'ec';
  const oid = der.oid(signatureOids[`${kind}-${hash}`]!);
  return kind === 'rsa' ? der.sequence(oid, der.nullValue()) : der.sequence(oid);
}

/** Signs a to-be-signed structure: SEQUENCE { tbs, algorithm, signature }. */
export function signed(tbs: Uint8Array, key: KeyObject, hash = 'sha256'): Buffer {
  const signature = sign(key.asymmetricKeyType === 'ed25519' ? null : hash, tbs, key);
  return der.sequence(tbs, signatureAlgorithm(key, hash), der.bitString(signature));
}

/** SHA-1 of the subjectPublicKey bits would be usual; any stable value does: SHA-256 of the SPKI cut to 20 bytes. */
function keyId(key: KeyObject): Buffer {
  return createHash('sha256').update(spki(key)).digest().subarray(0, 20);
}

/** DER of the SubjectPublicKeyInfo. */
export function spki(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}

/** DER of a SubjectAltName value with these names. */
export function subjectAltName(dnsNames: readonly string[], ipAddresses: readonly string[] = []): Buffer {
  return der.sequence(
    ...dnsNames.map((name) => der.context(2, false, Buffer.from(name, 'utf8'))),
    ...ipAddresses.map((address) => der.context(7, false, Buffer.from(ipaddr.parse(address).toByteArray()))),
  );
}

function usualExtensions(spec: CertificateSpec, key: KeyObject, issuerKey: KeyObject): Buffer[] {
  const ca = spec.ca ?? false;
  const list: Buffer[] = [];
  if (!spec.bare) {
    const path = spec.pathLength === undefined ? [] : [der.integer(spec.pathLength)];
    list.push(extension('2.5.29.19', true, ca ? der.sequence(der.boolean(true), ...path) : der.sequence()));
    list.push(
      extension(
        '2.5.29.15',
        true,
        ca ? der.bitString(Buffer.from([0x06]), 1) : der.bitString(Buffer.from([0x80]), 7),
      ),
    );
    list.push(extension('2.5.29.14', false, der.octetString(keyId(key))));
    list.push(extension('2.5.29.35', false, der.sequence(der.context(0, false, keyId(issuerKey)))));
    if (!ca) list.push(extension('2.5.29.37', false, der.sequence(der.oid('1.3.6.1.5.5.7.3.1'))));
  }
  const dns = spec.dnsNames ?? [];
  const addresses = spec.ipAddresses ?? [];
  if (dns.length + addresses.length > 0)
    list.push(extension('2.5.29.17', false, subjectAltName(dns, addresses)));
  return list;
}

/** The same for all certificates of a process, so that two made a second apart can be equal. */
const yesterday = daysFromNow(-1);
const inEightyDays = daysFromNow(80);

/** Makes and signs one certificate. */
export function issue(spec: CertificateSpec = {}): Issued {
  const key =
    spec.key === undefined || spec.key === 'ed25519' || 'rsa' in spec.key || 'ec' in spec.key
      ? makeKey(spec.key)
      : spec.key;
  const signer = spec.issuer?.key ?? key;
  const hash = spec.hash ?? 'sha256';
  const subjectName =
    typeof spec.subject === 'object' ? Buffer.from(spec.subject) : commonName(spec.subject ?? 'test');
  const extensions = [...usualExtensions(spec, key, signer), ...(spec.extensions ?? [])];
  const serial =
    spec.serialNumber ?? BigInt(`0x01${createHash('sha256').update(spki(key)).digest('hex').slice(0, 30)}`);
  const tbs = der.sequence(
    der.context(0, true, der.integer(2)),
    der.integer(serial),
    signatureAlgorithm(signer, hash),
    spec.issuer?.subjectName ?? subjectName,
    der.sequence(der.time(spec.notBefore ?? yesterday), der.time(spec.notAfter ?? inEightyDays)),
    subjectName,
    spki(key),
    ...(extensions.length > 0 ? [der.context(3, true, der.sequence(...extensions))] : []),
  );
  return toIssued(signed(tbs, signer, hash), key, subjectName);
}

function toIssued(bytes: Buffer, key: KeyObject, subjectName: Buffer): Issued {
  return {
    der: bytes,
    pem: toPem(bytes),
    key,
    subjectName,
    keyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

/** A certificate authority that may sign certificates. */
export function issueCa(subject = 'Test Root CA', spec: CertificateSpec = {}): Issued {
  return issue({ subject, ca: true, notBefore: daysFromNow(-400), notAfter: daysFromNow(3650), ...spec });
}

/** A server certificate for `host` (name or address). */
export function issueFor(host: string, spec: CertificateSpec = {}): Issued {
  return issue({ subject: host, ...(isIP(host) ? { ipAddresses: [host] } : { dnsNames: [host] }), ...spec });
}

/** PEM of DER bytes. */
export function toPem(bytes: Uint8Array, label = 'CERTIFICATE'): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** This instant plus `days`, cut to whole seconds. */
export function daysFromNow(days: number): Date {
  return new Date(Math.floor((Date.now() + days * 86_400_000) / 1000) * 1000);
}
