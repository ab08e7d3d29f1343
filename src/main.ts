#!/usr/bin/env node
import { readFileSync, statSync } from 'node:fs';
import * as module from 'node:module';
import type * as Program from './cli/program.js';
import { tooFewFiles } from './cli/resources.js';

/**
 * The command line: the only place that ends the process. What it runs is loaded from a few bundled files where those are as
 * new as the modules they were made of (see bundle.js): opening hundreds of modules takes longer than most commands.
 */
const source = new URL('./cli/program.js', import.meta.url);
const bundle = new URL('program.js', new URL('../bundle/', import.meta.url));

/** When a file was written, in ms since 1970; 0 when it is absent. */
function writtenAt(file: URL): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function isFresh(): boolean {
  const compiled = ['../.tsbuildinfo', '../.tsbuildinfo-build'].map((name) => new URL(name, import.meta.url));
  const bundled = writtenAt(bundle);
  return bundled > 0 && [source, ...compiled].every((file) => writtenAt(file) <= bundled);
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Says so before the program is read, which may take more files than this process may open. */
function refuseFewFiles(): boolean {
  const sentence = process.argv[2] === 'start' ? tooFewFiles() : null;
  if (sentence === null) return false;
  process.stderr.write(`certglass: ${sentence}\n`);
  process.exitCode = 2;
  return true;
}

async function run(): Promise<void> {
  // Node 22 and later keep compiled code between runs.
  if ('enableCompileCache' in module) (module.enableCompileCache as () => void)();
  const program = (await import((isFresh() ? bundle : source).href)) as typeof Program;
  await program.run(version());
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of our output went away (certglass ... | head): nothing is left to say.
  process.exit(error.code === 'EPIPE' ? 0 : 2);
});

// A service that is not ready yet has nothing to read again; what the signal means later, start says.
if (process.argv[2] === 'start') process.on('SIGHUP', () => undefined);

if (['--version', '-V'].includes(process.argv.slice(2).join(' '))) process.stdout.write(`${version()}\n`);
else if (!refuseFewFiles()) await run();
