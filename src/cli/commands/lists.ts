import { Option, type Command } from 'commander';
import type { ListOptions } from '../lists.js';
import { outputFormats } from '../output.js';
import { views, type ViewName } from '../views/index.js';
import { withService, type Reading } from './service.js';

const list = (text: string): string[] => text.split(',').map((part) => part.trim());

/** A command that prints a list of the running service, with the options that all of them have. */
function addView(
  parent: Command,
  name: string,
  view: ViewName,
  summary: string,
  { integer, collect, finish }: Reading,
  examples: readonly string[],
): Command {
  const { hides, usually } = views[view] as { readonly hides?: unknown; readonly usually?: unknown };
  const command = withService(parent.command(name))
    .summary(summary)
    .option(
      '--filter <key=value>',
      'filter by a field of the API, for example rule=expired; may be repeated',
      collect,
    )
    .option('--sort <column>', 'order by a column; -COLUMN turns it')
    .option('--columns <list>', 'columns to print, with commas between', list)
    .addOption(new Option('--format <format>', 'form').choices([...outputFormats]).default('table'))
    .option('--limit <n>', 'print this many at most', integer(1, 1_000_000), 1000)
    .option('--json', 'one JSON object a line, as the API has it');
  if (hides !== undefined || usually !== undefined)
    command.option('--all', 'also what is left out as a rule');
  const columns = views[view].columns(new Date(0)).map(({ key }) => key);
  command.addHelpText(
    'after',
    `\nColumns: ${columns.join(', ')}\n\nExamples:\n${examples.map((one) => `  certglass ${one}\n`).join('')}`,
  );
  return command.action(async (options: ListOptions & { readonly each?: boolean }) =>
    finish(
      (await import('../lists.js')).printList(
        view === 'findings' && options.each === true ? 'findings --each' : view,
        options,
      ),
    ),
  );
}

/** Lists of what is watched: findings, endpoints, certificates, names. */
export function addWatchedLists(program: Command, reading: Reading): void {
  addView(program, 'findings', 'findings', 'what is wrong, one line for each cause, worst first', reading, [
    'findings',
    'findings --filter severity=critical,error --filter owner=web',
    'findings --each --columns severity,where,finding,due --sort due',
    'findings --format csv > findings.csv',
  ]).option('--each', 'one line for each finding instead of each cause');
  addView(
    program,
    'endpoints',
    'endpoints',
    'what is scanned and what it serves, soonest end first',
    reading,
    [
      'endpoints',
      'endpoints --all --filter hostSuffix=example.com',
      'endpoints --columns endpoint,daysLeft,issuer --sort issuer --format markdown',
    ],
  );
  addView(
    program,
    'certificates',
    'certificates',
    'certificates served or logged, one line however often each is served, soonest end first',
    reading,
    [
      'certificates',
      'certificates --filter served=true',
      'certificates --all --columns expires,names,issuer --format csv',
    ],
  );
  addView(program, 'names', 'names', 'names in certificates, by domain', reading, [
    'names --filter hostSuffix=example.com',
  ]);
}

/** `certglass scans`, `certglass deliveries`: what the service does, and how to make it. */
export function addOperationLists(program: Command, reading: Reading): void {
  addScans(program, reading);
  const deliveries = addView(
    program,
    'deliveries',
    'deliveries',
    'what was sent to alert channels, latest first',
    reading,
    [
      'deliveries',
      'deliveries --filter state=failed',
      'deliveries send-again 0f343b0931126a20f133d67c2b018a3b',
    ],
  );
  withService(deliveries.command('send-again'))
    .summary('send deliveries again: what failed for good, or was lost by its receiver')
    .argument('<id...>', 'ids, as `certglass deliveries` prints them')
    .action(async (ids: string[], options) =>
      reading.finish((await import('../operate.js')).sendAgain(ids, options)),
    );
}

function addScans(program: Command, reading: Reading): void {
  const { finish } = reading;
  const scans = program.command('scans').summary('list, start and stop the scans of a running service');
  addView(scans, 'list', 'scans list', 'scans, latest first, and how far they are', reading, [
    'scans list --limit 20',
  ]);
  withService(scans.command('start'))
    .summary('have the service scan targets now; its scope binds here too')
    .argument('<target...>', 'host, host:port, address, CIDR or range')
    .option(
      '--ports <list>',
      'ports of targets that name none, for example 443,8443 (default: the usual ones)',
    )
    .addOption(
      new Option('--depth <depth>', 'how much to ask of each endpoint').choices(['fast', 'full', 'survey']),
    )
    .option('--dry-run', 'only say what would be scanned')
    .addHelpText(
      'after',
      `
Examples:
  certglass scans start www.example.com mail.example.com:25
  certglass scans start 192.0.2.0/28 --ports 443,8443 --dry-run`,
    )
    .action(async (targets: string[], options) =>
      finish((await import('../operate.js')).startScan(targets, options)),
    );
  withService(scans.command('stop'))
    .summary('stop scans that were asked for; what they found stays')
    .argument('<id...>', 'ids, as `certglass scans list` prints them')
    .action(async (ids: string[], options) =>
      finish((await import('../operate.js')).stopScans(ids, options)),
    );
}

/** Lists below commands that do other things as well: `ct logs`, `ct matches`, `ct recall`. */
export function addCtLists(ct: Command, reading: Reading): void {
  addView(ct, 'logs', 'ct logs', 'logs the running service follows, and how far', reading, [
    'ct logs --sort -behind',
  ]);
  addView(
    ct,
    'matches',
    'ct matches',
    'what was logged that matches something watched, latest first',
    reading,
    ['ct matches --limit 20', 'ct matches --filter watch=look-alike'],
  );
  addView(ct, 'recall', 'ct recall', 'how much of what is served CT showed, by log operator', reading, [
    'ct recall',
  ]);
}

/** `certglass inventory list` and `certglass inventory sources`. */
export function addInventoryLists(inventory: Command, reading: Reading): void {
  addView(inventory, 'list', 'inventory list', 'what the inventory holds', reading, [
    'inventory list --filter owner=web',
  ]);
  addView(
    inventory,
    'sources',
    'inventory sources',
    'sources of the inventory, and when each was read',
    reading,
    ['inventory sources'],
  );
}
