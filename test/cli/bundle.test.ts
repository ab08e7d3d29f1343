import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, it } from 'node:test';
import { issueFor } from '../support/pki.js';

const root = join(import.meta.dirname, '..', '..', '..');
const main = join(root, 'dist/src/main.js');

function node(
  parameters: readonly string[],
  environment: object = {},
): { status: number | null; out: string } {
  const env = { ...process.env, ...environment };
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  return { status, out: stdout + stderr };
}

describe('The bundled command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'certglass-bundle-'));
  // Below dist, for packages are looked for from there upwards.
  const bundle = 'dist/bundle-of-test';
  const file = join(folder, 'a.pem');
  before(() => {
    writeFileSync(
      runner,
      "const [program] = process.argv.splice(2, 1); await (await import(program)).run('0.0.0');",
    );
    writeFileSync(file, issueFor('a.example').pem);
    const { status, out } = node(['bundle.js', bundle]);
    assert.equal(status, 0, out);
  });
  after(() => {
    rmSync(folder, { recursive: true });
    rmSync(join(root, bundle), { recursive: true, force: true });
  });
  const runner = join(folder, 'run.mjs');
  const run = (program: string, parameters: readonly string[]) =>
    node([runner, pathToFileURL(join(root, program)).href, ...parameters]);

  it('leaves packages that are imported when needed where they are', () => {
    const chunks = readdirSync(join(root, bundle)).map((name) =>
      readFileSync(join(root, bundle, name), 'utf8'),
    );
    assert.ok(chunks.some((text) => text.includes('import("saxes")')));
  });

  it('inspects a file without loading the HTTP client and the configuration', () => {
    const [inspect = ''] = readdirSync(join(root, bundle)).filter((name) => name.startsWith('inspect-'));
    const loaded = new Set([inspect]);
    // A set goes on over what is added to it meanwhile.
    for (const name of loaded)
      for (const [, chunk = ''] of readFileSync(join(root, bundle, name), 'utf8').matchAll(
        /(?:from|import)"\.\/([\w-]+\.js)"/g,
      ))
        loaded.add(chunk);
    const texts = [...loaded].map((name) => readFileSync(join(root, bundle, name), 'utf8'));
    assert.ok(loaded.size > 5, 'its static imports were found');
    assert.ok(!texts.some((text) => text.includes('undici') || text.includes('certglass-data')));
  });

  for (const parameters of [
    ['inspect', file, '--roots', 'mozilla', '--json', '--at', '2026-12-01'],
    ['rules', '--json'],
    ['config', 'example'],
    ['store', 'plan', '--mode', 'server'],
    ['scan', '127.0.0.1:1', '--depth', 'survey'],
    ['scan', 'http://nonsense'],
    ['--help'],
  ])
    it(`does what its modules do: ${parameters.slice(0, 2).join(' ')}`, () => {
      const expected = run('dist/src/cli/program.js', parameters);
      assert.deepEqual(run(`${bundle}/program.js`, parameters), expected);
      assert.notEqual(expected.out, '');
    });
});

it('the command line prints its version without loading a command', () => {
  for (const option of ['--version', '-V']) assert.match(node([main, option]).out, /^\d+\.\d+\.\d+\S*\n$/);
});
