import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { commandTree, everyCommand } from '../../src/cli/command-tree.js';
import { completionScript, shells } from '../../src/cli/completion.js';
import { manualPage } from '../../src/cli/manual.js';
import { commands } from '../../src/cli/program.js';
import { temporaryFolder } from '../store/sample.js';

const tree = commandTree(commands('1.2.3'));
const all = everyCommand(tree);
const lacks = (program: string): string | false =>
  spawnSync(program, ['--version']).error === undefined ? false : `needs ${program}`;

describe('completions', () => {
  const bash = completionScript(tree, 'bash');
  const complete = (...words: readonly string[]): readonly string[] => {
    const line = words.map((word) => `'${word}'`).join(' ');
    const script = `${bash}\nCOMP_WORDS=(certglass ${line}); COMP_CWORD=${words.length}; _certglass; echo "\${COMPREPLY[@]}"`;
    return spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout.trim().split(' ');
  };

  for (const [words, expected] of [
    [['sca'], ['scan', 'scans']],
    [
      ['ct', ''],
      ['tail', 'logs', 'matches', 'recall', '--help'],
    ],
    [
      ['scan', '--depth', ''],
      ['fast', 'full', 'survey'],
    ],
    [['scan', 'www.example.com', '--fail-on', 'w'], ['warning']],
    [
      ['scans', 'start', '--d'],
      ['--data', '--depth', '--dry-run'],
    ],
  ] as const)
    it(`of bash: certglass ${words.join(' ')}`, { skip: lacks('bash') }, () =>
      assert.deepEqual([...complete(...words)], [...expected]),
    );

  for (const shell of shells) {
    it(`of ${shell} name every command and option`, () => {
      const script = completionScript(tree, shell);
      for (const { name, options } of all)
        for (const word of [name, ...options.map(({ long }) => long.replace(/^-+/, ''))])
          assert.ok(script.includes(word), word);
    });
    it(`of ${shell} are understood by it`, { skip: lacks(shell) }, () => {
      const file = join(temporaryFolder(), 'script');
      writeFileSync(file, completionScript(tree, shell));
      assert.equal(spawnSync(shell, ['-n', file], { encoding: 'utf8' }).stderr, '');
    });
  }
});

describe('the manual page', () => {
  const page = manualPage(tree, '1.2.3');

  it('names every option with what it does', () => {
    const plain = page.replaceAll('\\-', '-');
    for (const { options } of all)
      for (const { flags, description } of options) {
        assert.ok(plain.includes(`.B ${flags}`), flags);
        assert.ok(plain.includes(description.slice(1)), description);
      }
  });

  it('is understood by troff', { skip: lacks('groff') }, () => {
    const { status, stderr } = spawnSync('groff', ['-man', '-z', '-ww', '-Tutf8', '-K', 'utf8'], {
      input: page,
      encoding: 'utf8',
    });
    assert.deepEqual([status, stderr.split('\n').filter((line) => !line.includes("can't break"))], [0, ['']]);
  });
});

it('every command has a summary, and every option says what it does', () => {
  for (const { path, summary, options } of all) {
    assert.ok(summary.length > 5, path);
    for (const { flags, description } of options) assert.ok(description.length > 3, `${path} ${flags}`);
  }
});
