import assert from 'node:assert/strict';
import { ECDH, generateKeyPairSync } from 'node:crypto';
import { it } from 'node:test';
import { canonicalSpki } from '../../../src/x509/keys/canonical-spki.js';
import { opensshPublicBlob, sshSpki } from '../../../src/x509/keys/ssh-key.js';
import * as der from '../../support/der-writer.js';

const spkiOf = (key: ReturnType<typeof generateKeyPairSync>['publicKey']): Buffer =>
  key.export({ type: 'spki', format: 'der' });

for (const namedCurve of ['P-256', 'P-384', 'P-521', 'secp256k1'])
  it(`takes explicit parameters of ${namedCurve} and a compressed point for the named curve`, () => {
    const options = { namedCurve, paramEncoding: 'explicit' as const };
    const { publicKey, privateKey } = generateKeyPairSync('ec', options);
    const explicit = spkiOf(publicKey);
    const jwkCurve = namedCurve === 'secp256k1' ? 'secp256k1' : namedCurve;
    const { x = '', y = '' } = privateKey.export({ format: 'jwk' });
    const octets = Math.ceil(Number(/\d+/.exec(jwkCurve === 'secp256k1' ? '256' : jwkCurve)![0]) / 8);
    const coordinate = (text: string): Buffer => {
      const bytes = Buffer.from(text, 'base64url');
      return Buffer.concat([Buffer.alloc(octets - bytes.length), bytes]);
    };
    const point = Buffer.concat([Buffer.from([4]), coordinate(x), coordinate(y)]);
    const oids: Record<string, string> = {
      'P-256': '1.2.840.10045.3.1.7',
      'P-384': '1.3.132.0.34',
      'P-521': '1.3.132.0.35',
      secp256k1: '1.3.132.0.10',
    };
    const algorithm = der.sequence(der.oid('1.2.840.10045.2.1'), der.oid(oids[namedCurve]!));
    const named = der.sequence(algorithm, der.bitString(point));
    const names: Record<string, string> = {
      'P-256': 'prime256v1',
      'P-384': 'secp384r1',
      'P-521': 'secp521r1',
    };
    const compressed = ECDH.convertKey(
      point,
      names[namedCurve] ?? namedCurve,
      undefined,
      undefined,
      'compressed',
    );
    const short = der.sequence(algorithm, der.bitString(Buffer.from(compressed as Uint8Array)));
    assert.notDeepEqual(explicit, named);
    for (const form of [explicit, named, short]) assert.deepEqual(Buffer.from(canonicalSpki(form)), named);
  });

it('leaves other keys and what is no key as they are', () => {
  const rsa = spkiOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey);
  const odd = der.sequence(
    der.sequence(der.oid('1.2.840.10045.2.1'), der.oid('1.2.840.10045.3.1.7')),
    der.bitString(Buffer.from([4, 1, 2])),
  );
  for (const bytes of [rsa, odd, Buffer.from('no key'), Buffer.alloc(0), rsa.subarray(0, 20)])
    assert.deepEqual(canonicalSpki(bytes), bytes);
});

const string = (bytes: Uint8Array | string): Buffer => {
  const content = Buffer.from(bytes as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
};

it('makes the SubjectPublicKeyInfo of OpenSSH keys', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
  const { n = '', e = '' } = rsa.export({ format: 'jwk' });
  const number = (text: string): Buffer => Buffer.concat([Buffer.from([0]), Buffer.from(text, 'base64url')]);
  const blob = Buffer.concat([string('ssh-rsa'), string(number(e)), string(number(n))]);
  assert.deepEqual(sshSpki(blob), spkiOf(rsa));
  const edwards = generateKeyPairSync('ed25519').publicKey;
  const raw = Buffer.from(edwards.export({ format: 'jwk' }).x ?? '', 'base64url');
  const edwardsBlob = Buffer.concat([string('ssh-ed25519'), string(raw)]);
  assert.deepEqual(sshSpki(edwardsBlob), spkiOf(edwards));
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey;
  const point = spkiOf(curve).subarray(-97);
  const curveBlob = Buffer.concat([string('ecdsa-sha2-nistp384'), string('nistp384'), string(point)]);
  assert.deepEqual(sshSpki(curveBlob), spkiOf(curve));
  const file = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    string('none'),
    string('none'),
    string(''),
    Buffer.from([0, 0, 0, 1]),
    string(edwardsBlob),
    string('private'),
  ]);
  assert.deepEqual(opensshPublicBlob(file), edwardsBlob);
});

it('takes nothing malformed for an OpenSSH key', () => {
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from([0, 0, 0, 9, 1]),
    string('ssh-rsa'),
    Buffer.concat([string('ssh-ed25519'), string('short')]),
    string('ssh-xmss'),
  ])
    assert.equal(sshSpki(bytes), null);
  assert.equal(opensshPublicBlob(Buffer.from('openssh-key-v1\0')), null);
  assert.equal(opensshPublicBlob(Buffer.from('something')), null);
});
