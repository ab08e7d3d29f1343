import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

/** Top of the repository, seen from dist/test/architecture. */
export const root = resolve(import.meta.dirname, '../../..');

/** One source file. Paths are relative to the top of the repository, with slashes. */
export interface Module {
  readonly path: string;
  readonly text: string;
  /** Paths of our own modules it imports, types and worker files included. */
  readonly imports: readonly string[];
  /** Packages and built-ins it imports. */
  readonly packages: readonly string[];
}

/** Every TypeScript file below these folders, pages of the console (.tsx) included, in order of path. */
export function readModules(...folders: readonly string[]): readonly Module[] {
  return filesBelow(...folders)
    .filter((path) => /\.tsx?$/.test(path))
    .map(readModule);
}

/** Every file below these folders that exist, in order of path. */
export function filesBelow(...folders: readonly string[]): readonly string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)),
    )
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
}

function readModule(path: string): Module {
  const text = readFileSync(join(root, path), 'utf8');
  const workers = [...text.matchAll(/new URL\('(\.[^']+\.js)', import\.meta\.url\)/g)].map(
    ([, name = '']) => name,
  );
  const imported = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  const names = [...imported, ...workers];
  return {
    path,
    text,
    imports: names.filter((name) => name.startsWith('.')).map((name) => importedPath(path, name)),
    packages: names.filter((name) => !name.startsWith('.')),
  };
}

function importedPath(from: string, name: string): string {
  const path = join(dirname(from), name).replaceAll('\\', '/').replace(/\.js$/, '.ts');
  return !existsSync(join(root, path)) && existsSync(join(root, `${path}x`)) ? `${path}x` : path;
}

/** The syntax tree of a module. */
export function parse({ path, text }: Module): ts.SourceFile {
  const kind = path.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind);
}

/** A cycle of imports as the paths along it, or null. */
export function findCycle(modules: readonly Module[]): readonly string[] | null {
  const imports = new Map(modules.map((module) => [module.path, module.imports]));
  const finished = new Set<string>();
  const walk = (path: string, trail: readonly string[]): readonly string[] | null => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (finished.has(path)) return null;
    for (const next of imports.get(path) ?? []) {
      const cycle = walk(next, [...trail, path]);
      if (cycle !== null) return cycle;
    }
    finished.add(path);
    return null;
  };
  for (const { path } of modules) {
    const cycle = walk(path, []);
    if (cycle !== null) return cycle;
  }
  return null;
}
