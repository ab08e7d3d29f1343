import { parts } from './parts.js';

/** `npm run torture -- [PART...] [--quick]`: runs the parts named, or all, and prints what each counted. Exit code 1: something did not hold. */
const words = process.argv.slice(2);
const names = words.filter((word) => !word.startsWith('--'));
const chosen = parts.filter(({ name }) => names.length === 0 || names.includes(name));
if (chosen.length === 0 || chosen.length < names.length) {
  process.stderr.write(
    `usage: npm run torture -- [PART...] [--quick]; parts: ${parts.map(({ name }) => name).join(', ')}\n`,
  );
  process.exitCode = 2;
}
for (const { name, run } of chosen) {
  const start = performance.now();
  const { counts, wrong } = await run(words.includes('--quick'));
  const figures = Object.entries(counts).map(([what, count]) => `${what} ${count}`);
  const seconds = Math.round((performance.now() - start) / 1_000);
  process.stdout.write(
    `${name}: ${figures.join(', ')} (${seconds} s)${wrong.length === 0 ? '' : ' - DID NOT HOLD'}\n`,
  );
  for (const line of wrong) process.stdout.write(`  ${line}\n`);
  if (wrong.length > 0) process.exitCode = 1;
}
