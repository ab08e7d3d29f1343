import { dirname, isAbsolute, join } from 'node:path';
import type { Binding, ReadBindings } from './binding.js';
import { openSources, type Sources } from './sources.js';

/** Options of the section being read. */
interface Section {
  readonly kind: string;
  readonly name: string;
  base: string | null;
}

/**
 * Certificates of HAProxy by `bind` line: https://docs.haproxy.org/3.0/configuration.html#5.1-crt. `crt` names a file or a folder, whose
 * certificates say themselves which names they are for; `crt-list` names a list of files with the names each is for; a `crt-store` loads
 * files by itself. A file usually holds the private key as well: only its certificates are looked for.
 */
export const readHaproxy: ReadBindings = async (path, report) => {
  const sources = await openSources(path, report);
  const files = sources.folder === path ? await sources.included('*.cfg', path) : [path];
  const bindings: Binding[] = [];
  let base = sources.folder;
  for (const file of files) {
    const text = await sources.read(file);
    let section: Section = { kind: '', name: '', base: null };
    for (const [index, line] of (text ?? '').split(/\r?\n/).entries()) {
      const words = wordsOf(line);
      const [first = '', second = ''] = words;
      const place = `${file}:${index + 1}`;
      if (/^(global|defaults|frontend|listen|backend|crt-store|peers|userlist|resolvers)$/.test(first))
        section = { kind: first, name: second, base: null };
      else if (first === 'crt-base' && section.kind === 'crt-store') section.base = second;
      else if (first === 'crt-base') base = second;
      else if (first === 'load') bindings.push(...loads(words, place, section.base ?? base));
      else if (first === 'bind') bindings.push(...(await binds(words, place, base, sources, section)));
    }
  }
  return bindings;
};

/** Words of a line: quotes of both kinds, backslashes, and `#` for what is not read. */
function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  for (const [whole] of line.matchAll(/#.*|(?:"[^"]*"|'[^']*'|\\.|[^\s#"'\\])+/g)) {
    if (whole.startsWith('#')) break;
    words.push(
      whole.replace(
        /"([^"]*)"|'([^']*)'|\\(.)/g,
        (_part, double?: string, single?: string, one?: string) => double ?? single ?? one ?? '',
      ),
    );
  }
  return words;
}

const under = (base: string, path: string): string => (isAbsolute(path) ? path : join(base, path));

function loads(words: readonly string[], place: string, base: string): readonly Binding[] {
  const at = words.indexOf('crt');
  const value = at < 0 ? undefined : words[at + 1];
  return value === undefined
    ? []
    : [{ file: under(base, value), inline: null, names: [], listens: [], place }];
}

async function binds(
  words: readonly string[],
  place: string,
  base: string,
  sources: Sources,
  { name }: Section,
): Promise<readonly Binding[]> {
  const listens = [`${name} ${words[1] ?? ''}`.trim()];
  const found: Binding[] = [];
  for (const [index, word] of words.entries()) {
    const value = words[index + 1];
    if (value === undefined) continue;
    // `@store/name` is listed by its crt-store.
    if (word === 'crt' && !value.startsWith('@'))
      found.push({ file: under(base, value), inline: null, names: [], listens, place });
    if (word === 'crt-list')
      found.push(...(await listed(under(dirname(place), value), base, sources, listens)));
  }
  return found;
}

/** `FILE [OPTIONS] NAME ...`: a name that begins with `!` is left out of a wildcard. */
async function listed(
  file: string,
  base: string,
  sources: Sources,
  listens: readonly string[],
): Promise<readonly Binding[]> {
  const text = await sources.read(file);
  return (text ?? '').split(/\r?\n/).flatMap((line, index) => {
    const [certificate, ...names] = wordsOf(line.replace(/\[[^\]]*\]/, ' '));
    if (certificate === undefined || certificate.startsWith('@')) return [];
    return [
      {
        file: under(base, certificate),
        inline: null,
        names: names.filter((name) => !name.startsWith('!')),
        listens,
        place: `${file}:${index + 1}`,
      },
    ];
  });
}
