import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { root } from '../architecture/modules.js';

const main = join(root, 'dist', 'src', 'main.js');
const pages = [
  'README.md',
  'dashboards/README.md',
  'packaging/README.md',
  'src/store/operation.md',
  ...['docs', 'docs/runbooks'].flatMap((folder) =>
    readdirSync(join(root, folder)).flatMap((name) => (name.endsWith('.md') ? [`${folder}/${name}`] : [])),
  ),
];

/** Every `certglass ...` in code of a page, up to what ends a command. */
function commandsIn(page: string): readonly string[] {
  const text = readFileSync(join(root, page), 'utf8');
  const code = [...text.matchAll(/```[a-z]*\n([\s\S]*?)```|`([^`\n]+)`/g)].map(
    ([, block, inline]) => block ?? inline ?? '',
  );
  const lines = code.flatMap((one) => one.replaceAll('\\\n', ' ').split('\n'));
  return lines.flatMap((line) =>
    [...line.matchAll(/(?:^|[ (|])certglass (?=[a-z-])([^|;&)#>"]*)/g)].map(([, words]) =>
      (words ?? '').trim(),
    ),
  );
}

/** Help of a command; null when there is no such command. */
async function helpOf(path: readonly string[]): Promise<string | null> {
  const parameters = [main, ...path, '--help'];
  const { stdout } = await promisify(execFile)(process.execPath, parameters).catch(() => ({ stdout: '' }));
  const usage = `Usage: ${['certglass', ...path].join(' ')} `;
  return stdout.startsWith(usage) ? stdout : null;
}

describe('commands in the documentation', () => {
  const known = new Map<string, Promise<string | null>>();
  const help = (path: readonly string[]): Promise<string | null> => {
    const key = path.join(' ');
    const found = known.get(key) ?? helpOf(path);
    known.set(key, found);
    return found;
  };

  /** The help of the command that a line calls: the longest path that there is. */
  async function resolve(words: readonly string[]): Promise<string | null> {
    const [first = '', second = ''] = words;
    const isWord = /^[a-z-]+$/.test(second);
    return (isWord ? await help([first, second]) : null) ?? (await help([first]));
  }

  it('exist, with every option that is shown', { timeout: 120_000 }, async () => {
    const lines = pages.flatMap((page) => commandsIn(page).map((line) => ({ page, line })));
    assert.ok(lines.length > 50, String(lines.length));
    const wrong: string[] = [];
    for (const { page, line } of lines) {
      const words = line.split(/\s+/);
      const text = await resolve(words);
      if (text === null) wrong.push(`${page}: there is no command: certglass ${line}`);
      for (const word of words)
        if (text !== null && /^--[a-z]/.test(word) && !text.includes(word.replace(/[=,.].*$/, '')))
          wrong.push(`${page}: certglass ${words[0]} has no option ${word}`);
    }
    assert.deepEqual([...new Set(wrong)], []);
  });
});
