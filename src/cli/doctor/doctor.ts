import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { configSchema, type Config } from '../../config/config.js';
import { jsonLine } from '../../lib/json-line.js';
import { printable } from '../../lib/printable.js';
import { secretPaths, secretsIn } from '../../lib/secret-paths.js';
import { tryOnline } from '../check/online.js';
import { faultsOf } from '../config.js';
import { runningOn } from '../find-service.js';
import type { Output } from '../inspect.js';
import { lookOf, paint, type Colour } from '../look.js';
import { openConfig } from '../open-config.js';
import { bad, guarded, ok, skipped, type Check } from './check.js';
import { checkSkew } from './skew.js';
import { checkClock, checkDescriptors, checkDisk, checkMemory, checkNetwork } from './machine.js';
import { checkDatabase, checkSecrets, checkService } from './store.js';

/** Options of `certglass doctor`. */
export interface DoctorOptions {
  readonly config?: string;
  /** Contacts nothing. */
  readonly offline?: boolean;
  readonly json?: boolean;
}

/**
 * `certglass doctor`: checks the machine, the data folder, the database and everything the configuration wants to reach, and says what to
 * do about each fault. Answers the exit code: 0 nothing failed, 1 something did.
 */
export async function doctor(
  options: DoctorOptions,
  output: Output & { readonly stdout: { isTTY?: boolean } } = process,
): Promise<number> {
  // Before the process moves to the folder of the configuration.
  const file = options.config === undefined ? null : resolve(options.config);
  const config = openConfig(options.config ?? null, process.env);
  const checks = await examine(config, file, options.offline !== true, new Date());
  const look = lookOf(output.stdout, process.env);
  for (const one of checks)
    output.stdout.write(
      options.json === true
        ? `${jsonLine({ type: 'check', ...one })}\n`
        : `${paint(one.result.padEnd(9), colours[one.result], look)}${text(one)}`,
    );
  return checks.some(({ result }) => result === 'failed') ? 1 : 0;
}

/** Every check; with `isOnline` also of what the configuration wants to reach, and of nothing else. */
export async function examine(
  config: Config,
  file: string | null,
  isOnline: boolean,
  now: Date,
): Promise<readonly Check[]> {
  const remote = runningOn(config.store.dataDir);
  const local = await Promise.all([
    checkConfiguration(config, file),
    guarded('disk', () => checkDisk(config)),
    guarded('memory', () => checkMemory(config, remote !== null)),
    guarded('file descriptors', () => checkDescriptors(config)),
    guarded('clock', () => checkClock(config, now)),
    guarded('network', () => checkNetwork()),
    guarded('permissions', () => checkSecrets(config, file, file !== null && holdsSecret(file))),
    guarded('service', () => checkService(remote, config.store.dataDir)),
  ]);
  if (config.store.mode === 'embedded' || isOnline)
    local.push(await guarded('database', () => checkDatabase(config)));
  return isOnline ? [...local, ...(await checkOnline(config, now))] : local;
}

/** What in the configuration is bound to fail. */
async function checkConfiguration(config: Config, file: string | null): Promise<Check> {
  const faults = await faultsOf(config);
  const name = file ?? 'no file: the defaults';
  if (faults.length === 0) return ok('configuration', name);
  const said = faults.map(({ path, sentence }) => `${path.join('.')}: ${sentence}`);
  return bad(
    'configuration',
    'failed',
    `${name}: ${said.join('; ')}`,
    'correct it; "certglass config check" names the lines',
  );
}

/** Whether everything answers that the configuration wants to reach, and how far the clock is off by it. */
async function checkOnline(config: Config, now: Date): Promise<readonly Check[]> {
  const [skew, attempts] = await Promise.all([checkSkew(config, now), tryOnline(config)]);
  const tried = attempts
    .filter(({ kind }) => kind !== 'database')
    .map(({ kind, what, failure }) =>
      failure === null ? ok(kind, what) : bad(kind, 'failed', `${what}: ${failure}`, remedies[kind]),
    );
  const untried = (['DNS', 'CT', 'alerts'] as const).filter(
    (kind) => !attempts.some((one) => one.kind === kind),
  );
  return [
    ...skew,
    ...tried,
    ...untried.map((kind) => skipped(kind, 'the configuration names nothing to reach')),
  ];
}

const remedies = {
  DNS: 'check the name, and the DNS servers (scan.dns.servers, or those of the system)',
  CT: 'check proxy and firewall, or point ct.logLists at a copy that can be reached',
  alerts: 'check address, credentials and firewall; then "certglass alert test"',
  database: 'check store.url, and that the server is up',
} as const;

/** True when a secret stands in the file itself, not in a variable or a file of its own. */
function holdsSecret(file: string): boolean {
  const written: unknown = parse(readFileSync(file, 'utf8'));
  return secretsIn(written, secretPaths(configSchema)).some((one) => !/^file:|\$\{/.test(one));
}

const colours = { ok: 'green', warning: 'yellow', failed: 'red', skipped: 'dim' } as const satisfies Record<
  Check['result'],
  Colour
>;

function text({ check, detail, advice }: Check): string {
  const line = `${check.padEnd(18)}${printable(detail, 1_000)}\n`;
  return advice === null ? line : `${line}${' '.repeat(27)}what to do: ${printable(advice, 1_000)}\n`;
}
