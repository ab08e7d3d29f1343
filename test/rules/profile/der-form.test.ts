import { derForm } from '../../../src/rules/profile/der-form.js';
import * as der from '../../support/der-writer.js';
import { extension } from '../../support/pki.js';
import { ext } from '../../support/chain.js';
import { aLeaf, asked, askedPrivately, testProfile } from '../profile-support.js';

const trailingZeros = extension('2.5.29.15', true, der.bitString(Buffer.from([0x80]), 0));
const caFalse = extension('2.5.29.19', true, der.sequence(der.element(1, Buffer.from([0]))));
const ecdsaWithNull = der.sequence(der.oid('1.2.840.10045.4.3.2'), der.nullValue());
const rsaKey = (parameters: readonly Buffer[]): Buffer =>
  der.sequence(
    der.sequence(der.oid('1.2.840.113549.1.1.1'), ...parameters),
    der.bitString(der.sequence(der.integer((1n << 2047n) | 1n), der.integer(65_537))),
  );
const outer =
  (algorithm: Buffer) =>
  (certificate: Buffer): Buffer => {
    const at = certificate.lastIndexOf(der.sequence(der.oid('1.2.840.10045.4.3.2')));
    const tail = certificate.subarray(at + der.sequence(der.oid('1.2.840.10045.4.3.2')).length);
    const tbsEnd = at;
    const tbs = certificate.subarray(4, tbsEnd);
    return der.sequence(tbs, algorithm, tail);
  };

testProfile(derForm, [
  { name: 'passes DER', input: asked(aLeaf()), expected: 'pass' },
  {
    name: 'flags zero bits at the end of keyUsage',
    input: asked(aLeaf({ extensions: { keyUsage: trailingZeros } })),
    expected: 'not-der',
    severity: 'error',
  },
  {
    name: 'flags cA FALSE written out',
    input: asked(aLeaf({ extensions: { basicConstraints: caFalse } })),
    expected: 'not-der',
  },
  {
    name: "weighs it less in a private CA's",
    input: askedPrivately(aLeaf({ extensions: { basicConstraints: caFalse } })),
    expected: 'not-der',
    severity: 'warning',
  },
  {
    name: 'flags a malformed extension',
    input: asked(aLeaf({ extensions: { ski: extension('2.5.29.14', false, Buffer.from([1])) } })),
    expected: 'malformed-extension',
  },
  {
    name: 'flags a repeated extension',
    input: asked(aLeaf({ extensions: { more: ext.keyUsage(0) } })),
    expected: 'duplicate-extension',
  },
  {
    name: 'flags an RSA key without NULL parameters',
    input: asked(aLeaf({ spki: rsaKey([]) })),
    expected: 'rsa-key-parameters-not-null',
  },
  {
    name: 'passes an RSA key with NULL parameters',
    input: asked(aLeaf({ spki: rsaKey([der.nullValue()]) })),
    expected: 'pass',
  },
  {
    name: 'passes one without before the rule',
    input: asked(aLeaf({ spki: rsaKey([]), notBefore: new Date('2020-08-19T23:59:59Z') })),
    expected: 'pass',
  },
  {
    name: 'flags an ECDSA signature with parameters',
    input: asked(aLeaf({ mangle: outer(ecdsaWithNull) })),
    expected: 'ecdsa-signature-parameters',
  },
  {
    name: 'does not apply to what is only logged for others',
    input: asked(aLeaf({ extensions: { san: ext.dns('www.example.org') }, subject: 'www.example.org' }), {
      source: 'logged',
    }),
    expected: 'not-applicable',
  },
]);
