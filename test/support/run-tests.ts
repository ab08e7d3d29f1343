import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

/**
 * Runs every compiled test file but the slow ones (`*.slow.test.js`: browsers, kills, other programs), with `CERTGLASS_SLOW=1` those as
 * well; or those whose path contains one of the arguments: `npm test -- x509 rules`. Ends with `N passed, N failed`.
 */
const root = resolve(import.meta.dirname, '..');
const filters = process.argv.slice(2);
const withSlow = filters.length > 0 || process.env['CERTGLASS_SLOW'] === '1';
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.js'))
  // What was compiled from a test that is no longer there is no test.
  .filter((name) => existsSync(join(root, '..', '..', 'test', name.replace(/\.js$/, '.ts'))))
  .filter((name) => withSlow || !name.endsWith('.slow.test.js'))
  .filter((name) => filters.length === 0 || filters.some((filter) => name.includes(filter)))
  .map((name) => join(root, name))
  .sort();

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  readonly failedFiles: Set<string>;
}

/** Runs files, prints what they say, and counts. */
async function runFiles(paths: readonly string[], concurrency: number): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0, failedFiles: new Set() };
  const stream = run({ files: [...paths], concurrency, timeout: 420_000 });
  stream.on('test:pass', (event) => {
    if (event.details.type === 'suite') return;
    if (event.skip !== undefined) counts.skipped += 1;
    else counts.passed += 1;
  });
  stream.on('test:fail', (event) => {
    if (event.details.type !== 'suite') counts.failed += 1;
    counts.failedFiles.add(paths.find((path) => path === event.file || path === event.name) ?? '');
  });
  const output = stream.compose(new spec());
  output.pipe(process.stdout, { end: false });
  await finished(output);
  return counts;
}

// Deadlines are what many tests are about, so a file that fails beside others runs once more, alone, and is named.
// One more at a time than there are cores: many wait for clocks and servers.
const all = await runFiles(files, availableParallelism() + 1);
const again = all.failedFiles.has('') ? [] : [...all.failedFiles];
const second = again.length > 0 && again.length <= 5 ? await runFiles(again, 1) : null;
const failed = second === null ? all.failed : second.failed;
const passed = all.passed + (second === null ? 0 : Math.max(0, all.failed - second.failed));
if (second !== null)
  process.stdout.write(`\nrun again, alone: ${again.map((path) => relative(root, path)).join(', ')}\n`);
if (all.skipped > 0)
  process.stdout.write(`\n${all.skipped} skipped: what they need is not on this machine\n`);
if (!withSlow)
  process.stdout.write('\nslow tests were left out: CERTGLASS_SLOW=1 npm test runs them as well\n');
process.stdout.write(`\n${passed} passed, ${passed === 0 ? failed + 1 : failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
