import type { Command } from 'commander';

/** Ends a command with the exit code that its work answers. */
type Finish = (work: Promise<number>) => Promise<void>;

/** `certglass doctor` and `certglass support-bundle`. */
export function addSupport(program: Command, finish: Finish): void {
  program
    .command('doctor')
    .summary('check machine, database and everything the configuration names, and say what to do')
    .option('--config <file>', 'configuration (default: all defaults)')
    .option('--offline', 'contact nothing: no names, mail servers, receivers, log lists or database servers')
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      `
Only what the configuration names is contacted; no alert is sent, nothing is scanned or stored.

Examples:
  certglass doctor --config certglass.yaml
  certglass doctor --offline --json

Exit code: 0 nothing failed, 1 something did, 2 could not run.`,
    )
    .action(async (options) => finish((await import('../doctor/doctor.js')).doctor(options)));
  program
    .command('support-bundle')
    .summary(
      'write a zip archive for a support request: versions, configuration without secrets, health, log',
    )
    .option('--config <file>', 'configuration (default: all defaults)')
    .option('--out <file>', 'file to write (default: certglass-support-TIME.zip)')
    .option('--log <file>', 'file with the log of the service (default: the journal of the unit)')
    .option('--unit <name>', 'systemd unit whose journal is read', 'certglass')
    .option('--offline', 'contact nothing but the running service')
    .addHelpText(
      'after',
      `
The bundle holds host names and addresses. Passwords, tokens and keys of the configuration are taken out of every file in it.

Example:
  certglass support-bundle --config certglass.yaml`,
    )
    .action(async (options) => finish((await import('../support-bundle.js')).supportBundle(options)));
}
