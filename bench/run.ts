import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Peer, Report } from './report.js';

/**
 * `npm run bench -- NAME [PART...] [--json]`: runs bench/NAME, or parts of it, and prints each figure with its peer's beside it. With `--json` the last
 * line is `{"bench","machine","results":[{"name","value","unit","peer"}]}`.
 */
interface Result {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly peer: Peer | null;
}

const results: Result[] = [];
const report: Report = {
  result(name, value, unit, peer = null) {
    results.push({ name, value, unit, peer });
    const beside =
      peer === null
        ? ''
        : `   (${peer.name}: ${format(peer.value)} ${unit}, ratio ${format(value / peer.value)})`;
    process.stdout.write(`${name.padEnd(64)} ${format(value).padStart(12)} ${unit}${beside}\n`);
  },
};

function format(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}

const [name, ...parts] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const file = join(import.meta.dirname, `${name}.js`);
if (
  name === undefined ||
  !/^[a-z0-9-]+$/.test(name) ||
  name === 'run' ||
  name === 'report' ||
  !existsSync(file)
) {
  process.stderr.write(
    'usage: npm run bench -- NAME [PART...] [--json]; NAME is a file of bench/, some take parts\n',
  );
  process.exitCode = 2;
} else {
  const { bench } = (await import(file)) as {
    bench(report: Report, parts: readonly string[]): Promise<void>;
  };
  await bench(report, parts);
  const machine = `${cpus()[0]?.model ?? 'unknown'} x${cpus().length}, Node ${process.versions.node}`;
  if (process.argv.includes('--json'))
    process.stdout.write(`${JSON.stringify({ bench: name, machine, results })}\n`);
}
