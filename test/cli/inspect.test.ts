import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { it } from 'node:test';
import type { InspectLine } from '../../src/model/inspect-line.js';
import * as der from '../support/der-writer.js';
import { daysFromNow, issueCa, issueFor, toPem } from '../support/pki.js';
import {
  chain,
  file,
  folder,
  json,
  leaf,
  leafFile,
  only,
  other,
  root,
  roots,
  rulesOf,
  run,
  sub,
  subfolder,
} from './run-inspect.js';

const codesOf = (line: InspectLine): readonly string[] =>
  (line.validation?.errors ?? []).map(({ code }) => code);

it('writes one line per certificate as the contract says', async () => {
  const { code, lines, err } = await run([leafFile], json);
  const [line] = lines;
  assert.deepEqual([code, lines.length, err], [0, 1, '']);
  assert.deepEqual(Object.keys(line ?? {}), [
    'file',
    'certificate',
    'validation',
    'findings',
    'transparency',
    'ocsp',
    'revocation',
    'extensions',
  ]);
  assert.equal(line?.file, leafFile);
  assert.deepEqual([line.validation, line.findings], [null, []]);
  assert.deepEqual(
    [line.certificate?.sha256, line.certificate?.subject, line.certificate?.dnsNames],
    [leaf.sha256, 'CN=www.example.com', ['www.example.com']],
  );
});

for (const [what, contents, expected] of [
  ['PEM', leaf.pem + sub.pem, [leaf, sub]],
  [
    'PEM with CRLF and keys between',
    `x\r\n${(leaf.pem + leaf.keyPem + sub.pem).replaceAll('\n', '\r\n')}`,
    [leaf, sub],
  ],
  ['DER', leaf.der, [leaf]],
  ['DER in a row', Buffer.concat([leaf.der, sub.der, root.der]), [leaf, sub, root]],
  [
    "OpenSSL's trusted form",
    toPem(Buffer.concat([leaf.der, der.sequence(der.sequence())]), 'TRUSTED CERTIFICATE'),
    [leaf],
  ],
] as const) {
  it(`reads ${what}, and never shows a key`, async () => {
    const { code, out, lines } = await run([file('some.bin', contents)], json);
    assert.deepEqual(
      lines.map(({ certificate }) => certificate?.sha256),
      expected.map(({ sha256 }) => sha256),
    );
    assert.equal(code, 0);
    assert.ok(!out.includes('PRIVATE') && !out.includes(leaf.keyPem.split('\n')[1] ?? ''));
  });
}

it('validates every certificate of a file with the others, and names the root store', async () => {
  const { code, lines } = await run([chain], { ...json, roots, host: 'www.example.com' });
  assert.equal(code, 0);
  assert.deepEqual(
    lines.map(({ validation }) => [validation?.verdict, validation?.errors, validation?.path]),
    [
      ['valid', [], [leaf.sha256, sub.sha256, root.sha256]],
      ['valid', [], [sub.sha256, root.sha256]],
      ['valid', [], [root.sha256]],
    ],
  );
  assert.match(lines[0]?.validation?.rootStore ?? '', /^file roots\.pem \d{4}-\d\d-\d\d$/);
});

for (const [what, path, options, verdict, codes, rules] of [
  ['without its intermediate', leafFile, {}, 'invalid', ['no-issuer'], ['untrusted-chain']],
  ['with it from another file', leafFile, { intermediates: file('sub.der', sub.der) }, 'valid', [], []],
  [
    'with the wrong one',
    leafFile,
    { intermediates: file('wrong.pem', issueCa('Inspected Sub').pem) },
    'invalid',
    ['bad-signature'],
    ['untrusted-chain'],
  ],
  ['for its name', file('other.der', other.der), { host: 'OTHER.example.com' }, 'valid', [], []],
  [
    'for another name',
    file('other.der', other.der),
    { host: 'www.example.com' },
    'invalid',
    ['name-mismatch'],
    ['hostname-mismatch'],
  ],
  [
    'as a client',
    file('other.der', other.der),
    { purpose: 'client' },
    'invalid',
    ['wrong-purpose'],
    ['untrusted-chain'],
  ],
  [
    'after its time',
    file('other.der', other.der),
    { at: daysFromNow(81) },
    'invalid',
    ['expired'],
    ['expired'],
  ],
  [
    'before its time',
    file('other.der', other.der),
    { at: daysFromNow(-2) },
    'invalid',
    ['not-yet-valid'],
    ['not-yet-valid'],
  ],
] as const) {
  it(`validates a certificate ${what}: ${verdict}`, async () => {
    const line = await only(path, { roots, ...options });
    assert.equal(line.validation?.verdict, verdict);
    assert.deepEqual([codesOf(line), rulesOf(line)], [codes, rules]);
    for (const { message, section } of line.validation?.errors ?? [])
      assert.ok(message.length > 10 && section.length > 3);
    assert.equal((await run([path], { roots, ...options })).code, verdict === 'valid' ? 0 : 1);
  });
}

