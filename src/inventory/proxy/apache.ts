import { access } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { Binding, ConfigReport, ReadBindings } from './binding.js';
import { openSources, type Sources } from './sources.js';

interface Line {
  readonly words: readonly string[];
  readonly place: string;
}

/** What is being read: the variables and the server root are those at this point of the configuration. */
interface Reading {
  readonly sources: Sources;
  readonly report: ConfigReport;
  readonly variables: Map<string, string>;
  root: string;
}

/** What one virtual host says, or the main server. */
interface Host {
  readonly listens: readonly string[];
  readonly certificates: Line[];
  readonly names: string[];
}

/**
 * Certificates of Apache httpd by virtual host: https://httpd.apache.org/docs/2.4/mod/mod_ssl.html#sslcertificatefile. `Include`,
 * `IncludeOptional`, `Define` and `ServerRoot` are followed; conditional sections are read as if their condition held.
 */
export const readApache: ReadBindings = async (path, report) => {
  const sources = await openSources(path, report);
  const files = sources.folder === path ? await mainFiles(path, sources) : [path];
  const reading: Reading = { sources, report, variables: new Map(), root: sources.folder };
  const bindings: Binding[] = [];
  for (const file of files) {
    const lines: Line[] = [];
    for await (const line of linesOf(file, reading)) lines.push(line);
    bindings.push(...bindingsOf(lines, reading));
  }
  return bindings;
};

/** The main file of Debian or Red Hat where there is one; otherwise every .conf file of the folder. */
async function mainFiles(path: string, sources: Sources): Promise<readonly string[]> {
  for (const name of ['apache2.conf', 'httpd.conf', 'conf/httpd.conf']) {
    const file = join(path, name);
    if (
      await access(file).then(
        () => true,
        () => false,
      )
    )
      return [file];
  }
  return sources.included('*.conf', path);
}

async function* linesOf(file: string, reading: Reading): AsyncGenerator<Line, void, undefined> {
  const text = await reading.sources.read(file);
  if (text === null) return;
  let number = 0;
  let joined = '';
  for (const part of text.split(/\r?\n/)) {
    number += 1;
    joined += part.replace(/\\$/, '');
    if (part.endsWith('\\')) continue;
    const words = wordsOf(joined.trim(), reading.variables);
    joined = '';
    const [name = '', value = '', other = ''] = words;
    if (name === '' || name.startsWith('#')) continue;
    const directive = name.toLowerCase();
    if (directive === 'define') reading.variables.set(value, other);
    else if (directive === 'serverroot') reading.root = value;
    else if (directive === 'include' || directive === 'includeoptional')
      for (const included of await reading.sources.included(value, reading.root))
        yield* linesOf(included, reading);
    else yield { words: [directive, ...words.slice(1)], place: `${file}:${number}` };
  }
}

/** Words of a line, quotes taken off; `${NAME}` is what `Define` says. */
function wordsOf(line: string, variables: ReadonlyMap<string, string>): readonly string[] {
  const known = line.replace(/\$\{([^}]+)\}/g, (whole, name: string) => variables.get(name) ?? whole);
  return [...known.matchAll(/"((?:\\.|[^"\\])*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) =>
      double?.replace(/\\(["\\])/g, '$1') ?? single ?? bare?.replace(/>$/, '') ?? '',
  );
}

function* bindingsOf(lines: readonly Line[], reading: Reading): Generator<Binding, void, undefined> {
  const main: Host = { listens: [], certificates: [], names: [] };
  const hosts: Host[] = [main];
  let current = main;
  for (const line of lines) {
    const [directive, ...values] = line.words;
    if (directive === '<virtualhost')
      hosts.push((current = { listens: values, certificates: [], names: [] }));
    else if (directive === '</virtualhost') current = main;
    else if (directive === 'sslcertificatefile') current.certificates.push(line);
    else if (directive === 'servername' || directive === 'serveralias')
      current.names.push(...values.map((name) => name.replace(/^[a-z]+:\/\//i, '').replace(/:\d+$/, '')));
  }
  for (const { listens, certificates, names } of hosts)
    for (const { words, place } of certificates) {
      const value = words[1] ?? '';
      if (value.includes('${') || value.startsWith('pkcs11:'))
        reading.report.note(place, `the certificate ${value} is not a file that can be read`);
      else
        yield {
          file: isAbsolute(value) ? value : join(reading.root, value),
          inline: null,
          names,
          listens,
          place,
        };
    }
}
