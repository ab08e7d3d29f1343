import { constants, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import * as der from '../../support/der-writer.js';
import { makeKey } from '../../support/pki.js';
import {
  ext,
  keyIdOf,
  leafLink,
  makeChain,
  rootLink,
  sharedKey,
  spkiOf,
  type Chain,
  type ChainSpec,
} from '../../support/chain.js';
import { accepts, refuses, testSection, type CaseOptions } from './cases.js';

const rsa2048 = makeKey({ rsa: 2048 });
const rsa1024 = makeKey({ rsa: 1024 });
const rsa2052 = makeKey({ rsa: 2052 });
const ed25519 = makeKey('ed25519');
const ed448 = generateKeyPairSync('ed448').privateKey;
const p384 = makeKey({ ec: 'P-384' });
const p521 = makeKey({ ec: 'P-521' });
const leafKey = (key: KeyObject): ChainSpec => ({ leaf: { key } });
const issuerKey = (key: KeyObject, hash = 'sha256'): ChainSpec => ({ issuers: [{ key }], leaf: { hash } });
const rfc5280: CaseOptions = { profile: 'rfc5280' };

/** SubjectPublicKeyInfo of an RSA key with these numbers. */
const rsaSpki = (modulus: bigint, exponent: bigint): Buffer =>
  der.sequence(
    der.sequence(der.oid('1.2.840.113549.1.1.1'), der.nullValue()),
    der.bitString(der.sequence(der.integer(modulus), der.integer(exponent))),
  );
const leafSpki = (spki: Buffer): ChainSpec => ({ leaf: { spki } });
const odd = 2n ** 2047n + 1n;

testSection('Baseline Requirements section 6.1.5', [
  accepts('RSA with 2048 bits in the leaf', leafKey(rsa2048)),
  accepts('RSA with 2048 bits in an issuer', issuerKey(rsa2048)),
  accepts('P-384', issuerKey(p384, 'sha384')),
  accepts('P-521', issuerKey(p521, 'sha512')),
  refuses('RSA with 1024 bits in the leaf', leafKey(rsa1024), 'weak-key'),
  refuses('RSA with 1024 bits in an issuer', issuerKey(rsa1024), 'weak-key'),
  refuses('RSA with 1024 bits in a root', { root: { key: rsa1024 } }, 'weak-key'),
  refuses('RSA with 2052 bits', leafKey(rsa2052), 'weak-key'),
  accepts('RSA with 2052 bits where only RFC 5280 counts', leafKey(rsa2052), rfc5280),
  refuses('an even modulus', leafSpki(rsaSpki(odd + 1n, 65537n)), 'weak-key'),
  refuses('a negative modulus', leafSpki(rsaSpki(-odd, 65537n)), 'weak-key'),
  refuses('the exponent 1', leafSpki(rsaSpki(odd, 1n)), 'weak-key'),
  refuses('an even exponent', leafSpki(rsaSpki(odd, 65536n)), 'weak-key'),
  accepts('the exponent 3', leafSpki(rsaSpki(odd, 3n))),
  refuses('a modulus of 20,000 bits', leafSpki(rsaSpki(2n ** 20_000n + 1n, 65537n)), 'key-not-allowed'),
]);

const pointOffCurve = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 1)]);
const ecSpki = (parameters: Buffer, point: Buffer): Buffer =>
  der.sequence(der.sequence(der.oid('1.2.840.10045.2.1'), parameters), der.bitString(point));

