import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { addAccess } from './commands/access.js';
import { addAlert } from './commands/alert.js';
import { addHelp } from './commands/help.js';
import { addIncident } from './commands/incident.js';
import { addPolicy } from './commands/policy.js';
import { addInventory } from './commands/inventory.js';
import { addCtLists, addOperationLists, addWatchedLists } from './commands/lists.js';
import { addActs, addExpiring, addInit, addRecall } from './commands/service.js';
import { addSupport } from './commands/support.js';
import { addReview } from './commands/review.js';
import { addReports } from './commands/reports.js';
import { tooFewFiles } from './resources.js';
import { severities } from '../model/severity.js';
import { starttlsChoices } from '../model/target.js';

/** Exit code of a command that could not run. */
const couldNotRun = 2;

function integer(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`give a whole number from ${least} to ${most}.`);
  };
}

function date(text: string): Date {
  const value = new Date(text);
  if (!Number.isNaN(value.getTime())) return value;
  throw new InvalidArgumentError('give a date such as 2026-12-31 or 2026-12-31T12:00:00Z.');
}

const rootsHelp =
  'trusted roots: mozilla, node or system, a PEM file of your own in place of them, or both: mozilla+ca.pem';

const yesScanHelp = 'confirm ranges larger than a /16, of up to this many addresses';

const collect = (text: string, all: string[] = []): string[] => [...all, text];

async function finish(run: number | Promise<number>): Promise<void> {
  process.exitCode = await run;
}

/** Turns a failure into one sentence (commander has printed its own) and exit code 2. */
async function fail(error: unknown): Promise<void> {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : couldNotRun;
    return;
  }
  process.exitCode = couldNotRun;
  const { printable } = await import('../lib/printable.js');
  const said = error instanceof Error ? error.message : String(error);
  const scarce = (error as NodeJS.ErrnoException).code === 'EMFILE' ? tooFewFiles() : null;
  for (const line of (scarce ?? said).split('\n')) {
    process.stderr.write(`certglass: ${printable(line, 2000)}\n`);
  }
}

function addScan(program: Command): void {
  program
    .command('scan')
    .summary('probe hosts, addresses and ranges once, judge what they serve, print a table')
    .argument(
      '<target...>',
      'host, host:port, address, [IPv6]:port, CIDR, range a-b, @FILE, or - for standard input',
    )
    .option('--ports <list>', 'ports for targets that name none, for example 443,8443,9000-9010', '443')
    .addOption(
      new Option(
        '--starttls <kind>',
        'speak this protocol first: auto picks it by port, none begins with TLS',
      )
        .choices([...starttlsChoices])
        .default('auto'),
    )
    .option('--server-name <name>', 'SNI to send to every target (default: the host name, if it is one)')
    .addOption(
      new Option('--depth <depth>', 'how much to ask of each endpoint')
        .choices(['fast', 'full', 'survey'])
        .default('full'),
    )
    .option('--rate <n>', 'connections per second at most', integer(1, 1_000_000))
    .option('--concurrency <n>', 'connections open at once', integer(1, 100_000))
    .option(
      '--deadline <ms>',
      'longest time for one target, its name included; a survey has a limit of its own',
      integer(50, 600_000),
    )
    .option('--roots <roots>', `${rootsHelp} (default: trust in the configuration: mozilla)`)
    .option('--config <file>', 'read the policy and scan limits from this file')
    .option('--revocation', 'fetch revocation lists and OCSP responses for what is served')
    .option('--json', 'one JSON object a line')
    .addOption(
      new Option('--fail-on <severity>', 'exit 1 at this severity or above')
        .choices([...severities])
        .default('error'),
    )
    .option('--yes-scan <addresses>', yesScanHelp, integer(1, Number.MAX_SAFE_INTEGER))
    .option('--fail-on-unreachable', 'exit 1 when an endpoint does not answer or a name does not resolve')
    .addHelpText(
      'after',
      `
Examples:
  certglass scan www.example.com mail.example.com:25
  certglass scan 127.0.0.0/24 --ports 443,8443 --rate 50
  certglass scan @hosts.txt --json --fail-on warning > observations.jsonl

Exit code: 0 nothing at or above --fail-on, 1 something, 2 could not run, 3 nothing answered.
Scan only what you own or may test.`,
    )
    .action(async (targets: string[], options) => finish((await import('./scan.js')).scan(targets, options)));
}

