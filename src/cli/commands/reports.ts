import { Option, type Command } from 'commander';
import { withService } from './service.js';

/** Ends a command with the exit code that its work answers. */
type Finish = (work: Promise<number>) => Promise<void>;

function withPeriod(command: Command, date: (text: string) => Date): Command {
  return withService(command)
    .option('--from <date>', 'start of the period (default: the calendar month before this one)', date)
    .option('--to <date>', 'end of the period', date)
    .option('--domain <name>', 'only this domain and everything below it')
    .option('--owner <name>', 'only what belongs to this owner')
    .option('--environment <name>', 'only this environment')
    .option('--tag <name>', 'only what has this tag')
    .option('--out <file>', 'write to this file');
}

/** Options of commands that write a report. */
export function withForm(command: Command): Command {
  return command
    .addOption(
      new Option('--format <format>', 'form (default: by the ending of --out, else html)').choices([
        'html',
        'pdf',
        'json',
        'csv',
      ]),
    )
    .option('--table <name>', 'the table that CSV holds (default: the first)');
}

/** `certglass report`, `certglass evidence` and `certglass audit`. */
export function addReports(program: Command, date: (text: string) => Date, finish: Finish): void {
  withForm(withPeriod(program.command('report'), date))
    .summary('make a report for a period from a running service')
    .argument('[name]', 'which report; without it, print their names')
    .addHelpText(
      'after',
      `
Examples:
  certglass report
  certglass report summary --out summary.html
  certglass report inventory --from 2026-01-01 --to 2026-04-01 --out inventory.csv
  certglass report findings --owner web --out findings.pdf

PDF needs Chromium.`,
    )
    .action(async (name: string | undefined, options) =>
      finish((await import('../report.js')).report(name, options)),
    );
  const evidence = program
    .command('evidence')
    .summary('export evidence for an audit, and check such an export');
  withPeriod(evidence.command('export'), date)
    .summary('a signed archive of the evidence for a framework')
    .argument('[framework]', 'which framework; without it, print their names')
    .addHelpText(
      'after',
      `
Example:
  certglass evidence export pci-dss-4.0.1 --from 2026-01-01 --to 2026-07-01 --out evidence.zip`,
    )
    .action(async (framework: string | undefined, options) =>
      finish((await import('../report.js')).exportEvidence(framework, options)),
    );
  evidence
    .command('verify')
    .summary('check an export: signature and every file; needs no service')
    .argument('<file>')
    .option('--key <file>', 'PEM file of the public key you trust')
    .addHelpText(
      'after',
      '\nExit code: 0 everything is as it was signed, 1 something is not, 2 could not run.',
    )
    .action(async (file: string, options) =>
      finish((await import('../report.js')).verifyEvidenceFile(file, options)),
    );
  addAudit(program, finish);
}

function addAudit(program: Command, finish: Finish): void {
  const audit = program.command('audit').summary('check the audit trail');
  withService(audit.command('verify'))
    .summary('check that no entry of the audit trail was changed, removed or put in')
    .option('--evidence <file>', 'an earlier evidence export: its entries must still be there')
    .option('--json', 'print the result as one JSON object')
    .addHelpText('after', '\nExit code: 0 it is as it was written, 1 it is not, 2 could not run.')
    .action(async (options) => finish((await import('../audit.js')).verifyAudit(options)));
}
