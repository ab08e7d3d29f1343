import { Option, type Command } from 'commander';
import type { Act } from '../acts.js';
import { outputFormats } from '../output.js';

/** How options are read, and how a command ends. */
export interface Reading {
  date(text: string): Date;
  integer(least: number, most: number): (text: string) => number;
  collect(text: string, all?: string[]): string[];
  finish(work: Promise<number>): Promise<void>;
}

/** Options of commands that ask a running service. */
export function withService(command: Command): Command {
  return command
    .option('--url <url>', 'address of the service (default: the one that runs on the data folder)')
    .option('--token <token>', 'bearer token (default: CERTGLASS_TOKEN, or that of the data folder)')
    .option('--data <folder>', 'data folder of the service (default: certglass-data)');
}

const list = (text: string): string[] => text.split(',').map((part) => part.trim());

/** `certglass expiring`. */
export function addExpiring(program: Command, { integer, finish }: Reading): void {
  withService(program.command('expiring'))
    .summary('what expires next: endpoints of a running service, soonest first')
    .option('--within <days>', 'only what ends within so many days', integer(-100_000, 100_000))
    .option('--all', 'endpoints that never served a certificate as well')
    .option('--limit <n>', 'print this many at most', integer(1, 1_000_000), 50)
    .option('--sort <column>', 'order by a column; -COLUMN turns it')
    .option('--columns <list>', 'columns to print, with commas between', list)
    .addOption(new Option('--format <format>', 'form').choices([...outputFormats]).default('table'))
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      `
Columns: expires, when, daysLeft, endpoint, address, names, issuer, tls, worst, outcome, observed, key

Examples:
  certglass expiring
  certglass expiring --within 30 --format markdown
  certglass expiring --columns daysLeft,endpoint,issuer --sort issuer --format csv > expiring.csv`,
    )
    .action(async (options) => finish((await import('../expiring.js')).printExpiring(options)));
}

/** `certglass recall`. */
export function addRecall(program: Command, { finish }: Pick<Reading, 'finish'>): void {
  withService(program.command('recall'))
    .summary(
      'how much of what is served was read in the CT logs, by operator, and how much of what is logged is scanned',
    )
    .option('--json', 'print it as one JSON object')
    .addHelpText(
      'after',
      `
Every certificate that is served for an owned domain names the logs that signed for it. Logs that are followed should have
brought it; what a log signed for on the last day does not count yet.

Exit code: 0 all of it was read, 1 something is missing, 2 could not run.

Example:
  certglass recall`,
    )
    .action(async (options) => finish((await import('../recall.js')).printRecall(options)));
}

/** What people do with findings. */
export function addActs(program: Command, { date, integer, finish }: Reading): void {
  addAct(program, finish, 'acknowledge', 'acknowledge findings: they are being worked on');
  addAct(program, finish, 'silence', 'silence findings: no alerts about them until a date')
    .option('--until <date>', 'end of the silence (default: until resolved)', date)
    .option('--days <n>', 'end it after so many days', integer(1, 3_650));
  addAct(program, finish, 'accept', 'accept findings as an exception, with the reason', true)
    .option('--until <date>', 'end of the exception (default: until resolved)', date)
    .option('--days <n>', 'end it after so many days', integer(1, 3_650));
  addAct(program, finish, 'assign', 'assign findings to a person or team').option(
    '--to <name>',
    'assignee; without it, the findings become unassigned',
  );
  addAct(program, finish, 'comment', 'add a comment to findings', true);
  addAct(program, finish, 'reopen', 'undo acknowledge, silence or accept');
}

function addAct(
  program: Command,
  finish: Reading['finish'],
  action: Act,
  summary: string,
  isNoteNeeded = false,
): Command {
  const note = new Option('--note <text>', isNoteNeeded ? 'reason or comment' : 'comment for colleagues');
  return withService(program.command(action))
    .summary(summary)
    .argument('<id...>', 'ids of findings, as `certglass findings` prints them')
    .addOption(isNoteNeeded ? note.makeOptionMandatory() : note)
    .option(
      '--same-cause',
      'also all other findings of the same cause, such as one certificate on several hosts',
    )
    .action(async (ids: string[], options) => finish((await import('../acts.js')).act(action, ids, options)));
}

/** `certglass init`. */
export function addInit(program: Command, { collect, finish }: Reading): void {
  program
    .command('init')
    .summary('write a small configuration: asks for domains, targets and where alerts go')
    .option('--out <file>', 'file to write', 'certglass.yaml')
    .option('--domain <name>', 'domain that is yours; may be repeated', collect)
    .option('--target <target>', 'host, address or range to scan; may be repeated', collect)
    .option('--mail-to <address>', 'mail alerts to this address')
    .option('--mail-from <address>', 'sender of mails (default: certglass@ the domain of --mail-to)')
    .option('--smtp <host[:port]>', 'server that takes the mail (default port: 587, on this machine 25)')
    .option('--webhook <url>', 'post alerts to this URL')
    .option('--force', 'replace the file if it exists')
    .option('--no-test', 'send no test alert')
    .option('--no-interactive', 'ask nothing; use the flags only')
    .option('--non-interactive', 'the same as --no-interactive')
    .addHelpText(
      'after',
      `
Checks what it wrote and sends a test alert. Exit code: 0 all is well, 1 written, but something in it does not work, 2 could not run.

Examples:
  certglass init
  certglass init --no-interactive --domain example.com --target www.example.com --mail-to ops@example.com --smtp localhost`,
    )
    .action(async ({ nonInteractive, ...options }) =>
      finish(
        (await import('../init.js')).init({
          ...options,
          interactive: options.interactive && nonInteractive !== true && process.stdin.isTTY === true,
        }),
      ),
    );
}