function addInspect(program: Command): void {
  program
    .command('inspect')
    .summary('check certificates in files, offline')
    .argument(
      '<file...>',
      'PEM, DER, PKCS #7, PKCS #12, Java key stores, JSON that holds any of these, folders, or - for standard input',
    )
    .option('--password-file <file>', 'passwords for PKCS #12 files, one a line')
    .option('--roots <roots>', `${rootsHelp}; with it the path is validated`)
    .option('--intermediates <file>', 'PEM file of further intermediate certificates')
    .option('--crls <file>', 'PEM or DER file of revocation lists to judge by')
    .option('--require-crls', 'refuse a path with a certificate that no CRL covers')
    .option('--policy <oid>', 'certificate policy a path must be valid for, or any; repeatable', collect)
    .option('--inhibit-policy-mapping', 'ignore policy mappings')
    .option('--inhibit-any-policy', 'ignore anyPolicy')
    .option(
      '--max-depth <n>',
      'most intermediates of a path, self-issued ones not counted (default: 8)',
      integer(0, 100),
    )
    .option('--log-list <file>', 'CT log list (v3) to verify embedded SCTs against')
    .option('--extensions', 'describe every extension of each certificate')
    .option('--known-keys <file>', 'known-compromised private keys, a file made by `certglass keys build`')
    .option('--ocsp <file>', 'DER file of an OCSP response, as a server staples it')
    .option('--fetch', 'fetch missing issuers, revocation lists and OCSP responses')
    .addOption(
      new Option(
        '--profile <profile>',
        'rules a path is judged by (default: web-pki for servers, rfc5280 for clients)',
      ).choices(['web-pki', 'rfc5280']),
    )
    .option('--host <name>', 'name or address the leaf must be valid for')
    .option('--at <date>', 'validate as of this time (default: now)', date)
    .addOption(
      new Option('--purpose <purpose>', 'what the leaf is used for')
        .choices(['server', 'client'])
        .default('server'),
    )
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      `
Examples:
  certglass inspect server.pem
  certglass inspect chain.pem --roots mozilla+ca.pem --host www.example.com
  certglass inspect chain.pem --roots mozilla --host www.example.com --at 2026-06-01
  certglass keys build known.keys debian.txt && certglass inspect certs/ --known-keys known.keys

Exit code: 0 nothing of severity error, 1 something, 2 could not run.`,
    )
    .action(async (files: string[], options) =>
      finish((await import('./inspect.js')).inspect(files, options)),
    );
}

function addCt(program: Command): void {
  const ct = program
    .command('ct')
    .summary('Certificate Transparency: follow logs, or see how far the service has read them');
  ct.command('tail')
    .summary('follow logs without a database; print entries that match')
    .option('--log-list <source>', 'log list v3, file or URL')
    .option('--log <description>', 'only logs whose description contains this; may be repeated', collect)
    .option('--from <where>', 'head, or an index', 'head')
    .option('--once', 'stop at the tree heads seen at the start, and print a summary')
    .option(
      '--match <domain>',
      'domain to watch, sub-domains included, or IP address; may be repeated',
      collect,
    )
    .option(
      '--exec <program>',
      'run this program for every entry that matches; the entry comes on its standard input',
    )
    .option('--state <folder>', 'folder that keeps how far each log was read')
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      `
Examples:
  certglass ct tail --match example.com
  certglass ct tail --match example.com --state ~/.certglass-ct --json
  certglass ct tail --match example.com --state ~/.certglass-ct --exec ./notify.sh
  certglass ct tail --log-list logs.json --from 0 --once --json

The program of --exec gets the entry as a line of JSON on standard input, and the variables of certspotter's hooks: EVENT, SUMMARY,
WATCH_ITEM, LOG_URI, ENTRY_INDEX, CERT_SHA256, TBS_SHA256, PUBKEY_SHA256, SUBJECT_DN, ISSUER_DN, SERIAL, NOT_BEFORE_RFC3339,
NOT_AFTER_RFC3339, DNS_NAMES. When it fails, the command ends with 2 and the entry is read again at the next start.`,
    )
    .action(async (options) => finish((await import('./ct-tail.js')).ctTail(options)));
  addCtLists(ct, reading);
}

function addStart(program: Command): void {
  program
    .command('start')
    .summary('run the service until it is stopped')
    .argument(
      '[target...]',
      'targets to scan beside those of the configuration; a bare domain you own is also watched in CT',
    )
    .option('--config <file>', 'configuration (default: built-in defaults, data in ./certglass-data)')
    .option('--yes-scan <addresses>', yesScanHelp, integer(1, Number.MAX_SAFE_INTEGER))
    .addHelpText(
      'after',
      `
Examples:
  certglass start 127.0.0.1:8443 www.example.com
  certglass start --config certglass.yaml
  CERTGLASS__API__PORT=9000 certglass start 192.0.2.0/28

Prints the address it listens on as one line on standard output; the log goes to standard error.`,
    )
    .action(async (targets: string[], options) =>
      finish((await import('./start.js')).start(targets, options)),
    );
}

function addRules(program: Command): void {
  program
    .command('rules')
    .summary('every rule: what it says, how severe it is, which standard it rests on')
    .option('--json', 'one JSON object a line')
    .action(async (options) => finish((await import('./lists.js')).printRules(options)));
}

function addConfig(program: Command): void {
  const config = program.command('config').summary('check or explain the configuration');
  config
    .command('check')
    .summary('read a configuration and report every fault with file, line and key')
    .argument('<file>')
    .option('--online', 'also try names, mail server, receivers, log lists and database; nothing is sent')
    .addHelpText(
      'after',
      `
Examples:
  certglass config check certglass.yaml
  certglass config check certglass.yaml --online

Exit code: 0 good, 1 something does not answer (--online), 2 the configuration has faults.`,
    )
    .action(async (file: string, options) =>
      finish((await import('./config.js')).checkConfig(file, options)),
    );
  config
    .command('example')
    .summary('print a configuration that shows every key with its default')
    .action(async () => finish((await import('./config.js')).printExample()));
  config
    .command('reference')
    .summary('print every key with type, default and meaning, as Markdown')
    .action(async () => finish((await import('./config.js')).printReference()));
  config
    .command('schema')
    .summary('print the JSON Schema of the configuration, for editors')
    .action(async () => finish((await import('./config.js')).printSchema()));
}

