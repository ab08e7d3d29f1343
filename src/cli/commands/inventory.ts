import type { Command } from 'commander';
import { withService } from './service.js';

/** Ends a command with the exit code that its work answers. */
type Finish = (work: Promise<number>) => Promise<void>;

/** `certglass inventory`. */
export function addInventory(program: Command, finish: Finish): void {
  const inventory = program
    .command('inventory')
    .summary('try a source of the inventory, or add certificates to it')
    .addHelpText(
      'after',
      `
Examples:
  certglass inventory test vault:vault.example.com --config certglass.yaml
  certglass inventory push new.pem --source deploy --owner web
  openssl x509 -in new.pem -outform DER | certglass inventory push - --source deploy`,
    );
  inventory
    .command('test')
    .summary('read one configured source and say what it sees; nothing is stored')
    .argument('<source>', 'name of the source, such as files:/etc/ssl, or its type')
    .requiredOption('--config <file>', 'configuration')
    .addHelpText('after', '\nExit code: 0 read as a whole, 1 something could not be read, 2 could not run.')
    .action(async (source: string, options) =>
      finish((await import('../inventory-test.js')).testSource(source, options)),
    );
  withService(inventory.command('push'))
    .summary('tell a running service that these certificates are yours')
    .argument('<file>', 'certificates in any format, JSON, or fingerprints one a line; - for standard input')
    .option('--source <name>', 'name of the source', 'manual')
    .option('--owner <name>', 'who owns them')
    .option('--environment <name>', 'which environment they belong to')
    .option('--replace', 'these are all there are: forget what was pushed to the source before')
    .action(async (file: string, options) =>
      finish((await import('../inventory-push.js')).pushFile(file, options)),
    );
}
