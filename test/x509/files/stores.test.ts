import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { readBundle } from '../../../src/x509/files/bundle.js';
import { seeded } from '../../support/collect.js';
import { issueCa, issueFor } from '../../support/pki.js';

const folder = mkdtempSync(join(tmpdir(), 'certglass-stores-'));
after(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);
const ca = issueCa();
const leaf = issueFor('www.example.com', { issuer: ca });
writeFileSync(at('leaf.pem'), leaf.pem);
writeFileSync(at('ca.pem'), ca.pem);
writeFileSync(at('key.pem'), leaf.keyPem);
const both = [leaf.sha256, ca.sha256].sort();
const password = 'pass wörd €';

function has(command: string, ...parameters: string[]): boolean {
  try {
    execFileSync(command, parameters, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
const openssl = has('openssl', 'version');
const legacy = openssl && has('openssl', 'list', '-providers', '-provider', 'legacy');
const keytool = has('keytool', '-help');

async function hashes(bytes: Uint8Array, passwords: readonly string[] = []) {
  const { createHash } = await import('node:crypto');
  const bundle = readBundle(bytes, { passwords });
  const found = bundle.items.map(({ der }) => createHash('sha256').update(der).digest('hex')).sort();
  return { found, unread: bundle.unread, otherLabels: bundle.otherLabels };
}

function pkcs12(name: string, ...options: string[]): Buffer {
  const files = ['-inkey', at('key.pem'), '-in', at('leaf.pem'), '-certfile', at('ca.pem'), '-out', at(name)];
  writeFileSync(at('password'), password);
  execFileSync('openssl', ['pkcs12', '-export', ...files, '-passout', `file:${at('password')}`, ...options], {
    stdio: 'pipe',
  });
  return readFileSync(at(name));
}

describe('PKCS #12', { skip: openssl ? false : 'needs openssl' }, () => {
  const kinds: readonly (readonly [string, boolean, readonly string[]])[] = [
    ['AES-256 and PBKDF2', true, []],
    ['AES-128', true, ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-128-CBC']],
    ['SHA-512 in PBKDF2', true, ['-macalg', 'sha512']],
    ['3DES', true, ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES']],
    ['two-key 3DES', true, ['-keypbe', 'PBE-SHA1-2DES', '-certpbe', 'PBE-SHA1-2DES']],
    ['RC2-40, as old Windows and Java write', legacy, ['-legacy']],
    ['RC2-128', legacy, ['-legacy', '-certpbe', 'PBE-SHA1-RC2-128']],
    ['100,000 rounds', true, ['-iter', '100000']],
    ['no encryption', true, ['-certpbe', 'NONE', '-keypbe', 'NONE']],
  ];
  for (const [name, can, options] of kinds)
    it(`opens ${name}`, { skip: can ? false : 'needs the legacy provider' }, async () => {
      const bytes = pkcs12('a.p12', ...options);
      const { found, unread } = await hashes(bytes, ['wrong', password]);
      assert.deepEqual([found, unread], [both, []]);
    });
  it('says that it needs a password, or another', async () => {
    const bytes = pkcs12('a.p12');
    assert.deepEqual((await hashes(bytes)).unread, ['this PKCS #12 file needs its password']);
    assert.deepEqual((await hashes(bytes, ['wrong'])).unread, [
      'none of the passwords opens this PKCS #12 file',
    ]);
  });
  it('never throws and ends in time, whatever is done to it', () => {
    const random = seeded(12);
    const bytes = pkcs12('a.p12');
    for (let round = 0; round < 600; round += 1) {
      const changed = Buffer.from(bytes);
      for (let n = 0; n < 1 + (round % 4); n += 1)
        changed[Math.floor(random() * 300)] = Math.floor(random() * 256);
      readBundle(round % 3 === 0 ? changed.subarray(0, Math.floor(random() * changed.length)) : changed);
    }
  });
  it('calls a key a key', async () => {
    const { found, otherLabels } = await hashes(leaf.key.export({ type: 'pkcs8', format: 'der' }));
    assert.deepEqual([found, otherLabels], [[], ['a key or PKCS #12 in DER']]);
  });
});

describe('Java key stores', { skip: keytool && openssl ? false : 'needs keytool and openssl' }, () => {
  for (const type of ['JKS', 'JCEKS', 'PKCS12'])
    it(`reads ${type} as keytool writes it`, async () => {
      writeFileSync(at('password'), 'changeit');
      pkcs12Into(at('import.p12'));
      const store = at(`store.${type}`);
      rmSync(store, { force: true });
      const destination = ['-destkeystore', store, '-deststoretype', type, '-deststorepass', 'changeit'];
      const source = [
        '-srckeystore',
        at('import.p12'),
        '-srcstoretype',
        'PKCS12',
        '-srcstorepass',
        'changeit',
      ];
      execFileSync('keytool', ['-importkeystore', '-noprompt', ...source, ...destination], { stdio: 'pipe' });
      execFileSync(
        'keytool',
        [
          ...['-importcert', '-noprompt', '-alias', 'authority', '-file', at('ca.pem')],
          ...['-keystore', store, '-storetype', type, '-storepass', 'changeit'],
        ],
        { stdio: 'pipe' },
      );
      const { found, unread } = await hashes(readFileSync(store), ['changeit']);
      assert.deepEqual([[...new Set(found)], unread], [both, []]);
    });
  function pkcs12Into(path: string): void {
    execFileSync(
      'openssl',
      [
        ...['pkcs12', '-export', '-inkey', at('key.pem'), '-in', at('leaf.pem'), '-certfile', at('ca.pem')],
        ...['-name', 'web', '-out', path, '-passout', 'pass:changeit'],
      ],
      { stdio: 'pipe' },
    );
  }
});

describe('key stores by hand', () => {
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  const text = (value: string): Buffer => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(Buffer.byteLength(value));
    return Buffer.concat([length, Buffer.from(value)]);
  };
  const certificate = (der: Buffer): Buffer => Buffer.concat([text('X.509'), number(der.length), der]);
  const date = Buffer.alloc(8);
  const jks = (count: number, ...entries: Buffer[]): Buffer =>
    Buffer.concat([number(0xfeedfeed), number(2), number(count), ...entries, Buffer.alloc(20)]);
  const keyEntry = Buffer.concat([
    ...[number(1), text('web'), date, number(5), Buffer.from('SECRE')],
    ...[number(2), certificate(leaf.der), certificate(ca.der)],
  ]);
  const trusted = Buffer.concat([number(2), text('authority'), date, certificate(ca.der)]);

  it('gives the alias as the place', () => {
    const { items } = readBundle(jks(2, keyEntry, trusted));
    assert.deepEqual(
      items.map(({ place }) => place),
      ['web', 'web', 'authority'],
    );
  });
  it('keeps what was read of a store that is cut off, and says so', async () => {
    const whole = jks(2, keyEntry, trusted);
    const { found, unread } = await hashes(whole.subarray(0, whole.length - 60));
    assert.deepEqual(found, both);
    assert.deepEqual(unread, ['this JKS key store is cut off']);
  });
  it('says that it cannot read past a secret key', async () => {
    const secret = Buffer.concat([number(3), text('aes'), date, Buffer.from('aced0005', 'hex')]);
    const bytes = jks(2, trusted, secret);
    bytes.writeUInt32BE(0xcececece);
    const { found, unread } = await hashes(bytes);
    assert.deepEqual(found, [ca.sha256]);
    assert.match(unread[0]!, /JCEKS key store holds a secret key/);
  });
  it("reads Bouncy Castle's", async () => {
    const key = Buffer.concat([Buffer.from([0]), text('PKCS#8'), text('EC'), number(3), Buffer.from('KEY')]);
    const bks = Buffer.concat([
      ...[number(2), number(20), Buffer.alloc(20), number(1_024)],
      ...[Buffer.from([1]), text('authority'), date, number(0), certificate(ca.der)],
      ...[Buffer.from([2]), text('plain'), date, number(0), key],
      ...[
        Buffer.from([4]),
        text('web'),
        date,
        number(1),
        certificate(leaf.der),
        number(3),
        Buffer.from('KEY'),
      ],
      ...[Buffer.from([0]), Buffer.alloc(20)],
    ]);
    const { found, unread } = await hashes(bks);
    assert.deepEqual([found, unread], [both, []]);
  });
  it('never throws, whatever is done to it', () => {
    const random = seeded(7);
    const whole = jks(2, keyEntry, trusted);
    for (let round = 0; round < 2_000; round += 1) {
      const changed = Buffer.from(whole);
      for (let n = 0; n < 3; n += 1) changed[4 + Math.floor(random() * 60)] = Math.floor(random() * 256);
      readBundle(changed);
    }
  });
});
