import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';

const folder = mkdtempSync(join(tmpdir(), 'certglass-main-'));
after(() => rmSync(folder, { recursive: true }));
const wrong = join(folder, 'wrong.yaml');
writeFileSync(wrong, 'nonsense: 1\n');
const empty = join(folder, 'empty.pem');
writeFileSync(empty, 'no certificate\n');
const nothing = join(folder, 'nothing.txt');
writeFileSync(nothing, '# no target\n\n');
const rootless = join(folder, 'rootless.yaml');
writeFileSync(rootless, `trust:\n  files: [${empty}]\n`);
const main = join(import.meta.dirname, '..', '..', 'src', 'main.js');

for (const [parameters, expected] of [
  [['config', 'check', wrong], /^certglass: .*wrong\.yaml.*nonsense/],
  [['start', '--config', wrong], /^certglass: .*wrong\.yaml.*nonsense/],
  [['config', 'check', rootless], /^certglass: .*rootless\.yaml:2: trust\.files: .*no certificate in it/],
  [['findings', '--url', 'notaurl'], /^certglass: --url notaurl is no address of a service/],
  [['findings', '--url', 'ftp://127.0.0.1'], /^certglass: --url ftp/],
  [['start', 'a b'], /^certglass: "a b" is not a host name/],
  [['start', '-'], /^certglass: "-" \(standard input\)/],
  [['start', 'co.uk:21001'], /^certglass: co\.uk:21001: this is a public suffix/],
  [['scan', `@${nothing}`], /^certglass: nothing was probed: the list of targets is empty/],
  [['scan', '-'], /^certglass: nothing was probed/],
  [
    ['scan', '--nonsense'],
    /^certglass: unknown option '--nonsense'\n\(certglass scan --help shows its options and examples\)/,
  ],
] as const) {
  it(`says why it cannot run and exits 2: ${parameters.slice(0, 2).join(' ')}`, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...parameters], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 60_000,
    });
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(stderr, expected);
  });
}
