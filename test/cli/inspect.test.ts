import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after, before, it } from 'node:test';
import { inspect, type InspectOptions } from '../../src/cli/inspect.js';
import type { InspectLine } from '../../src/model/inspect-line.js';
import { chainTime, ext, makeChain, rootLink, sharedKey } from '../support/chain.js';
import { makeCrl } from '../support/crl.js';
import * as der from '../support/der-writer.js';
import { toPem } from '../support/pki.js';

const serial = der.integer(77_777);
const chain = makeChain({ leaf: { serial } });
const [issuer] = chain.issuers;
const caLeaf = makeChain({
  leaf: { extensions: { basicConstraints: ext.basicConstraints(true), keyUsage: ext.keyUsage(5) } },
});

let folder = '';
const at = (file: string): string => join(folder, file);

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certglass-inspect-'));
  const leafPem = toPem(chain.leaf.der);
  const issuerPem = toPem(issuer!.der);
  await mkdir(at('folder/below'), { recursive: true });
  const files: Readonly<Record<string, string | Buffer>> = {
    'leaf.pem': leafPem,
    'leaf.der': chain.leaf.der,
    'chain.pem': leafPem + issuerPem,
    'reversed.pem': issuerPem + leafPem,
    'issuers.pem': issuerPem,
    'roots.pem': toPem(chain.root.der),
    'other-roots.pem': toPem(rootLink({ subject: 'Other', key: sharedKey(5) }).der),
    'ca.pem': toPem(caLeaf.leaf.der),
    'revoked.pem': toPem(makeCrl(issuer!, { revoked: [[serial]] }), 'X509 CRL'),
    'issuers-and-crl.pem': issuerPem + toPem(makeCrl(issuer!, { revoked: [[serial]] }), 'X509 CRL'),
    'clean.der': makeCrl(issuer!, { revoked: [[der.integer(5)]] }),
    'cut.der': chain.leaf.der.subarray(0, 300),
    'unended.pem': leafPem.replace(/-----END.*/s, ''),
    'key.pem': toPem(Buffer.from('secret'), 'PRIVATE KEY'),
    'notes.txt': 'no certificate here',
    'empty.pem': '',
    'noise.bin': Buffer.from([0, 1, 2, ...Buffer.from(' hidden.example.com '), 0xff]),
    'folder/a.pem': leafPem,
    'folder/README': 'about a.pem',
    'folder/below/b.der': issuer!.der,
  };
  await Promise.all(Object.entries(files).map(([name, content]) => writeFile(at(name), content)));
});

after(() => rm(folder, { recursive: true }));

async function run(files: readonly string[], options: Partial<InspectOptions> = {}) {
  const out = new PassThrough();
  const output = text(out);
  const all = { purpose: 'server' as const, at: chainTime, json: true, ...options };
  const code = await inspect(files.map(at), all, out);
  out.end();
  const written = await output;
  const lines = all.json
    ? written
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as InspectLine)
    : [];
  return { code, lines, written };
}

const rules = (line: InspectLine | undefined): string[] => (line?.findings ?? []).map(({ rule }) => rule);
const codes = (line: InspectLine | undefined): string[] =>
  (line?.validation?.errors ?? []).map(({ code }) => code);

it('says nothing of the path without roots', async () => {
  const { code, lines } = await run(['leaf.pem']);
  assert.equal(code, 0);
  assert.equal(lines.length, 1);
  assert.equal(lines[0]?.file, at('leaf.pem'));
  assert.equal(lines[0]?.validation, null);
  assert.deepEqual(lines[0]?.certificate?.dnsNames, ['www.example.com']);
});

it('validates DER and PEM alike, with intermediates from a file', async () => {
  for (const file of ['leaf.pem', 'leaf.der']) {
    const options = { roots: at('roots.pem'), intermediates: at('issuers.pem'), host: 'www.example.com' };
    const { code, lines } = await run([file], options);
    assert.equal(code, 0);
    assert.equal(lines[0]?.validation?.verdict, 'valid');
    assert.deepEqual(lines[0]?.validation?.errors, []);
    assert.match(lines[0]?.validation?.rootStore ?? '', /^file roots\.pem \d{4}-\d\d-\d\d$/);
    assert.equal(lines[0]?.validation?.path.length, 3);
  }
});

it('takes the other certificates of a bundle as intermediates, and judges its CAs as issuers, in either order', async () => {
  for (const file of ['chain.pem', 'reversed.pem']) {
    const { code, lines } = await run([file], { roots: at('roots.pem'), host: 'www.example.com' });
    assert.equal(code, 0);
    assert.deepEqual(
      lines.map(({ validation }) => validation?.verdict),
      ['valid', 'valid'],
    );
  }
});