it('takes a host as people write it: U-labels, brackets', async () => {
  const named = file(
    'named.pem',
    issueFor('xn--bcher-kva.example', { issuer: root, ipAddresses: ['2001:db8::1'] }).pem,
  );
  for (const host of ['bücher.example', 'xn--bcher-kva.example', '[2001:db8::1]', '2001:DB8:0::1'])
    assert.equal((await only(named, { roots, host })).validation?.verdict, 'valid', host);
  await assert.rejects(run([named], { host: '' }), /^Error: --host is empty/);
});

it('judges a file of CAs as CAs, but the first for a host that is asked for', async () => {
  const subFile = file('sub.pem', sub.pem);
  assert.equal((await only(subFile, { roots })).validation?.verdict, 'valid');
  assert.equal((await only(roots, { roots })).validation?.verdict, 'valid');
  const { code, out } = await run([subFile], { roots, host: 'www.example.com' });
  assert.equal(code, 1);
  assert.match(out, /path +invalid/);
  assert.match(out, /1 certificate in 1 file: 1 invalid path, /);
});

it('judges a bundle alike when the CA comes first', async () => {
  const { code, lines } = await run([file('reversed.pem', root.pem + sub.pem + leaf.pem)], {
    ...json,
    roots,
    host: 'www.example.com',
  });
  assert.deepEqual(
    lines.map(({ validation, findings }) => [validation?.verdict, findings]),
    [
      ['valid', []],
      ['valid', []],
      ['valid', []],
    ],
  );
  assert.equal(code, 0);
});

it('says so when a folder holds no certificate at all', async () => {
  const empty = subfolder('without');
  const { code, err } = await run([empty]);
  assert.equal(code, 2);
  assert.match(err, /^certglass: there is no certificate in .*without\n$/);
});

it('asks only what is no CA for the host', async () => {
  const { lines } = await run([file('two.pem', other.pem + root.pem + leaf.pem)], {
    ...json,
    host: 'other.example.com',
  });
  assert.deepEqual(lines.map(rulesOf), [[], [], ['hostname-mismatch']]);
});

