import type { Command } from 'commander';
import { withService } from './service.js';

/** `certglass policy`. */
export function addPolicy(program: Command, finish: (work: Promise<number>) => Promise<void>): void {
  const policy = program
    .command('policy')
    .summary('what the policy says of a name, and what a change of it would do');
  withService(policy.command('explain'))
    .summary('owner, approved issuers, thresholds and exceptions of a name, and why')
    .argument('<name>', 'host name or address')
    .option('--address <address>', 'address it was probed at')
    .option('--issuer <name>', "issuer's name (RFC 4514)")
    .option('--json', 'print it as one JSON object')
    .addHelpText('after', `\nExample:\n  certglass policy explain shop.example.com --address 192.0.2.7`)
    .action(async (name: string, options) =>
      finish((await import('../policy.js')).explainName(name, options)),
    );
  withService(policy.command('diff'))
    .summary('findings that would open, close and change under another policy; changes nothing')
    .argument('<file>', 'a configuration, or a file with what stands in its section `policy`')
    .option('--json', 'print it as one JSON object')
    .addHelpText(
      'after',
      `
+ would open, - would close, ~ would get another severity or state. The running service judges everything it has stored.

Exit code: 0 nothing would change, 1 something would, 2 could not run.

Example:
  certglass policy diff new-policy.yaml`,
    )
    .action(async (file: string, options) =>
      finish((await import('../policy.js')).diffPolicy(file, options)),
    );
}
