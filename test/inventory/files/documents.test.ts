import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { createConnectors, inventoryConfig } from '../../../src/inventory/config.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import { collect } from '../../support/collect.js';
import { issueCa, issueFor } from '../../support/pki.js';

const never = new AbortController().signal;
const ca = issueCa();
const leaf = issueFor('www.example.com', { issuer: ca, serialNumber: 0x4af001bn });
const other = issueFor('mail.example.com', { issuer: ca });
const sha1 = createHash('sha1').update(leaf.der).digest('hex');

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

/** Rows as Windows tools and people make them. */
describe('tables of Windows and Excel', () => {
  const hex = sha1.toUpperCase();
  const spaced = sha1.match(/../g)!.join(' ');
  const rows = (...lines: readonly string[]): string => `${lines.join('\r\n')}\r\n`;
  for (const [name, content] of [
    ['spaces', rows('Subject,Thumbprint', `CN=a,${spaced}`)],
    ['the mark that the certificate dialog puts first', rows('Thumbprint', `\u200e${spaced}`)],
    ['marks within', rows('Thumbprint', `\ufeff${spaced.replaceAll(' ', '\u00a0')}\u200f`)],
    [
      'the #TYPE line of PowerShell',
      rows('#TYPE Selected.System.X509Certificate2,x', '"Subject","Thumbprint"', `"CN=a","${hex}"`),
    ],
    ['the sep= line of Excel', rows('sep=;', 'Subject;Thumbprint', `CN=a;${hex}`)],
    ['semicolons', rows('Subject;Thumbprint;;', `CN=a;${hex};;`)],
    ['tabs', rows('Subject\tThumbprint', `CN=a\t${hex}`)],
    ['bars', rows('Subject|Thumbprint', `CN=a|${hex}`)],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${rows('Thumbprint', hex)}`, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(`\ufeff${rows('Thumbprint', hex)}`, 'utf16le').swap16()],
    ['a label', rows('Fingerprint', `SHA1:${sha1.match(/../g)!.join(':')}`)],
    ['a label of OpenSSL', rows('Fingerprint', `"SHA1 Fingerprint=${hex}"`)],
    ['base64url, as Azure and JOSE write it', rows('x5t', Buffer.from(sha1, 'hex').toString('base64url'))],
    [
      'an export of AD CS',
      rows(
        '"Request ID","Requester Name","Certificate Hash","Serial Number"',
        `"12","CORP\\web$","${spaced}","4af001b"`,
      ),
    ],
    [
      'a column without a value as certutil writes it',
      rows('"Binary Certificate","Certificate Hash"', `"EMPTY","${spaced}"`),
    ],
    ['quoted commas in a semicolon table', rows('"Subject, long";Thumbprint', `"CN=a, O=b";${hex}`)],
  ] as const)
    it(`reads ${name}`, async () => {
      put('t.csv', content);
      const { items, errors } = await list({ paths: [at('t.csv')] });
      assert.deepEqual(errors, []);
      assert.deepEqual(
        items.map((item) => item.sha1),
        [sha1],
      );
    });
  it('keeps who requested it', async () => {
    put('t.csv', rows('Requester Name,Certificate Hash,Environment', `CORP\\web$,${hex},prod`));
    const [item] = (await list()).items;
    assert.deepEqual([item?.owner, item?.environment], ['CORP\\web$', 'prod']);
  });
  it('reports a serial number that a spreadsheet rounded', async () => {
    put('ca.pem', ca.pem);
    put('t.csv', rows('Issuer;Serial', 'Test Root CA;1,23E+18'));
    assert.match((await list({ issuers: [at('ca.pem')] })).errors.join(), /serialNumber is not hex/);
  });
});

describe('JSON documents', () => {
  it('finds certificates in them, named or not, and says where', async () => {
    put(
      'secret.json',
      JSON.stringify({ data: { 'tls.crt': Buffer.from(leaf.pem).toString('base64') } }, null, 2),
    );
    const { items, errors } = await list();
    assert.deepEqual(errors, []);
    assert.deepEqual(
      items.map(({ reference }) => reference.replace(folder, '')),
      ['/secret.json:data["tls.crt"]'],
    );
  });
  it('reads fingerprints, and serial numbers with issuers, wherever they stand', async () => {
    put('ca.pem', ca.pem);
    const crtSh = {
      issuer_name: 'C=XX, CN=Test Root CA',
      serial_number: '04af001b',
      common_name: 'www.example.com',
    };
    put(
      'list.json',
      JSON.stringify({
        value: [
          { x509ThumbprintHex: sha1.toUpperCase(), name: 'a' },
          { deep: [{ sha256: leaf.sha256, owner: 'web' }] },
        ],
        certificates: [{ ...crtSh, issuer_name: 'CN=Test Root CA' }],
      }),
    );
    const { items, errors } = await list({ paths: [at('list.json')], issuers: [at('ca.pem')] });
    assert.deepEqual(errors, []);
    assert.deepEqual(
      items.map(({ sha256, sha1: short, serialNumber, owner, reference }) => [
        sha256 ?? short ?? serialNumber,
        owner,
        reference.split('.json:')[1],
      ]),
      [
        [sha1, null, 'value.0'],
        [leaf.sha256, 'web', 'value.1.deep.0'],
        ['4af001b', null, 'certificates.0'],
      ],
    );
  });
  it('reports what names a certificate and cannot be matched', async () => {
    put('acm.json', JSON.stringify({ Certificate: { Serial: '07:71:ab', Issuer: 'Amazon' } }));
    assert.match(
      (await list({ paths: [at('acm.json')] })).errors.join(),
      /acm\.json:Certificate: has a serial number, but its issuer/,
    );
  });
});

describe('folders with private parts', () => {
  it('does not open what by name is a private key', async () => {
    put('live/cert.pem', leaf.pem);
    for (const name of ['privkey.pem', 'privkey1.pem', 'tls.key', 'server.key', 'key.pem', 'www-key.pem']) {
      put(`live/${name}`, other.pem);
    }
    assert.deepEqual((await list()).hashes, [leaf.sha256]);
    assert.deepEqual((await list({ paths: [at('live/key.pem')] })).hashes, [other.sha256]);
  });
});

describe('large files', () => {
  it('reads PEM of 50 MB in pieces, every certificate once', async () => {
    const file = createWriteStream(at('large.pem'));
    const pair = leaf.pem + other.pem;
    const pairs = Math.ceil(50_000_000 / pair.length);
    for (let n = 0; n < pairs; n += 1_000) file.write(pair.repeat(Math.min(1_000, pairs - n)));
    await new Promise((resolve) => file.end(resolve));
    const source = { type: 'files', paths: [at('large.pem')] };
    const [connector] = createConnectors(inventoryConfig.parse({ sources: [source] }), readCertificate);
    let count = 0;
    let last = '';
    for await (const { reference } of connector!.list(never, assert.fail)) {
      count += 1;
      last = reference;
    }
    assert.equal(count, 2 * pairs);
    const lines = pair.split('\n').length - 1;
    assert.equal(last, `${at('large.pem')}:${pairs * lines - (other.pem.split('\n').length - 1) + 1}`);
  });
});
