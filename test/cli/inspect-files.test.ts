import assert from 'node:assert/strict';
import { linkSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { seeded } from '../support/collect.js';
import { issue, toPem } from '../support/pki.js';
import { file, folder, json, leaf, leafFile, only, root, roots, run, sub, subfolder } from './run-inspect.js';

it('goes on behind a file that is missing, and says so at the end', async () => {
  const missing = join(folder, 'missing.pem');
  const { code, lines, err } = await run([missing, leafFile, `${leafFile}/x`], json);
  assert.deepEqual([code, lines.length], [2, 1]);
  assert.equal(
    err,
    `certglass: ${missing}: there is no such file.\ncertglass: ${leafFile}/x: there is no such file.\n`,
  );
});

it('does not read more than 100 MB', async () => {
  const huge = file('huge.pem', '');
  truncateSync(huge, 100_000_001);
  const { code, err } = await run([huge, leafFile], json);
  assert.equal(code, 2);
  assert.match(err, /huge\.pem: it has more than 100000000 bytes\.\n$/);
});

it('walks a folder in order, passes over what holds no certificate, and goes round no circle', async () => {
  const top = subfolder('tree');
  subfolder('tree/b');
  file('tree/a.crt', leaf.pem);
  file('tree/b/deep', Buffer.concat([sub.der, root.der]));
  file('tree/c.pem', leaf.keyPem);
  file('tree/d.der', 'no certificate');
  file('tree/e.txt', 'no certificate');
  file('tree/f.bin', Buffer.from('3082010030820010', 'hex'));
  file('tree/g.txt', `see below\n${toPem(leaf.der.subarray(0, 50))}`);
  linkSync(join(top, 'a.crt'), join(top, 'h.crt'));
  symlinkSync(leafFile, join(top, 'i.crt'));
  symlinkSync('..', join(top, 'b/up'));
  const { code, lines, err } = await run([top], json);
  assert.equal(code, 1);
  assert.match(
    err,
    /^certglass: passed over 3 files without a certificate: \S+c\.pem, \S+e\.txt, \S+f\.bin\n$/,
  );
  assert.deepEqual(
    lines.map(({ file: name, certificate }) => [name.slice(top.length), certificate?.sha256 ?? null]),
    [
      ['/a.crt', leaf.sha256],
      ['/b/deep', sub.sha256],
      ['/b/deep', root.sha256],
      ['/d.der', null],
      ['/g.txt', lines[4]?.certificate?.sha256],
      ['/i.crt', leaf.sha256],
    ],
  );
  assert.equal((await run([`${top}/`], json)).out, (await run([top], json)).out);
});

it('tells a link that leads nowhere', async () => {
  const top = subfolder('dangling');
  symlinkSync('nowhere', join(top, 'a.pem'));
  file('dangling/b.pem', leaf.pem);
  const { code, lines, err } = await run([top], json);
  assert.deepEqual([code, lines.length], [2, 1]);
  assert.match(err, /a\.pem: there is no such file\.\n$/);
});

it('reads files whose names are no UTF-8, in a folder and on the command line', async () => {
  const top = subfolder('bytes');
  writeFileSync(
    Buffer.concat([Buffer.from(`${top}/`), Buffer.from([0x61, 0xff, 0xc3]), Buffer.from('.pem')]),
    leaf.pem,
  );
  const { lines } = await run([top, `${top}/a\ufffd\ufffd.pem`], json);
  assert.deepEqual(
    lines.map((line) => [line.file, line.certificate?.sha256]),
    [
      [`${top}/a\\xff\\xc3.pem`, leaf.sha256],
      [`${top}/a\\xff\\xc3.pem`, leaf.sha256],
    ],
  );
});

const steering = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\ufeff]/;

it('writes nothing that steers a terminal, whatever names and certificates hold', async () => {
  const evil = '\u001b[2J\u001b]0;x\u0007\r\nroot: ok \u009b31m\u202egnp\u2028\ufeff';
  const certificate = issue({ subject: evil, dnsNames: ['\u001b[31mwww.example.com', 'a\0b'], issuer: root });
  const path = file('\u001b[31m\u202eevil\n.pem', certificate.pem);
  const missing = join(folder, '\u001b[31mmissing\n');
  for (const options of [{}, json, { ...json, roots, host: evil }, { roots, host: evil }]) {
    const { code, out, err } = await run([path, missing], options);
    assert.equal(code, 2);
    assert.doesNotMatch(out, steering);
    assert.doesNotMatch(err, steering);
    assert.equal(err.split('\n').length, 2);
  }
  assert.equal((await only(path)).file, path);
});

it('never throws, whatever bytes it is given', async () => {
  const random = seeded(42);
  const originals: readonly Buffer[] = [
    leaf.der,
    Buffer.from(leaf.pem + sub.pem),
    Buffer.concat([leaf.der, sub.der]),
  ];
  const paths = Array.from({ length: 150 }, (_, round) => {
    const bytes = Buffer.from(originals[round % 3] ?? leaf.der);
    for (let change = 0; change <= round % 5; change += 1)
      bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    return file(
      `fuzz${round}`,
      round % 4 === 0 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes,
    );
  });
  const { code, lines } = await run(paths, { ...json, roots, host: 'www.example.com' });
  assert.equal(code, 1);
  assert.equal(new Set(lines.map(({ file: name }) => name)).size, paths.length);
});
