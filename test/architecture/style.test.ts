import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { it } from 'node:test';
import ts from 'typescript';
import { filesBelow, parse, readModules, root, type Module } from './modules.js';

const product = readModules('src', 'scanners');
const everything = [...product, ...readModules('bench', 'test')];

it('sees the code it judges', () => {
  assert.ok(product.length >= 30 && everything.length >= product.length + 20);
});

it('keeps files short: none over 400 lines, nine of ten under 250, half of them under 150', () => {
  // What a program writes is not read from top to bottom.
  const written = product.filter(({ text }) => !text.startsWith('// Written by `npm run'));
  const lengths = written.map(({ path, text }) => [text.split('\n').length - 1, path] as const);
  assert.deepEqual(
    lengths.filter(([length]) => length > 400),
    [],
  );
  assert.ok(
    quantile(
      lengths.map(([length]) => length),
      0.9,
    ) <= 250,
  );
  assert.ok(
    quantile(
      lengths.map(([length]) => length),
      0.5,
    ) <= 150,
  );
});

it('keeps functions short: none over 60 lines, nine of ten under 35', () => {
  const lengths = product.flatMap(functionLengths);
  assert.ok(lengths.length > product.length, 'functions are found');
  assert.deepEqual(
    lengths.filter(({ lines }) => lines > 60),
    [],
  );
  assert.ok(
    quantile(
      lengths.map(({ lines }) => lines),
      0.9,
    ) <= 35,
  );
});

it('measures functions by their lines of code', () => {
  const text = 'export function f() {\n  // why\n\n  return 1;\n}\nconst g = () => 2;\n';
  const lengths = functionLengths({ path: 'x.ts', text, imports: [], packages: [] });
  assert.deepEqual(
    lengths.map(({ lines }) => lines),
    [3, 1],
  );
});

it('says of every exported name what it is', () => {
  const silent = product.flatMap((module) => undocumented(module).map((name) => `${module.path}: ${name}`));
  assert.deepEqual(silent, []);
});

it('sees an export without a docstring', () => {
  const text =
    '/** Said. */\nexport const a = 1;\nexport function b() {}\nexport interface C {}\nfunction d() {}\n';
  assert.deepEqual(undocumented({ path: 'x.ts', text, imports: [], packages: [] }), ['b', 'C']);
});

it('exports by name only', () => {
  for (const module of everything) assert.doesNotMatch(module.text, /^export default\b/m, module.path);
});

it('names files in kebab-case, at most two folders below the top', () => {
  for (const { path } of everything) {
    assert.match(basename(path), /^[a-z0-9]+(-[a-z0-9]+)*((\.slow)?\.test)?\.tsx?$/);
    assert.ok(path.split('/').length <= (path.startsWith('test/') ? 5 : 4), path);
  }
});

it('holds no unfinished work', () => {
  const words = ['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK', 'not (yet )?imple' + 'mented'];
  const unfinished = new RegExp(`\\b(${words.join('|')})`);
  const found = [
    ...everything.filter(({ text }) => unfinished.test(text)),
    ...product.filter(({ text }) => /\bfor now\b/.test(text)),
  ].map(({ path }) => path);
  assert.deepEqual(found, []);
  assert.match(`// ${words[0] ?? ''}: later`, unfinished);
});

it('mentions no folder of the machine it was written on', () => {
  const files = filesBelow('src', 'scanners', 'bench', 'test').filter((path) =>
    /\.(ts|json|sql|md)$/.test(path),
  );
  for (const path of files)
    assert.doesNotMatch(readFileSync(join(root, path), 'utf8'), /["'`\s(]\/(home|root|Users)\//, path);
});

it('switches off no check of the compiler or the linter in the product', () => {
  for (const { path, text } of product)
    assert.doesNotMatch(
      text,
      /@ts-(ignore|nocheck|expect-error)|\bas any\b|catch\s*(\([^)]*\))?\s*\{\s*\}/,
      path,
    );
});

it('runs every test: none is skipped for good or run alone', () => {
  for (const { path, text } of everything.filter(({ path }) => path.endsWith('.test.ts')))
    assert.doesNotMatch(text, /\b(it|test|describe|suite)\.(only|skip|todo)\b|\bskip: true\b/, path);
});

it('speaks SQL in the store only', () => {
  for (const { path, text } of product.filter(({ path }) => !path.startsWith('src/store/')))
    assert.doesNotMatch(text, /\bSELECT\s[\s\S]{1,200}?\sFROM\s|\bINSERT INTO\b|\bALTER TABLE\b/, path);
});

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? 0;
}

function functionLengths(module: Module): readonly { readonly name: string; readonly lines: number }[] {
  const source = parse(module);
  const found: { name: string; lines: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const name = node.name?.getText(source) ?? 'anonymous';
      found.push({ name: `${module.path}: ${name}`, lines: codeLines(node.getText(source)) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Lines that are neither blank nor a comment. */
function codeLines(text: string): number {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .split('\n')
    .filter((line) => !/^\s*(\/\/.*)?$/.test(line)).length;
}

function undocumented(module: Module): readonly string[] {
  return parse(module)
    .statements.filter((node) => ts.canHaveModifiers(node) && isExported(node))
    .filter((node) => ts.getJSDocCommentsAndTags(node).length === 0)
    .map(nameOf);
}

function isExported(node: ts.HasModifiers): boolean {
  return ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function nameOf(node: ts.Statement): string {
  if (ts.isVariableStatement(node))
    return node.declarationList.declarations.map(({ name }) => name.getText()).join();
  return ts.isDeclarationStatement(node) ? (node.name?.getText() ?? '') : '';
}