it('answers 1 for a path that is not valid, with code, sentence and section', async () => {
  const { code, lines } = await run(['chain.pem'], { roots: at('roots.pem'), host: 'other.example' });
  assert.equal(code, 1);
  assert.equal(lines[0]?.validation?.verdict, 'invalid');
  assert.deepEqual(codes(lines[0]), ['name-mismatch']);
  assert.match(lines[0]?.validation?.errors[0]?.message ?? '', /www\.example\.com.*other\.example/);
});

const verdicts: readonly (readonly [
  what: string,
  files: string,
  options: Partial<InspectOptions>,
  codes: readonly string[],
])[] = [
  ['a root that is not given', 'chain.pem', { roots: 'other-roots.pem' }, ['no-issuer']],
  ['a missing intermediate', 'leaf.pem', { roots: 'roots.pem' }, ['no-issuer']],
  ['a time after the end', 'chain.pem', { roots: 'roots.pem', at: new Date('2026-08-01') }, ['expired']],
  ['a CRL that lists it', 'chain.pem', { roots: 'roots.pem', crls: 'revoked.pem' }, ['revoked']],
  ['a CRL that does not', 'chain.pem', { roots: 'roots.pem', crls: 'clean.der' }, []],
  [
    'a CRL among the intermediates',
    'leaf.pem',
    { roots: 'roots.pem', intermediates: 'issuers-and-crl.pem' },
    ['revoked'],
  ],
  ['a client', 'chain.pem', { roots: 'roots.pem', purpose: 'client' }, []],
  [
    'a CA that stands alone, for a host',
    'ca.pem',
    { roots: 'roots.pem', intermediates: 'issuers.pem', host: 'www.example.com' },
    ['leaf-is-ca'],
  ],
  [
    'the same by RFC 5280 alone',
    'ca.pem',
    { roots: 'roots.pem', intermediates: 'issuers.pem', host: 'www.example.com', profile: 'rfc5280' },
    [],
  ],
  ['a CA that stands alone, for nobody', 'ca.pem', { roots: 'roots.pem', intermediates: 'issuers.pem' }, []],
  ["Mozilla's roots", 'leaf.pem', { roots: 'mozilla' }, ['no-issuer', 'policy-missing']],
];

for (const [what, file, options, expected] of verdicts)
  it(`validates for ${what}`, async () => {
    const paths = Object.entries(options).map(([key, value]) =>
      typeof value === 'string' && /\.(pem|der)$/.test(value) ? [key, at(value)] : [key, value],
    );
    const { lines } = await run([file], Object.fromEntries(paths) as Partial<InspectOptions>);
    assert.deepEqual(codes(lines[0]), expected);
  });

it('gives a line with a finding for what cannot be read', async () => {
  const { code, lines } = await run(['cut.der', 'notes.txt', 'empty.pem', 'key.pem', 'noise.bin']);
  assert.equal(code, 1);
  assert.equal(lines.length, 5);
  for (const line of lines) assert.deepEqual(rules(line), ['unreadable-certificate']);
  assert.match(JSON.stringify(lines[3]?.findings), /PRIVATE KEY/);
  assert.equal(lines[3]?.certificate, null);
});

it('finds the names in what cannot be read', async () => {
  const { lines } = await run(['cut.der', 'noise.bin']);
  assert.match(JSON.stringify(lines[1]?.findings), /hidden\.example\.com/);
});

it('reads a certificate whose PEM block is not ended, and says so', async () => {
  const { code, lines } = await run(['unended.pem']);
  assert.equal(lines[0]?.certificate?.subject, 'CN=www.example.com');
  assert.equal(lines[0]?.findings.find(({ rule }) => rule === 'unreadable-certificate')?.severity, 'warning');
  assert.equal(code, 0);
});

it('looks through folders, in order, and passes over what is no certificate', async () => {
  const { code, lines } = await run(['folder']);
  assert.deepEqual(
    lines.map(({ file }) => file),
    [at('folder/a.pem'), at('folder/below/b.der')],
  );
  assert.equal(code, 0);
});

it('cannot run for a file, roots or intermediates that do not exist, and writes nothing', async () => {
  await assert.rejects(run(['leaf.pem', 'nowhere.pem']), /nowhere\.pem: there is no such file/);
  await assert.rejects(
    run(['leaf.pem'], { roots: at('nowhere.pem') }),
    /nowhere\.pem: there is no such file/,
  );
  await assert.rejects(run(['leaf.pem'], { roots: at('key.pem') }), /no certificate in it/);
  await assert.rejects(run(['leaf.pem'], { intermediates: at('nowhere.pem') }), /nowhere\.pem/);
});

it('shows a person one block a certificate', async () => {
  const { written } = await run(['chain.pem'], { json: false, roots: at('roots.pem') });
  assert.match(written, /chain\.pem\n {2}subject {4}CN=www\.example\.com\n/);
  assert.match(written, /path {7}valid against file roots\.pem/);
  assert.equal(written.match(/chain\.pem$/gm)?.length, 2);
});
