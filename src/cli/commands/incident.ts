import type { Command } from 'commander';
import { withForm } from './reports.js';
import { withService } from './service.js';

/** Ends a command with the exit code that its work answers. */
type Finish = (work: Promise<number>) => Promise<void>;

const kinds = [
  ['ca', 'a CA: its organization or common name; every CA certificate below it counts'],
  ['issuer', 'an issuer: its distinguished name or common name'],
  ['intermediate', 'an intermediate: its name, or the SHA-256 of its certificate or key'],
  ['key', 'a key: the SHA-256 of the public key (SPKI)'],
  ['log', 'a CT log: its id, description or operator'],
] as const;

/** `certglass incident`. */
export function addIncident(program: Command, finish: Finish): void {
  const incident = program
    .command('incident')
    .summary('find and replace everything that shares a CA, an issuer, a key or a log')
    .addHelpText(
      'after',
      `
Examples:
  certglass incident ca "Example Trust" --note "distrusted from 2027-01-01"
  certglass incident key 3b1e...c9 --drill
  certglass incident report 2026-12-01-key-1f2e --out incident.html
  certglass incident close 2026-12-01-key-1f2e --note "all replaced"`,
    );
  for (const [kind, summary] of kinds)
    withService(incident.command(kind))
      .summary(`open an incident about ${summary}`)
      .argument('<value>')
      .option('--note <text>', 'what happened')
      .option('--drill', 'an exercise: marked as one everywhere')
      .option('--json', 'print it as one JSON object')
      .action(async (value: string, options) =>
        finish((await import('../incident.js')).openIncident(kind, value, options)),
      );
  withService(incident.command('list'))
    .summary('incidents and drills, latest first')
    .option('--json', 'one JSON object a line')
    .action(async (options) => finish((await import('../incident.js')).listIncidents(options)));
  withService(incident.command('show'))
    .summary('how far the replacement is')
    .argument('<id>')
    .option('--json', 'print it as one JSON object')
    .addHelpText('after', '\nExit code: 0 nothing is left to do, 1 endpoints are left, 2 could not run.')
    .action(async (id: string, options) =>
      finish((await import('../incident.js')).showIncident(id, options)),
    );
  withForm(withService(incident.command('report')))
    .summary('what is affected, whose it is, and what to replace first')
    .argument('<id>')
    .option('--out <file>', 'write to this file')
    .action(async (id: string, options) =>
      finish((await import('../incident.js')).reportIncident(id, options)),
    );
  withService(incident.command('close'))
    .summary('close an incident; it stays on record')
    .argument('<id>')
    .option('--note <text>', 'how it ended')
    .option('--json', 'print it as one JSON object')
    .action(async (id: string, options) =>
      finish((await import('../incident.js')).closeIncident(id, options)),
    );
}
