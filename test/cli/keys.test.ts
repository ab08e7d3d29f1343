import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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
