import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { createConnectors, inventoryConfig } from '../../../src/inventory/config.js';
import type { InventoryItem } from '../../../src/model/inventory-item.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import { collect, seeded } from '../../support/collect.js';
import { issueCa, issueFor } from '../../support/pki.js';

/** PKCS #12 of one certificate without a key, AES-256, password `secret`; made for this test. */
const encryptedStore =
  'MIICtwIBAzCCAm0GCSqGSIb3DQEHAaCCAl4EggJaMIICVjCCAlIGCSqGSIb3DQEHBqCCAkMwggI/AgEAMIICOAYJKoZIhvcNAQcB' +
  'MFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhFsXPmNwk9HQICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEJYN' +
  'MFI8RelaThBrbw+MWo6AggHQwj9OBP/KMAqqhZcC1QaX/QblqLarI8uQHAOLW+5ZsUJM0kkFbuqSlOLYU5rxwiV5OfXQoPPdpR2/' +
  'Hz5Bpp5RaaBlghjgpeUI9wwmipIpMiWKbodItDlgtSwsZVbDBbjRBZOEdhx3vOKoCrInN04Z089buxZasvlQ6EGoX9rf0O9vrSxX' +
  'CTiTF7S7+oIhwn61i4aFA2ERq3trDGY4KUN1G8q27cpgkeLD/ewCI1/VAHaPCAERH2mEDFVcw40XZlDSpzxL8POC85x+oKYdff+u' +
  'xRegJnnR3Tdj25J9bkZzYXX0wFsRX+k5b1H/oo6H2WXpmUuR8/qjTyWUJVrpYIaQXw6+eQP39kFFxOeG6gLBvPiS1MVRIi4AWSAk' +
  'tjhzK+6s9zOR9XJiKm+HUjeiJOaxL/v6XE/FWRtJEBsuyVgkSk3u1KFAjb9LzEQc3PUYGgr3MRQVhf+RSP2I7YvI135IBLJHdqKn' +
  'RfrW+pJUBl20Lk/PBbiED4cDMj83unkFkmq6UOX6ldD9H8PzXo8nOjYjTdfhYS8UDAsjG5aaDC/Ynos2wVa6Qz6VImKLmQ1+xWTa' +
  'y8VCdUfnxGl1KXuyvjMNdWqg3F3R1+lICMluoIsUc60wQTAxMA0GCWCGSAFlAwQCAQUABCAZDv143EUURUwVj/JgC+1bp2isuO+F' +
  'w651LZixlA44qQQI4oiuQjqyncQCAggA';
const never = new AbortController().signal;
const ca = issueCa();
const leaf = issueFor('www.example.com', { issuer: ca, serialNumber: 0x4af001bn });
const other = issueFor('mail.example.com', { issuer: ca });
const node = new X509Certificate(leaf.der);
const sha1 = createHash('sha1').update(leaf.der).digest('hex');
const issuerSha256 = createHash('sha256').update(ca.subjectName).digest('hex');

let folder = '';
const at = (...parts: string[]): string => join(folder, ...parts);
function put(name: string, content: string | Uint8Array): void {
  mkdirSync(dirname(at(name)), { recursive: true });
  writeFileSync(at(name), content);
}

async function list(settings: object = {}, signal = never) {
  const source = { type: 'files', name: 'test', paths: [folder], ...settings };
  const [connector] = createConnectors(inventoryConfig.parse({ sources: [source] }), readCertificate);
  const errors: string[] = [];
  const notes: string[] = [];
  const options = { onNote: (text: string) => void notes.push(text) };
  const items = await collect(connector!.list(signal, (text) => errors.push(text), options));
  return { items, errors, notes, hashes: items.map(({ sha256 }) => sha256).sort() };
}

