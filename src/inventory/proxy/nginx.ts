import { isAbsolute, join } from 'node:path';
import type { Binding, ConfigReport, ReadBindings } from './binding.js';
import { openSources, type Sources } from './sources.js';

/** A directive of nginx: its words, where it stands, and what is in its braces. */
interface Directive {
  readonly words: readonly string[];
  readonly place: string;
  readonly block: readonly Directive[] | null;
}

/** What an inner block takes from the outer ones. */
interface Scope {
  readonly certificates: readonly Directive[];
}

/**
 * Certificates of nginx by server block: https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_certificate. `ssl_certificate` of an
 * outer block counts where an inner one has none; relative paths start from the folder of the main file.
 */
export const readNginx: ReadBindings = async (path, report) => {
  const sources = await openSources(path, report);
  const main = sources.folder === path ? join(path, 'nginx.conf') : path;
  const directives = await load(main, sources, report);
  return [...bindingsOf(directives, { certificates: [] }, sources.folder, report)];
};

async function load(file: string, sources: Sources, report: ConfigReport): Promise<readonly Directive[]> {
  const text = await sources.read(file);
  if (text === null) return [];
  try {
    return await withIncludes(parse(text, file), sources, report);
  } catch (error) {
    report.error(file, error);
    return [];
  }
}

async function withIncludes(
  directives: readonly Directive[],
  sources: Sources,
  report: ConfigReport,
): Promise<readonly Directive[]> {
  const all: Directive[] = [];
  for (const directive of directives) {
    const [name, pattern] = directive.words;
    if (name === 'include' && pattern !== undefined)
      for (const file of await sources.included(pattern, sources.folder))
        all.push(...(await load(file, sources, report)));
    else if (directive.block === null) all.push(directive);
    else all.push({ ...directive, block: await withIncludes(directive.block, sources, report) });
  }
  return all;
}

function* bindingsOf(
  directives: readonly Directive[],
  outer: Scope,
  folder: string,
  report: ConfigReport,
): Generator<Binding, void, undefined> {
  const named = (name: string): readonly Directive[] => directives.filter(({ words }) => words[0] === name);
  const own = named('ssl_certificate');
  const scope = { certificates: own.length > 0 ? own : outer.certificates };
  for (const { words, block } of directives) {
    if (block === null) continue;
    if (words[0] !== 'server' || words.length > 1) yield* bindingsOf(block, scope, folder, report);
    else yield* bindingsOfServer(block, scope, folder, report);
  }
}

function* bindingsOfServer(
  block: readonly Directive[],
  outer: Scope,
  folder: string,
  report: ConfigReport,
): Generator<Binding, void, undefined> {
  const values = (name: string): readonly (readonly string[])[] =>
    block.filter(({ words }) => words[0] === name).map(({ words }) => words.slice(1));
  const listens = values('listen');
  const isTls =
    listens.some((words) => words.includes('ssl') || words.includes('quic')) ||
    values('ssl')[0]?.[0] === 'on';
  if (!isTls) return;
  const own = block.filter(({ words }) => words[0] === 'ssl_certificate');
  for (const { words, place } of own.length > 0 ? own : outer.certificates) {
    const value = words[1] ?? '';
    if (value.includes('$') || value.startsWith('data:')) {
      report.note(place, `the certificate ${value} is known only when a client connects`);
      continue;
    }
    yield {
      file: isAbsolute(value) ? value : join(folder, value),
      inline: null,
      names: values('server_name')
        .flat()
        .filter((name) => name !== '_' && name !== '' && !name.startsWith('~')),
      listens: listens.map((listen) => listen.join(' ')),
      place,
    };
  }
}

/** Words, `;`, `{` and `}`; quotes and backslashes as nginx reads them. */
const token =
  /#[^\n]*|\n|[;{}]|"((?:\\[\s\S]|[^"\\])*)"|'((?:\\[\s\S]|[^'\\])*)'|((?:\\[\s\S]|\$\{[^}]*\}|[^\s;{}\\])+)|\s/g;

function parse(text: string, file: string): readonly Directive[] {
  const stack: { words: string[]; place: string; block: Directive[] }[] = [
    { words: [], place: file, block: [] },
  ];
  let line = 1;
  let words: string[] = [];
  let begin = 1;
  for (const [whole, double, single, bare] of text.matchAll(token)) {
    const word = double ?? single ?? bare;
    if (word !== undefined) {
      if (words.length === 0) begin = line;
      words.push(word.replace(/\\(["'\\ ;{}])/g, '$1'));
    }
    const place = `${file}:${begin}`;
    if (whole === ';') {
      if (words.length > 0) stack.at(-1)?.block.push({ words, place, block: null });
      words = [];
    } else if (whole === '{') {
      stack.push({ words, place, block: [] });
      words = [];
    } else if (whole === '}') {
      const closed = stack.pop();
      const open = stack.at(-1);
      if (closed === undefined || open === undefined) throw new Error(`line ${line}: } without {`);
      open.block.push(closed);
    }
    line += whole.split('\n').length - 1;
  }
  if (stack.length > 1) throw new Error(`the block that begins at ${stack.at(-1)?.place ?? file} has no }`);
  return stack[0]?.block ?? [];
}