testSection('Baseline Requirements section 7.1.3.1', [
  refuses('secp256k1', leafKey(makeKey({ ec: 'secp256k1' })), 'key-not-allowed'),
  refuses('P-192', leafKey(makeKey({ ec: 'prime192v1' })), 'key-not-allowed'),
  refuses('P-224 in an issuer', issuerKey(makeKey({ ec: 'secp224r1' })), 'key-not-allowed'),
  refuses('brainpool', leafKey(makeKey({ ec: 'brainpoolP256r1' })), 'key-not-allowed'),
  refuses(
    'a curve in explicit parameters',
    leafSpki(ecSpki(der.sequence(der.integer(1)), pointOffCurve)),
    'key-not-allowed',
  ),
  refuses(
    'a point off its curve',
    leafSpki(ecSpki(der.oid('1.2.840.10045.3.1.7'), pointOffCurve)),
    'malformed-key',
  ),
  refuses(
    'a point of the wrong length',
    leafSpki(ecSpki(der.oid('1.2.840.10045.3.1.7'), Buffer.from([4, 1, 2]))),
    'malformed-key',
  ),
  refuses(
    'a key that is no structure',
    leafSpki(der.sequence(der.octetString(Buffer.from([1])))),
    'malformed-key',
  ),
  refuses(
    'an unknown type',
    leafSpki(der.sequence(der.sequence(der.oid('1.2.3.4')), der.bitString(Buffer.from([1])))),
    'key-not-allowed',
  ),
  refuses(
    'DSA',
    leafKey(generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }).privateKey),
    'key-not-allowed',
  ),
  accepts("Ed25519 below an operator's root", leafKey(ed25519)),
  accepts("Ed448 below an operator's root", leafKey(ed448)),
  refuses(
    'Ed25519 below a public root',
    { leaf: { key: ed25519, extensions: { policies: ext.policies('2.23.140.1.2.1') } } },
    'key-not-allowed',
    { isPublic: true },
  ),
]);

/** A leaf whose issuer signs with RSASSA-PSS under these parameters. */
function pssChain(parameters: Buffer, saltLength: number, hash = 'sha256'): Chain {
  const algorithm = der.sequence(der.oid('1.2.840.113549.1.1.10'), parameters);
  const root = rootLink({ key: rsa2048 });
  const leaf = leafLink(root, {
    innerAlgorithm: algorithm,
    mangle(bytes) {
      const tbs = bytes.subarray(4, 4 + 4 + bytes.readUInt16BE(6));
      const padding = constants.RSA_PKCS1_PSS_PADDING;
      return der.sequence(
        tbs,
        algorithm,
        der.bitString(sign(hash, tbs, { key: rsa2048, padding, saltLength })),
      );
    },
  });
  return { root, issuers: [], leaf };
}

const pssParameters = (hash: string, mask: string, salt: number, more: readonly Buffer[] = []): Buffer =>
  der.sequence(
    der.context(0, true, der.sequence(der.oid(hash), der.nullValue())),
    der.context(
      1,
      true,
      der.sequence(der.oid('1.2.840.113549.1.1.8'), der.sequence(der.oid(mask), der.nullValue())),
    ),
    der.context(2, true, der.integer(salt)),
    ...more,
  );
const sha256 = '2.16.840.1.101.3.4.2.1';
const sha512 = '2.16.840.1.101.3.4.2.3';

testSection('RFC 4055 section 3.1', [
  accepts('RSASSA-PSS with SHA-256', () => pssChain(pssParameters(sha256, sha256, 32), 32)),
  accepts('RSASSA-PSS with SHA-512', () => pssChain(pssParameters(sha512, sha512, 64), 64, 'sha512')),
  refuses(
    'a salt of another length than said',
    () => pssChain(pssParameters(sha256, sha256, 32), 20),
    'bad-signature',
  ),
  refuses(
    'another hash for the mask',
    () => pssChain(pssParameters(sha256, sha512, 32), 32),
    'malformed-signature-algorithm',
  ),
  refuses(
    'an unknown trailer',
    () => pssChain(pssParameters(sha256, sha256, 32, [der.context(3, true, der.integer(2))]), 32),
    'malformed-signature-algorithm',
  ),
  refuses('the default, SHA-1', () => pssChain(der.sequence(), 20, 'sha1'), 'weak-signature'),
]);