beforeEach(() => {
  if (folder !== '') rmSync(folder, { recursive: true });
  folder = mkdtempSync(join(tmpdir(), 'certglass-inventory-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

describe('certificate files', () => {
  it('reads PEM, bundles and DER in folders and below, and knows every identity', async () => {
    put('a.pem', leaf.pem);
    put('deep/er/bundle.crt', `${other.pem}\n${ca.pem}`);
    put('deep/b.der', leaf.der);
    const { items, errors, hashes } = await list({ owner: 'web team', labels: { env: 'prod' } });
    assert.deepEqual(errors, []);
    assert.deepEqual(hashes, [leaf.sha256, leaf.sha256, other.sha256, ca.sha256].sort());
    const expected: InventoryItem = {
      source: 'files:test',
      reference: `${at('a.pem')}:1`,
      sha256: leaf.sha256,
      sha1: node.fingerprint.replaceAll(':', '').toLowerCase(),
      spkiSha256: createHash('sha256')
        .update(node.publicKey.export({ type: 'spki', format: 'der' }))
        .digest('hex'),
      tbsSha256: readCertificate(leaf.der).tbsSha256,
      issuerSha256,
      serialNumber: '4af001b',
      owner: 'web team',
      labels: { env: 'prod' },
      environment: null,
      tags: [],
      names: [],
      inUseBy: [],
      status: null,
      renewal: null,
    };
    assert.deepEqual(
      items.find(({ reference }) => reference === expected.reference),
      expected,
    );
  });

  it('passes over what is certainly no certificate, without a word', async () => {
    put('ok.pem', leaf.pem);
    put('key.pem', leaf.keyPem);
    put('key.der', leaf.key.export({ type: 'pkcs8', format: 'der' }));
    put('server.csr', '-----BEGIN CERTIFICATE REQUEST-----\nMAAA\n-----END CERTIFICATE REQUEST-----\n');
    put('README', 'about these files');
    put('photo.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0]));
    put('empty', '');
    const { errors, hashes } = await list();
    assert.deepEqual([errors, hashes], [[], [leaf.sha256]]);
  });

  it('never says anything of what is inside a key', async () => {
    put('mixed.pem', `${leaf.keyPem}${leaf.pem}`);
    put('broken.pem', leaf.keyPem.slice(0, -30));
    const { errors } = await list();
    const secret = leaf.keyPem.split('\n')[1]!;
    assert.ok(!errors.join('').includes(secret.slice(0, 20)));
  });

  for (const [name, content, pattern] of [
    ['an empty certificate file', '', /x\.crt: holds no certificate/],
    ['a certificate cut short', leaf.der.subarray(0, 200), /x\.crt: holds no readable certificate/],
    ['a PEM certificate cut short', leaf.pem.slice(0, 300), /x\.crt:1: its PEM block has no END line/],
    [
      'bytes after the certificate',
      Buffer.concat([leaf.der, Buffer.from('junk')]),
      /4 bytes after the certificate/,
    ],
    [
      'a broken PKCS #7 bundle',
      '-----BEGIN PKCS7-----\nMAAA\n-----END PKCS7-----\n',
      /x\.crt:1: holds no readable certificate/,
    ],
  ] as const)
    it(`makes the run incomplete for ${name}, and goes on`, async () => {
      put('a.pem', other.pem);
      put('x.crt', content);
      const { errors, hashes } = await list();
      assert.equal(errors.length, 1);
      assert.match(errors[0]!, pattern);
      assert.ok(hashes.includes(other.sha256));
    });

  it('hashes the certificate alone, not a line end after it', async () => {
    put('a.der', Buffer.concat([leaf.der, Buffer.from('\n')]));
    const { errors, hashes } = await list();
    assert.deepEqual([errors, hashes], [[], [leaf.sha256]]);
  });

  it('says which key stores need a password, without calling the run incomplete unless asked', async () => {
    put('a.pem', leaf.pem);
    put('store.p12', Buffer.from(encryptedStore, 'base64'));
    const { errors, notes } = await list();
    assert.deepEqual(errors, []);
    assert.match(notes.join(), /store\.p12: this PKCS #12 file needs its password/);
    assert.match((await list({ strict: true })).errors.join(), /needs its password/);
    assert.deepEqual((await list({ ignore: ['.p12'] })).notes, []);
    assert.match((await list({ passwords: ['wrong'] })).notes.join(), /none of the passwords opens/);
    assert.equal((await list({ passwords: ['secret'] })).items.length, 2);
  });

  it('calls an empty folder, a missing one and a folder of keys errors: it may be a disk that is not mounted', async () => {
    assert.match((await list()).errors.join(), /holds no certificate/);
    assert.match((await list({ paths: [at('gone')] })).errors.join(), /no such file or folder/);
    put('key.pem', leaf.keyPem);
    assert.match((await list()).errors.join(), /holds no certificate/);
  });

  it('goes through symbolic links, once each, and never round in circles', async () => {
    put('archive/cert1.pem', leaf.pem);
    mkdirSync(at('live'));
    symlinkSync(at('archive/cert1.pem'), at('live/cert.pem'));
    symlinkSync(folder, at('live/loop'));
    symlinkSync('self', at('self'));
    symlinkSync(at('nowhere'), at('dangling.pem'));
    const { errors, notes, hashes } = await list();
    assert.deepEqual([hashes, errors], [[leaf.sha256], []]);
    assert.deepEqual(notes.map((text) => text.replace(folder, '')).sort(), [
      '/dangling.pem: there is no such file or folder',
      '/self: symbolic links go round in a circle',
    ]);
  });

  it('passes over pipes and sockets', async () => {
    put('a.pem', leaf.pem);
    execFileSync('sh', ['-c', 'mkfifo "$0"', at('pipe.pem')]);
    assert.deepEqual((await list()).errors, []);
  });

  it('stays in the folder itself when told to', async () => {
    put('a.pem', leaf.pem);
    put('sub/b.pem', other.pem);
    assert.deepEqual((await list({ recursive: false })).hashes, [leaf.sha256]);
  });

  it('keeps control characters of file names out of its sentences', async () => {
    put('\u001b[31mred\n.crt', '');
    assert.match((await list()).errors.join(), /\\u\{1b\}\[31mred\\u\{a\}\.crt/);
  });

  it('stops when told to', async () => {
    put('a.pem', leaf.pem);
    await assert.rejects(list({}, AbortSignal.abort(new Error('shutting down'))), /shutting down/);
  });

  it('survives 500 mutated and cut files (seeded) without a throw', async () => {
    const random = seeded(3);
    for (let n = 0; n < 500; n += 1) {
      const bytes = Buffer.from(n % 2 === 0 ? leaf.der : Buffer.from(leaf.pem));
      for (let flips = 0; flips < 4; flips += 1)
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      put(`${n}.crt`, bytes.subarray(0, Math.floor(random() * (bytes.length + 20))));
    }
    const { items, errors } = await list();
    assert.ok(errors.length > 0);
    assert.ok(items.every(({ sha256 }) => sha256 !== null));
  });
});

describe('tables', () => {
  const colons = leaf.sha256.toUpperCase().match(/../g)!.join(':');
  const quoted = `"${leaf.pem}"`;

  for (const [name, text, expected] of [
    [
      'a fingerprint with colons',
      `SHA-256 Fingerprint,Owner\n${colons},ops\n`,
      { sha256: leaf.sha256, owner: 'ops' },
    ],
    ['a thumbprint', `Thumbprint\n${sha1.toUpperCase()}\n`, { sha1 }],
    ['a certificate', `pem\n${quoted}\n`, { sha256: leaf.sha256, serialNumber: '4af001b', issuerSha256 }],
    ['a certificate on one line', `pem\n${leaf.pem.replaceAll('\n', '\\n')}\n`, { sha256: leaf.sha256 }],
    ['a certificate in base64', `pem\n${leaf.der.toString('base64')}\n`, { sha256: leaf.sha256 }],
    [
      'issuer hash and serial',
      `issuerSha256,serial\n${issuerSha256},04:AF:00:1B\n`,
      { issuerSha256, serialNumber: '4af001b' },
    ],
    [
      'issuer name and serial',
      `issuer,serial\nTest Root CA,4af001b\n`,
      { issuerSha256, serialNumber: '4af001b' },
    ],
    [
      'issuer DN and serial',
      `issuer,serial\n"cn = test root ca",4af001b\n`,
      { issuerSha256, serialNumber: '4af001b' },
    ],
  ] as const)
    it(`reads ${name}`, async () => {
      put('ca.pem', ca.pem);
      put('t.csv', text);
      const { items, errors } = await list({ paths: [at('t.csv')], issuers: [at('ca.pem')] });
      assert.deepEqual(errors, []);
      assert.equal(items.length, 1);
      assert.deepEqual({ ...items[0], ...expected }, items[0]);
      assert.equal(items[0]?.reference, `${at('t.csv')}:2`);
    });

  it('reads one certificate from every shape into one identity', async () => {
    put('decimal.csv', `issuerSha256,serial\n${issuerSha256},${0x4af001b}\n`);
    const { items } = await list({ paths: [at('decimal.csv')], serialFormat: 'decimal' });
    assert.equal(items[0]?.serialNumber, '4af001b');
  });

  it('reads JSON lines, configured columns and labels', async () => {
    put(
      't.jsonl',
      `{"print":"${leaf.sha256}","team":"web","cost":12,"nothing":null}\n\n{"print":"${sha1}"}\n`,
    );
    const { items, errors } = await list({
      columns: { sha256: 'print' },
      labelColumns: ['team', 'cost', 'nothing'],
    });
    assert.deepEqual(errors, []);
    assert.deepEqual(
      items.map(({ sha256, sha1: short, labels }) => [sha256, short, labels]),
      [
        [leaf.sha256, null, { team: 'web', cost: '12' }],
        [null, sha1, {}],
      ],
    );
  });

  it('looks for fingerprints in .json only when it is named', async () => {
    put('a.pem', leaf.pem);
    put('package.json', '{\n"name":"x"\n}');
    assert.deepEqual((await list()).errors, []);
    assert.match(
      (await list({ paths: [at('package.json')] })).errors.join(),
      /package\.json: holds no certificate/,
    );
  });

  it('says for each bad row what is wrong, goes on, and sums up after 20', async () => {
    const rows = ['zz', '', 'ab:cd', ...Array.from({ length: 40 }, () => 'bad'), leaf.sha256];
    put('t.csv', `x,sha256\n${rows.map((row) => `1,${row}`).join('\n')}\n`);
    const { errors, hashes } = await list();
    assert.deepEqual(hashes, [leaf.sha256]);
    assert.equal(errors.length, 21);
    assert.match(errors[0]!, /t\.csv:2: sha256 is no SHA-256 or SHA-1 in hex/);
    assert.match(errors[1]!, /t\.csv:3: has no fingerprint, no certificate, and no issuer with serial/);
    assert.match(errors[20]!, /t\.csv: 23 more rows could not be read/);
  });

  for (const [name, text, pattern] of [
    ['a serial without issuer', 'serial\n01\n', /its issuer is none of those in `issuers`/],
    ['more fields than columns', `sha256\n${leaf.sha256},x\n`, /has 2 fields, but there are 1 columns/],
    ['a broken certificate', 'pem\nMAAA\n', /its certificate is not readable/],
    ['no rows', 'sha256\n', /holds no certificate/],
    ['an unclosed quote', `sha256\n"${leaf.sha256}\n`, /quote that is not closed/],
  ] as const)
    it(`refuses ${name}`, async () => {
      put('t.csv', text);
      const { errors } = await list();
      assert.match(errors.join('\n'), pattern);
    });

  it('streams a table of 100,000 rows in bounded memory', async () => {
    const file = createWriteStream(at('t.csv'));
    file.write('sha256,owner\n');
    for (let n = 0; n < 100; n += 1) file.write(`${leaf.sha256},team ${n}\n`.repeat(1_000));
    await new Promise((resolve) => file.end(resolve));
    const source = { type: 'files', paths: [folder] };
    const [connector] = createConnectors(inventoryConfig.parse({ sources: [source] }), readCertificate);
    const before = process.memoryUsage().rss;
    let count = 0;
    for await (const item of connector!.list(never, assert.fail))
      count += Number(item.sha256 === leaf.sha256);
    assert.equal(count, 100_000);
    assert.ok(process.memoryUsage().rss - before < 150_000_000);
  });
});

describe('inventory configuration', () => {
  const good = { type: 'files', paths: ['/etc/ssl/managed'] };
  for (const [name, sources] of [
    ['a source without paths', [{ ...good, paths: [] }]],
    ['an unknown type', [{ ...good, type: 'files2' }]],
    ['an unknown key', [{ ...good, globs: [] }]],
    ['an unknown column', [{ ...good, columns: { md5: 'x' } }]],
    ['two sources of one name', [good, good]],
  ] as const)
    it(`refuses ${name}`, () => assert.equal(inventoryConfig.safeParse({ sources }).success, false));
  it('calls a source by its first path', () => {
    const [connector] = createConnectors(inventoryConfig.parse({ sources: [good] }), readCertificate);
    assert.equal(connector?.name, 'files:/etc/ssl/managed');
  });
});
