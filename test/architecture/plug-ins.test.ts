import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import { rules } from '../../src/rules/index.js';
import { filesBelow, readModules, root } from './modules.js';

/** Folders that are extended by adding a file; each holds its contract and an index that lists what it has. */
const extensionPoints: readonly {
  readonly folder: string;
  readonly contract: string;
  /** The test of all its plug-ins; absent: each has its own. */
  readonly test?: string;
}[] = [
  { folder: 'scanners', contract: 'scanner.ts' },
  { folder: 'src/rules', contract: 'rule.ts' },
  { folder: 'src/alerts', contract: 'channel.ts' },
  { folder: 'src/inventory', contract: 'connector.ts' },
  // Its test has an answer key with an entry for every report.
  { folder: 'src/reports', contract: 'report.ts', test: 'test/reports/reports.test.ts' },
];

const ruleFiles = filesBelow('src/rules').filter((path) => path.split('/').length === 4);

const imported = new Set(readModules('src', 'scanners').flatMap(({ imports }) => imports));

/** Metadata without code: test/rules/index.test.ts looks at all of it. */
const incidentFiles = new Set(
  rules.filter(({ kind }) => kind === 'incident').map(({ id }) => fileOfRule(id)),
);

/** Path of the rule's file: src/rules/<theme>/<id>.ts. */
function fileOfRule(id: string): string | undefined {
  return ruleFiles.find((path) => path.endsWith(`/${id}.ts`));
}

for (const { folder, contract, test } of extensionPoints) {
  const modules = readModules(folder);
  const index = modules.find(({ path }) => path === `${folder}/index.ts`);
  const plugIns = (index?.imports ?? []).filter((path) => path !== `${folder}/${contract}`);
  const unitOf = (path: string): string =>
    folder === 'src/rules' ? path : (path.slice(folder.length + 1).split('/')[0] ?? '');

  it(`${folder} holds its contract, and an index once there is anything to list`, () => {
    assert.ok(modules.some(({ path }) => path === `${folder}/${contract}`));
    assert.ok(modules.length === 1 || index !== undefined, `${folder}/index.ts is missing`);
  });

  it(`${folder} has no file that nobody imports`, () => {
    const wiredElsewhere = new Set(
      [contract, 'index.ts', 'judge.ts', 'config.ts'].map((name) => `${folder}/${name}`),
    );
    const unused = modules
      .map(({ path }) => path)
      .filter((path) => !wiredElsewhere.has(path) && !imported.has(path));
    assert.deepEqual(unused, [], 'add them to the index');
  });

  it(`${folder} has a test for each plug-in`, () => {
    const tests = filesBelow('test');
    for (const path of plugIns) {
      if (incidentFiles.has(path) || path.endsWith('/config.ts') || test !== undefined) continue;
      const stem = path.replace(/^src\//, '').replace(/\.ts$/, '');
      const folderOfTests = `test/${stem.replace(/\/index$/, '')}/`;
      assert.ok(
        tests.some((test) => test === `test/${stem}.test.ts` || test.startsWith(folderOfTests)),
        `${path} has no test/${stem}.test.ts`,
      );
    }
  });

  it(`${folder} has no plug-in that imports another`, () => {
    for (const { path, imports } of modules.filter((module) =>
      plugIns.some((plugIn) => unitOf(plugIn) === unitOf(module.path)),
    ))
      for (const target of imports)
        assert.ok(
          unitOf(target) === unitOf(path) || !plugIns.includes(target),
          `${path} imports the plug-in ${target}`,
        );
  });
}

it('lists every rule there is, under the name of its file', async () => {
  const files = readModules('src/rules').map(({ path }) => path);
  assert.ok(files.length > rules.length);
  for (const path of files) {
    const module = (await import(join(root, 'dist', path.replace(/\.ts$/, '.js')))) as Record<
      string,
      unknown
    >;
    for (const value of Object.values(module)) {
      if (typeof value !== 'object' || value === null || !('remediation' in value && 'id' in value)) continue;
      assert.ok(
        rules.some((rule) => rule === value),
        `${path} holds a rule that the index does not list`,
      );
      assert.equal(fileOfRule(String(value.id)), path, 'the id of a rule is its file name');
    }
  }
});

it('keeps every rule under 80 lines', () => {
  for (const { path, text } of readModules('src/rules').filter(({ path }) =>
    rules.some(({ id }) => path === fileOfRule(id)),
  ))
    assert.ok(text.split('\n').length <= 80, path);
});