/** Replaces the algorithm within and outside what is signed, and signs again. */
function signedAs(algorithm: Buffer, key: KeyObject, hash: string | null): Chain {
  const root = rootLink({ key });
  const leaf = leafLink(root, {
    innerAlgorithm: algorithm,
    mangle(bytes) {
      const tbs = bytes.subarray(4, 4 + 4 + bytes.readUInt16BE(6));
      return der.sequence(tbs, algorithm, der.bitString(sign(hash, tbs, key)));
    },
  });
  return { root, issuers: [], leaf };
}

testSection('RFC 5280 section 4.1.1.2', [
  accepts('RSA without parameters, as old software writes it', () =>
    signedAs(der.sequence(der.oid('1.2.840.113549.1.1.11')), rsa2048, 'sha256'),
  ),
  refuses(
    'ECDSA with parameters',
    () => signedAs(der.sequence(der.oid('1.2.840.10045.4.3.2'), der.nullValue()), sharedKey(0), 'sha256'),
    'malformed-signature-algorithm',
  ),
  refuses(
    'an unknown algorithm',
    () => signedAs(der.sequence(der.oid('1.2.3.4')), sharedKey(0), 'sha256'),
    'unsupported-signature',
  ),
  refuses(
    "an algorithm that does not fit the issuer's key",
    () => signedAs(der.sequence(der.oid('1.2.840.113549.1.1.11'), der.nullValue()), sharedKey(0), 'sha256'),
    'bad-signature',
  ),
]);

testSection('Baseline Requirements section 7.1.3.2', [
  accepts('ECDSA with SHA-384', { leaf: { hash: 'sha384' } }),
  accepts('Ed25519 by an operator', issuerKey(ed25519)),
  refuses('ECDSA with SHA-1', { leaf: { hash: 'sha1' } }, 'weak-signature'),
  refuses('SHA-1 in an issuer', { issuers: [{ hash: 'sha1' }] }, 'weak-signature'),
  refuses('RSA with MD5', { root: { key: rsa2048 }, issuers: [{ hash: 'md5' }] }, 'weak-signature'),
  accepts("a root's own signature with SHA-1, which proves nothing", { root: { hash: 'sha1' } }),
]);

/** The leaf with one bit of its signature, or of what is signed, turned. */
const turned = (fromEnd: number): Chain =>
  makeChain({
    leaf: {
      mangle: (bytes) =>
        Buffer.concat([
          bytes.subarray(0, -fromEnd),
          Buffer.from([bytes.at(-fromEnd)! ^ 1]),
          bytes.subarray(bytes.length - fromEnd + 1),
        ]),
    },
  });

testSection('RFC 5280 section 6.1.3 (a)(1)', [
  refuses('a signature with a bit turned', () => turned(1), 'bad-signature'),
  refuses(
    'signed bytes with a bit turned',
    { leaf: { mangle: turnTbs } },
    'bad-signature common-name-not-in-subject-alt-name',
  ),
  refuses(
    "a signature by another key of the issuer's name",
    () => ({
      ...makeChain(),
      leaf: leafLink(
        { ...makeChain().issuers[0]!, key: sharedKey(7) },
        { extensions: { aki: ext.aki(keyIdOf(sharedKey(1))) } },
      ),
    }),
    'bad-signature',
  ),
  refuses(
    'an issuer whose key cannot be read',
    {
      issuers: [
        {
          spki: der.sequence(
            der.sequence(der.oid('1.2.840.113549.1.1.1'), der.nullValue()),
            der.bitString(Buffer.alloc(0)),
          ),
        },
      ],
    },
    'bad-signature',
  ),
]);

/** Turns a bit of the Common Name. */
function turnTbs(bytes: Buffer): Buffer {
  const at = bytes.lastIndexOf('www.example.com', bytes.indexOf(spkiOf(sharedKey(9))));
  const copy = Buffer.from(bytes);
  copy[at] = copy[at]! ^ 1;
  return copy;
}
