import assert from 'node:assert/strict';
import { it } from 'node:test';
import { findCycle, readModules, type Module } from './modules.js';

/** Who may import whom: folder -> folders, or single files. A folder may always import itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  main: ['service', 'config', 'cli', 'model', 'lib'],
  cli: ['*'],
  service: ['*'],
  config: [
    'model',
    'lib',
    'src/trust/trust.ts',
    'scanners/index.ts', // names and schemas: the code of a scanner is loaded when it is created
    ...configsOf('scanners', 'store', 'rules', 'delivery', 'inventory', 'reports', 'api', 'x509', 'ct'),
  ],
  judging: [
    'model',
    'store',
    'lib',
    'scanners/scanner.ts',
    'src/rules/rule.ts',
    'src/rules/fleet-rule.ts',
    'src/rules/judge.ts',
    'src/rules/ownership.ts',
    'src/rules/scope.ts',
  ],
  // The index: the configuration is made of those of all channels.
  delivery: ['model', 'store', 'lib', 'src/alerts/channel.ts', 'src/alerts/index.ts'],
  trust: ['model', 'x509', 'lib'],
  'key-evidence': ['model', 'x509', 'lib'],
  scanners: ['model', 'x509', 'ct', 'lib'],
  rules: ['model', 'x509', 'lib'],
  alerts: ['model', 'lib'],
  inventory: ['model', 'x509', 'lib'],
  reports: ['model', 'store', 'lib'],
  api: ['model', 'store', 'lib'],
  // It runs in the browser: only what needs nothing of Node.
  console: ['src/lib/printable.ts', 'src/model/severity.ts'],
  store: ['model', 'lib'],
  ct: ['model', 'lib'],
  x509: ['model', 'lib'],
  model: [],
  lib: [],
};

/** Each folder's configuration schema: /config.ts at any depth. */
function configsOf(...layers: readonly string[]): readonly string[] {
  return layers.map((layer) => `${layer}:config.ts`);
}

/** The folder a file belongs to; null for one that the design does not name. Only main.ts may lie loose at the top of src. */
function layerOf(path: string): string | null {
  if (path.startsWith('scanners/')) return 'scanners';
  const [, first = '', ...rest] = path.split('/');
  if (rest.length > 0) return Object.hasOwn(allowed, first) ? first : null;
  return first === 'main.ts' ? 'main' : null;
}

/** One sentence when `from` may not import `to`. */
function complaint(from: string, to: string): string | null {
  const [fromLayer, toLayer] = [layerOf(from), layerOf(to)];
  if (fromLayer === null) return `${from} belongs to no layer`;
  if (toLayer === null) return `${from} imports ${to}, which belongs to no layer`;
  const targets = allowed[fromLayer] ?? [];
  const nobodyMay = toLayer === 'main' || (toLayer === 'cli' && fromLayer !== 'main');
  const may =
    fromLayer === toLayer ||
    (!nobodyMay &&
      (targets.includes('*') ||
        targets.includes(toLayer) ||
        targets.includes(to) ||
        (to.endsWith('/config.ts') && targets.includes(`${toLayer}:config.ts`))));
  return may ? null : `${from} (${fromLayer}) may not import ${to} (${toLayer})`;
}

function complaints(modules: readonly Module[]): readonly string[] {
  return modules.flatMap(({ path, imports }) =>
    (imports.length === 0 ? [path] : imports).flatMap((target) => complaint(path, target) ?? []),
  );
}

const modules = readModules('src', 'scanners');

it('sees the modules it judges', () => {
  assert.ok(modules.length >= 30, `only ${modules.length} modules`);
  assert.ok(modules.some(({ imports }) => imports.includes('src/model/certificate.ts')));
});

it('finds every import among the modules', () => {
  const paths = new Set(modules.map(({ path }) => path));
  for (const { path, imports } of modules)
    for (const target of imports)
      assert.ok(paths.has(target), `${path} imports ${target}, which is not there`);
});

it('keeps the import directions of the design', () => {
  assert.deepEqual(complaints(modules), []);
});

for (const [from, to, good] of [
  ['src/rules/time/expired.ts', 'src/model/certificate.ts', true],
  ['src/rules/time/expired.ts', 'src/store/store.ts', false],
  ['src/model/target.ts', 'src/lib/clip.ts', false],
  ['src/lib/clip.ts', 'src/model/target.ts', false],
  ['src/api/findings.ts', 'src/rules/index.ts', false],
  ['src/judging/evaluate.ts', 'src/rules/rule.ts', true],
  ['src/judging/evaluate.ts', 'src/rules/time/expired.ts', false],
  ['src/service/service.ts', 'scanners/tls/probe/probe.ts', true],
  ['src/service/service.ts', 'src/cli/table.ts', false],
  ['src/config/config.ts', 'src/rules/config.ts', true],
  ['src/config/config.ts', 'src/rules/time/expired.ts', false],
  ['scanners/tls/probe/probe.ts', 'src/rules/rule.ts', false],
  ['src/main.ts', 'src/store/store.ts', false],
  ['src/strange/file.ts', 'src/model/target.ts', false],
  ['src/judging/evaluate.ts', 'src/trust/trust.ts', false],
  ['src/trust/trust.ts', 'src/x509/path/root-store.ts', true],
  ['src/loose.ts', 'src/config/config.ts', false],
  ['src/console/ui/marks.tsx', 'src/lib/printable.ts', true],
  ['src/console/ui/marks.tsx', 'src/api/shapes.ts', false],
  ['src/api/build.ts', 'src/console/app.tsx', false],
] as const) {
  it(`${good ? 'lets' : 'forbids'} ${from} import ${to}`, () => {
    assert.equal(complaint(from, to) === null, good);
  });
}

it('has no cycle of imports', () => {
  assert.equal(findCycle(modules)?.join(' -> ') ?? null, null);
});

it('would see a cycle', () => {
  const module = (path: string, ...imports: readonly string[]): Module => ({
    path,
    imports,
    packages: [],
    text: '',
  });
  const cycle = findCycle([module('a', 'b'), module('b', 'c'), module('c', 'd', 'b'), module('d')]);
  assert.deepEqual(cycle, ['b', 'c', 'b']);
});

it('parses certificates with @peculiar/x509 in one file only', () => {
  const importers = modules.filter(({ packages }) => packages.includes('@peculiar/x509'));
  assert.ok(
    importers.length <= 1 && importers.every(({ path }) => path.startsWith('src/x509/')),
    String(importers.map(({ path }) => path)),
  );
});

it('ends the process on the command line, and in the child process of the store, only', () => {
  const enders = modules
    .filter(({ text }) => /\bprocess\.exit(\(|Code\s*=)/.test(text))
    .map(({ path }) => path);
  assert.deepEqual(
    enders.filter((path) => !/^src\/(main\.ts|cli\/|store\/embedded\/)/.test(path)),
    [],
  );
});
