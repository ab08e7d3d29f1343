import assert from 'node:assert/strict';
import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { buildKeys } from '../../src/cli/keys.js';
import { readCertificate } from '../../src/x509/read/read-certificate.js';
import { issueFor, toPem } from '../support/pki.js';
import { file, folder, run } from './run-inspect.js';

const rsa = issueFor('rsa.example.com', { key: { rsa: 2048 } });
const ec = issueFor('ec.example.com');
const other = issueFor('other.example.com', { key: 'ed25519' });
const { modulusSha256 } = readCertificate(rsa.der);
const { n = '' } = rsa.key.export({ format: 'jwk' });
const modulus = Buffer.from(n, 'base64url').toString('hex').toUpperCase();
const out = join(folder, 'known.keys');
const built = async (...texts: readonly string[]): Promise<Buffer> => {
  await buildKeys(
    out,
    texts.map((text, index) => file(`keys-${index}.txt`, text)),
  );
  return readFileSync(out);
};

it('takes a key in any form for the same key', async () => {
  const expected = await built(`${modulusSha256}\n`);
  for (const text of [
    `# a comment\n\n${modulusSha256?.toUpperCase()}`,
    modulusSha256?.slice(0, 32) ?? '',
    `Modulus=${modulus}`,
    `Modulus=00${modulus}\n`,
    rsa.keyPem,
    `${rsa.pem}${rsa.keyPem}`,
  ])
    assert.deepEqual(await built(text), expected);
  assert.equal((await built(ec.keyPem, `${rsa.pem}\n`)).length, 48);
});

it('takes OpenSSH keys, and public keys of kinds that Node.js cannot import', async () => {
  const expected = await built(`${modulusSha256}\n`);
  const string = (bytes: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const { e = '' } = rsa.key.export({ format: 'jwk' });
  const blob = Buffer.concat([
    string(Buffer.from('ssh-rsa')),
    string(Buffer.from(e, 'base64url')),
    string(Buffer.concat([Buffer.from([0]), Buffer.from(n, 'base64url')])),
  ]).toString('base64');
  for (const text of [
    `ssh-rsa ${blob} somebody@example.com\n`,
    `command="ls" ssh-rsa ${blob}\n`,
    `---- BEGIN SSH2 PUBLIC KEY ----\nComment: "x"\n${blob}\n---- END SSH2 PUBLIC KEY ----\n`,
  ])
    assert.deepEqual(await built(text), expected);
  // SubjectPublicKeyInfo of an algorithm that does not exist.
  const strange = Buffer.from('300d300606042a030405030300aabb', 'hex').subarray(0, 15);
  const pem = `-----BEGIN PUBLIC KEY-----\n${strange.toString('base64')}\n-----END PUBLIC KEY-----\n`;
  assert.deepEqual(await built(pem), await built(createHash('sha256').update(strange).digest('hex')));
});

it('reads a folder, and counts what in it holds no key', async () => {
  const expected = await built(`${modulusSha256}\n`);
  const keys = join(folder, 'some-keys', 'deeper');
  mkdirSync(keys, { recursive: true });
  writeFileSync(join(keys, 'rsa.key'), rsa.keyPem);
  writeFileSync(join(keys, 'README'), 'These are keys.\n');
  await buildKeys(out, [join(folder, 'some-keys')]);
  assert.deepEqual(readFileSync(out), expected);
});

it('finds an EC key with explicit parameters by its named form, and the reverse', async () => {
  const options = { namedCurve: 'P-256', paramEncoding: 'explicit' as const };
  const { privateKey } = generateKeyPairSync('ec', options);
  const explicit = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const jwk = privateKey.export({ format: 'jwk' });
  const named = createPublicKey({ key: jwk, format: 'jwk' })
    .export({ type: 'spki', format: 'pem' })
    .toString();
  assert.deepEqual(await built(explicit), await built(named));
});

it('finds what was built in files', async () => {
  await built(rsa.keyPem, ec.pem);
  const pem = [rsa, ec, other].map(({ der }) => toPem(der)).join('');
  const { code, lines } = await run([file('some.pem', pem)], { json: true, knownKeys: out });
  const rules = lines.map(({ findings }) => findings.some(({ rule }) => rule === 'compromised-key'));
  assert.deepEqual([code, ...rules], [1, true, true, false]);
});

for (const [what, text, reason] of [
  ['no key', `${'a'.repeat(32)}\n\nsomething\n`, /keys-0\.txt:3: no SHA-256/],
  [
    'an unreadable PEM',
    '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n',
    /keys-0\.txt:3: no SHA-256/,
  ],
  ['a PEM cut off', rsa.keyPem.slice(0, 200), /no END line/],
] as const)
  it(`says where there is ${what}`, async () => {
    await assert.rejects(built(text), reason);
  });