for (const [what, contents, message] of [
  ['an empty file', '', /^the file is empty$/],
  ['text', 'hello, www.example.com\n', /^nothing in it begins like a certificate$/],
  ['noise', Buffer.from('00010203fffefdfc'.repeat(50), 'hex'), /^nothing in it/],
  ['a key', leaf.keyPem, /^it holds no certificate, only PRIVATE KEY$/],
  ['a key in DER', leaf.key.export({ type: 'pkcs8', format: 'der' }), /only a key or PKCS #12 in DER$/],
] as const) {
  it(`says of ${what} that it holds no certificate`, async () => {
    const path = file('nothing.pem', contents);
    const line = await only(path, { roots });
    assert.deepEqual(
      [line.certificate, line.validation, rulesOf(line)],
      [null, null, ['unreadable-certificate']],
    );
    assert.match(String(line.findings[0]?.details['message']), message);
    const human = await run([path]);
    assert.equal(human.code, 1);
    assert.match(
      human.out,
      /error +Certificate cannot be read: .*\[unreadable-certificate\]\n\n0 certificates in 1 file: 1 error\n$/,
    );
  });
}

for (const [what, contents, names] of [
  ['cut off', toPem(leaf.der.subarray(0, leaf.der.length - 90)), true],
  ['cut off in DER', leaf.der.subarray(0, leaf.der.length - 90), true],
  ['not clean base64', leaf.pem.replace('\n', '\n*'), true],
  ['without an end', leaf.pem.slice(0, -27), true],
  ['nothing at all', toPem(new Uint8Array()), false],
] as const) {
  it(`tells a certificate that is ${what}, with what can be recovered, and goes on`, async () => {
    const second = typeof contents === 'string' ? contents + other.pem : contents;
    const { code, lines } = await run([file('broken.pem', second), leafFile], { ...json, roots });
    const [line] = lines;
    assert.equal(code, 1);
    assert.ok(rulesOf(line).includes('unreadable-certificate'));
    assert.equal(line?.validation?.verdict, 'invalid');
    assert.equal(JSON.stringify(line).includes('www.example.com'), names);
    assert.deepEqual(
      lines.slice(1).map(({ certificate }) => certificate?.sha256),
      typeof contents === 'string' ? [other.sha256, leaf.sha256] : [leaf.sha256],
    );
  });
}

it('does not read a certificate of more than 16 MB', async () => {
  const huge = Buffer.concat([Buffer.from('3084ffffff00', 'hex'), Buffer.alloc(16_000_000)]);
  const line = await only(file('huge.der', huge), { roots });
  assert.deepEqual([line.certificate, line.validation], [null, null]);
  assert.equal(line.findings[0]?.details['message'], '16000006 bytes are too many for a certificate');
});

it('flags bytes behind a certificate', async () => {
  const line = await only(file('trailing.der', Buffer.concat([other.der, Buffer.from('\n')])));
  assert.deepEqual(rulesOf(line), ['malformed-certificate']);
  assert.notEqual(line.certificate?.sha256, other.sha256);
});

it('does not start without the roots or intermediates it is given', async () => {
  await assert.rejects(run([leafFile], { roots: join(folder, 'none') }), /none: there is no such file\.$/);
  await assert.rejects(
    run([leafFile], { roots: file('key.pem', root.keyPem) }),
    /no certificate in it, only PRIVATE KEY/,
  );
  await assert.rejects(run([leafFile], { roots, intermediates: folder }), /it is a folder, not a file/);
});

it('says which roots it cannot trust', async () => {
  const half = file('half.pem', toPem(root.der.subarray(0, 99)) + root.pem);
  const { code, err } = await run([chain], { roots: half });
  assert.equal(code, 0);
  assert.match(
    err,
    /^certglass: .*half\.pem: the root [0-9a-f]{64} is not trusted, for it cannot be read: .*\n$/,
  );
});

it('writes for people: a block per certificate, and a sum', async () => {
  const { code, out } = await run([chain, file('empty.pem', '')], { roots });
  assert.equal(code, 1);
  const blocks = out.split('\n\n');
  assert.equal(blocks.length, 5);
  assert.match(blocks[0] ?? '', /^.*chain\.pem\n {2}subject +CN=www\.example\.com\n/);
  assert.match(blocks[0] ?? '', / {2}path +valid against file roots\.pem \d{4}-\d\d-\d\d\n {2}no findings$/);
  assert.equal(blocks[4], '3 certificates in 2 files: 1 error\n');
});

it('finds its way in a large bundle', async () => {
  const key = leaf.key;
  const leaves = Array.from({ length: 150 }, (_, index) =>
    issueFor(`n${index}.example.com`, { issuer: sub, key }),
  );
  const noise = Array.from({ length: 150 }, (_, index) => issueCa(`Noise ${index}`, { issuer: root, key }));
  const path = file('large.pem', [...leaves, ...noise, sub].map(({ pem }) => pem).join(''));
  const start = performance.now();
  const { code, lines } = await run([path], { ...json, roots });
  assert.ok(performance.now() - start < 20_000);
  assert.deepEqual([code, lines.length], [0, 301]);
  assert.ok(lines.every(({ validation }) => validation?.verdict === 'valid'));
});

it('says the same each time', async () => {
  const options = { ...json, roots, at: new Date('2027-01-01T00:00:00Z') };
  assert.equal((await run([chain], options)).out, (await run([chain], options)).out);
});

const program = new URL('../../src/main.js', import.meta.url).pathname;

function certglass(input: string, ...args: readonly string[]): ReturnType<typeof spawnSync> {
  return spawnSync(process.execPath, [program, 'inspect', ...args], {
    input,
    encoding: 'utf8',
    timeout: 60_000,
  });
}

it('works from the command line, from standard input too', () => {
  const ok = certglass(
    leaf.pem + sub.pem,
    '-',
    leafFile,
    '--roots',
    roots,
    '--host',
    'www.example.com',
    '--json',
  );
  assert.equal(ok.stderr, '');
  const lines = String(ok.stdout)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as InspectLine);
  assert.deepEqual(
    lines.map((line) => [line.file, line.validation?.verdict]),
    [
      ['-', 'valid'],
      ['-', 'valid'],
      [leafFile, 'invalid'],
    ],
  );
  assert.equal(ok.status, 1);
  const late = certglass('', chain, '--at', '2099-01-01', '--purpose', 'client');
  assert.equal(late.status, 1);
  assert.match(String(late.stdout), /expired/);
  const none = certglass('', leafFile, '--roots', join(folder, 'nowhere'));
  assert.deepEqual([none.status, none.stdout], [2, '']);
  assert.match(String(none.stderr), /^certglass: .*nowhere: there is no such file\.\n$/);
});

it('describes every extension when asked to', async () => {
  const { lines } = await run([leafFile], { json: true, extensions: true });
  const names = lines[0]?.extensions?.map(({ name }) => name) ?? [];
  assert.ok(names.includes('Subject Alternative Name'), names.join());
  const { out } = await run([leafFile], { extensions: true });
  assert.match(out, /Subject Alternative Name\n.*DNS: www\.example\.com/);
  assert.equal((await only(leafFile)).extensions, null);
});
