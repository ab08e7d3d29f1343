import { readFileSync } from 'node:fs';
import { run } from '../../src/cli/program.js';

/** What one command line printed, and its exit code. */
export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs the command lines of a JSON file (an array of arrays of words) one after the other in this process, and prints what each did as JSON: to
 * start a process for each would take half a minute. Only for those that end by themselves.
 */
async function runAll(file: string): Promise<readonly Ran[]> {
  const lines = JSON.parse(readFileSync(file, 'utf8')) as readonly (readonly string[])[];
  const [node = '', script = ''] = process.argv;
  const home = process.cwd();
  const results: Ran[] = [];
  for (const words of lines) {
    process.chdir(home);
    process.argv = [node, script, ...words];
    process.exitCode = 0;
    const written = { out: '', err: '' };
    const write = [process.stdout.write, process.stderr.write] as const;
    process.stdout.write = (text) => ((written.out += String(text)), true);
    process.stderr.write = (text) => ((written.err += String(text)), true);
    await run('0.0.0');
    [process.stdout.write, process.stderr.write] = write;
    results.push({ ...written, status: Number(process.exitCode ?? 0) });
  }
  process.exitCode = 0;
  return results;
}

process.stdout.write(JSON.stringify(await runAll(process.argv[2] ?? '')));
process.exit(0);