function addStore(program: Command): void {
  const store = program
    .command('store')
    .summary('plan, move, back up or erase what is stored')
    .addHelpText(
      'after',
      `
An embedded store must not be in use: stop the service first.

Examples:
  certglass store plan --mode cluster --cluster main > schema.sql
  certglass store export /backup/certglass
  certglass store import /backup/certglass --config server.yaml
  certglass store backup monday && certglass store backup tuesday --base monday
  certglass store erase .example.com`,
    );
  const add = (name: string, summary: string): Command =>
    store
      .command(name)
      .summary(summary)
      .option('--config <file>', 'configuration (default: an embedded store in ./certglass-data)');
  add('plan', 'print the statements that make the schema')
    .addOption(
      new Option('--mode <mode>', 'for this mode (default: as configured)').choices([
        'embedded',
        'server',
        'cluster',
      ]),
    )
    .option('--cluster <name>', 'name of the cluster')
    .action(async (options) => finish((await import('./store.js')).planStore(options)));
  add('export', 'write everything to files; resumes an interrupted export')
    .argument('<dir>')
    .action(async (dir: string, options) => finish((await import('./store.js')).exportTo(dir, options)));
  add('import', 'read an export into an empty store, and compare it')
    .argument('<dir>')
    .action(async (dir: string, options) => finish((await import('./store.js')).importFrom(dir, options)));
  add('backup', 'copy an embedded store into its backup folder, also while a service runs on it')
    .argument('<name>')
    .option('--base <name>', 'copy only what changed since this backup')
    .action(async (name: string, options) => finish((await import('./store.js')).backupAs(name, options)));
  add('restore', 'restore a backup into a new data folder')
    .argument('<name>')
    .action(async (name: string, options) => finish((await import('./store.js')).restoreFrom(name, options)));
  add('accept', 'end the finding about rows that were missing at a start; the service may run').action(
    async (options) => finish((await import('./store.js')).acceptMissing(options)),
  );
  add('erase', 'delete every observation of a host, or with a dot in front of a domain, from the disk')
    .argument('<host>')
    .action(async (host: string, options) => finish((await import('./store.js')).eraseTarget(host, options)));
}

function addKeys(program: Command): void {
  program
    .command('keys')
    .summary('build the file of known-compromised private keys')
    .command('build')
    .summary('gather keys into a file for the configuration key keys.knownKeys, or for inspect --known-keys')
    .argument('<out>', 'file to write')
    .argument(
      '<file...>',
      'text with one SHA-256 a line (of the RSA modulus, or of another key), Modulus=HEX lines, PEM of keys or certificates',
    )
    .action(async (out: string, files: string[]) =>
      finish((await import('./keys.js')).buildKeys(out, files)),
    );
}

const reading = { date, integer, collect, finish };

/** Every command with its options; the code of a command is loaded when it is asked for. */
export function commands(version: string): Command {
  const program = new Command('certglass')
    .description(
      'Every certificate that answers in your name: those your machines serve and those any CA issued, each used to check the other.',
    )
    .version(version)
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'certglass: ')) })
    .exitOverride();
  program.commandsGroup('Begin:');
  addInit(program, reading);
  addConfig(program);
  addStart(program);
  program.commandsGroup('What the running service knows:');
  addExpiring(program, reading);
  addWatchedLists(program, reading);
  addRecall(program, reading);
  addReports(program, date, finish);
  program.commandsGroup('Work on findings:');
  addActs(program, reading);
  addIncident(program, finish);
  addReview(program, finish);
  addPolicy(program, finish);
  program.commandsGroup('Without a service:');
  addScan(program);
  addInspect(program);
  addCt(program);
  addRules(program);
  program.commandsGroup('Operate the service:');
  addAlert(program, finish);
  addOperationLists(program, reading);
  addInventory(program, reading);
  addAccess(program, finish);
  addStore(program);
  addSupport(program, finish);
  addKeys(program);
  program.commandsGroup('Help:');
  addHelp(program, version);
  adviseHelp(program, 'certglass');
  return program;
}

/** After a mistake in the words of a command, its own help is what helps. */
function adviseHelp(command: Command, path: string): void {
  const what = command.commands.length > 0 ? 'its commands' : 'its options and examples';
  command.showHelpAfterError(`(${path} --help shows ${what})`);
  for (const one of command.commands) adviseHelp(one, `${path} ${one.name()}`);
}

/** Runs the command line; its outcome is `process.exitCode`. Never rejects: what went wrong is printed in one sentence. */
export async function run(version: string): Promise<void> {
  await commands(version).parseAsync().catch(fail);
}
