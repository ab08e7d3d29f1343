import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { commandTree, everyCommand, type CommandFacts } from '../src/cli/command-tree.js';
import { commands } from '../src/cli/program.js';
import { filesBelow, root } from './architecture/modules.js';

const documents = [
  ...[
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    'packaging/README.md',
    'dashboards/README.md',
    'src/store/operation.md',
  ],
  ...filesBelow('docs').filter((file) => file.endsWith('.md')),
].map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
const known = new Map(everyCommand(commandTree(commands('0'))).map((one) => [one.path, one]));
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** Command lines in code, each from the program's name to the end of what belongs to it. */
function commandLines(text: string): readonly string[] {
  const joined = text.replaceAll(/\\\n\s*/g, ' ');
  const inline = [...joined.matchAll(/`(?:\$ )?(?:sudo -u \S+ )?(?:\S*\/)?(certglass [^`]+)`/g)].map(
    ([, line = '']) => line,
  );
  const blocks = [...joined.matchAll(/^```[^\n]*\n(.*?)^```/gms)].flatMap(([, block = '']) =>
    block.split('\n'),
  );
  const fenced = blocks.flatMap((line) => {
    const [, rest] = /(?:^|[\s;&|(])(?:certglass|node dist\/src\/main\.js) (.*)$/.exec(line) ?? [];
    const [, started] = /^npm start -- (.*)$/.exec(line.trim()) ?? [];
    if (started !== undefined) return [`certglass start ${started}`];
    return rest === undefined ? [] : [`certglass ${rest}`];
  });
  return [...inline, ...fenced].map((line) =>
    line.replace(/\s(?:[|>&;]|2>|#\s).*/, '').replace(/[.,;:]$/, ''),
  );
}

/** What is wrong with a command line; null when every word of it is known. */
function faultOf(line: string): string | null {
  const words = line.split(/\s+/);
  let at: CommandFacts | undefined = known.get('certglass');
  let index = 1;
  // `acknowledge|silence ID`: each of them.
  const several = words.findIndex((word, place) => place < 3 && /^[a-z-]+(\|[a-z-]+)+$/.test(word));
  if (several > 0) {
    const names = words[several]?.split('|') ?? [];
    return (
      names
        .map((name) => faultOf([...words.slice(0, several), name, ...words.slice(several + 1)].join(' ')))
        .find((fault) => fault !== null) ?? null
    );
  }
  for (; index < words.length && at !== undefined; index += 1) {
    const next = known.get(`${at.path} ${words[index]}`);
    if (next === undefined) break;
    at = next;
  }
  if (at === undefined) return 'no such command';
  const rest = words.slice(index);
  if (at.commands.length > 0 && rest[0] !== undefined && /^[a-z]/.test(rest[0]) && at.usage === '')
    return `there is no command ${at.path} ${rest[0]}`;
  for (const word of rest) {
    const [, name] = /^\[?(--[a-z][a-z-]*)/.exec(word) ?? [];
    if (name === undefined || ['--help', '--version'].includes(name)) continue;
    if (!at.options.some(({ long }) => long === name)) return `${at.path} has no option ${name}`;
  }
  return null;
}

/** The anchor GitHub makes of a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .trim()
    .replaceAll(' ', '-');
}

describe('the documents', () => {
  it('are found, with command lines in them', () => {
    const lines = documents.flatMap(({ text }) => commandLines(text));
    assert.ok(
      documents.length > 10 && lines.length > 60,
      `${documents.length} documents, ${lines.length} lines`,
    );
  });

  for (const { file, text } of documents) {
    // What was is history.
    if (file !== 'CHANGELOG.md')
      it(`${file} names commands and options that exist`, () => {
        const faults = commandLines(text).flatMap((line) => {
          const fault = faultOf(line);
          return fault === null ? [] : [`${line}: ${fault}`];
        });
        assert.deepEqual(faults, []);
      });

    it(`${file} names scripts of npm that exist`, () => {
      const named = [...text.matchAll(/npm run ([a-z][a-z:-]*)/g)].map(([, name = '']) => name);
      assert.deepEqual(
        named.filter((name) => scripts[name] === undefined),
        [],
      );
    });

    it(`${file} links to what is there`, () => {
      const links = [...text.matchAll(/(?:\]\(|(?:src|srcset|href)=")([^)"\s]+)[)"]/g)].map(
        ([, link = '']) => link,
      );
      const broken = links.filter((link) => {
        if (/^[a-z]+:/.test(link)) return false;
        const [path = '', fragment] = link.split('#');
        const target = path === '' ? join(root, file) : join(root, dirname(file), path);
        if (!existsSync(target)) return true;
        if (fragment === undefined || !target.endsWith('.md')) return false;
        const headings = [...readFileSync(target, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
          anchor(heading),
        );
        return !headings.includes(fragment);
      });
      assert.deepEqual(broken, [], relative(root, file));
    });
  }
});

for (const [line, expected] of [
  ['certglass scan a --depth fast', null],
  ['certglass ct tail --match a', null],
  ['certglass alert test|explain x', null],
  ['certglass alert test|nonsense x', 'there is no command certglass alert nonsense'],
  ['certglass scan --nonsense', 'certglass scan has no option --nonsense'],
  ['certglass ct nonsense', 'there is no command certglass ct nonsense'],
] as const)
  it(`judges the line "${line}"`, () => {
    const fault = faultOf(line);
    if (expected === null) assert.equal(fault, null);
    else assert.equal(fault, expected);
  });
