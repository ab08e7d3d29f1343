import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { storeConfig } from '../../../src/store/config.js';
import { openStore } from '../../../src/store/index.js';
import { compare, type Comparison } from './compare.js';
import { planEstate, simulatedDays } from './plan.js';
import { estatePolicy, runEstate } from './run.js';
import type { World } from './world.js';

const help = `Usage: npm run simulate -- [options]

Fills a store folder with 90 days of an invented estate, judges it as the service does, and compares every finding with the
answer key. Exits 1 when one is missing or wrong.

  --data-dir DIR     Folder to fill; must be new or empty (default certglass-simulation)
  --scale N          1 is 2,000 endpoints and 600 names; at least 0.06 (default 0.1)
  --seed TEXT        The same seed gives the same estate (default certglass)
  --judge-every N    Judge only every so many days, the last one included (default 1)
  --clean            Leave out every mistake and attack`;

const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string', default: 'certglass-simulation' },
    scale: { type: 'string', default: '0.1' },
    seed: { type: 'string', default: 'certglass' },
    'judge-every': { type: 'string', default: '1' },
    clean: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** A positive number, or an end with a sentence. */
function positive(name: string, text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new Error(`--${name} ${text}: not a positive number`);
}

async function simulate(): Promise<void> {
  const folder = resolve(values['data-dir']);
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new Error(`${folder} is not empty: name a new folder with --data-dir`);
  const [scale, every] = [positive('scale', values.scale), positive('judge-every', values['judge-every'])];
  const end = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000);
  const world = planEstate({ seed: values.seed, scale, end, hasFaults: !values.clean });
  await mkdir(folder, { recursive: true });
  const log = pino({ level: 'warn' });
  const dataDir = join(folder, 'data');
  // Older than what is kept by default.
  const store = await openStore(storeConfig.parse({ dataDir, batch: { ageMs: 0 }, retentionDays }), log);
  const comparison: Comparison = { scores: new Map(), faults: [] };
  try {
    await runEstate(world, {
      store,
      folder,
      log,
      isJudged: (day) => day % every === 0 || day === simulatedDays,
      onJudged(day, at, open) {
        compare(world, at, open, comparison);
        if (process.stderr.isTTY) process.stderr.write(`\rday ${day}: ${open.length} open findings `);
      },
    });
  } finally {
    await store.close();
  }
  await writeConfig(folder, world);
  print(world, comparison, folder);
}

const retentionDays = { inventory: 0 };

/** A configuration with which the service shows the folder and asks nobody anything. */
async function writeConfig(folder: string, world: World): Promise<void> {
  const { ownedDomains, approvedIssuers } = estatePolicy(world);
  const config = {
    policy: { ownedDomains, approvedIssuers },
    trust: { store: 'none', files: [join(folder, 'roots.pem')] },
    scan: { groups: [] },
    ct: { enabled: false },
    dns: { enabled: false },
    revocation: { enabled: false },
    acme: { enabled: false },
    store: { dataDir: join(folder, 'data'), retentionDays },
  };
  await writeFile(join(folder, 'certglass.yaml'), JSON.stringify(config, null, 2));
}

function print(world: World, { scores, faults }: Comparison, folder: string): void {
  const lines = [...scores].sort().map(([rule, { expected, found, right }]) => {
    const share = (part: number, whole: number): string =>
      `${whole === 0 ? 100 : Math.floor((10_000 * part) / whole) / 100} %`.padStart(7);
    return `${rule.padEnd(24)} recall ${share(right, expected)}  precision ${share(right, found)}  of ${expected}`;
  });
  const size = `${world.endpoints.length} endpoints, ${world.issuances.length} certificates, ${simulatedDays} days`;
  process.stdout.write(`\n${size}\n${lines.join('\n')}\n`);
  for (const fault of faults.slice(0, 50)) process.stdout.write(`${fault}\n`);
  process.stdout.write(`To see it: certglass start --config ${join(folder, 'certglass.yaml')}\n`);
  if (faults.length > 0) process.exitCode = 1;
}

if (values.help) process.stdout.write(`${help}\n`);
else
  await simulate().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  });
