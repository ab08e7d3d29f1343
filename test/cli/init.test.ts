import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/config.js';
import { root } from '../architecture/modules.js';
import { temporaryFolder } from '../store/sample.js';

const main = join(root, 'dist', 'src', 'main.js');

function init(folder: string, ...flags: readonly string[]) {
  return spawnSync(process.execPath, [main, 'init', '--no-interactive', '--no-test', ...flags], {
    cwd: folder,
    encoding: 'utf8',
    input: '',
  });
}

describe('init', () => {
  it('writes a configuration that is valid, commented and readable by its owner only', () => {
    const folder = temporaryFolder();
    const { status, stdout } = init(
      folder,
      ...['--domain', 'example.com', '--domain', 'bücher.example', '--target', 'www.example.com:8443'],
      ...[
        '--mail-to',
        'ops@example.com',
        '--smtp',
        'mail.example.com',
        '--webhook',
        'https://hooks.example.com/x',
      ],
    );
    assert.equal(status, 0);
    assert.match(stdout, /certglass start --config certglass\.yaml/);
    const file = join(folder, 'certglass.yaml');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.match(readFileSync(file, 'utf8'), /^# Domains that are yours/m);
    const { policy, scan, alerts } = loadConfig(file, {});
    assert.deepEqual(policy.ownedDomains, ['example.com', 'xn--bcher-kva.example']);
    assert.deepEqual(scan.groups[0]?.targets, ['www.example.com:8443']);
    assert.deepEqual(
      alerts.channels.map(({ type }) => type),
      ['email', 'webhook'],
    );
  });

  it('replaces nothing unless told to', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'certglass.yaml'), 'mine');
    const refused = init(folder, '--target', '127.0.0.1');
    assert.deepEqual([refused.status, readFileSync(join(folder, 'certglass.yaml'), 'utf8')], [2, 'mine']);
    assert.match(refused.stderr, /certglass\.yaml exists; .*--force/);
    assert.equal(init(folder, '--target', '127.0.0.1', '--force').status, 0);
  });

  for (const [name, flags, sentence] of [
    ['nothing to watch', [], /nothing to watch: .*--domain.*--target/],
    [
      'mail without a server',
      ['--target', 'a.example', '--mail-to', 'a@b.example'],
      /--mail-to needs --smtp/,
    ],
    ['a public suffix', ['--domain', 'co.uk'], /public suffix/],
    ['a target that is none', ['--target', 'https://a.example/'], /a\.example/],
    ['a folder that is not there', ['--target', 'a.example', '--out', 'none/x.yaml'], /none\/x\.yaml/],
  ] as const) {
    it(`says in one sentence what is wrong with ${name}`, () => {
      const { status, stderr } = init(temporaryFolder(), ...flags);
      assert.equal(status, 2);
      assert.match(stderr, sentence);
      assert.doesNotMatch(stderr, /\n\s+at /);
    });
  }
});
