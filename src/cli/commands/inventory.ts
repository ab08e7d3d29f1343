import type { Command } from 'commander';
import { addInventoryLists } from './lists.js';
import { withService, type Reading } from './service.js';

/** `certglass inventory`. */
export function addInventory(program: Command, reading: Reading): void {
  const { finish } = reading;
  const inventory = program
    .command('inventory')
    .summary('list the inventory, try a source of it, or add certificates to it')
    .addHelpText(
      'after',
      `
Examples:
  certglass inventory test vault:vault.example.com --config certglass.yaml
  certglass inventory push new.pem --source deploy --owner web
  openssl x509 -in new.pem -outform DER | certglass inventory push - --source deploy`,
    );
  addInventoryLists(inventory, reading);
  inventory
    .command('test')
    .summary('read one configured source and print what it holds; nothing is stored')
    .argument('<source>', 'name of the source, such as files:/etc/ssl, or its type')
    .requiredOption('--config <file>', 'configuration')
    .addHelpText('after', '\nExit code: 0 read as a whole, 1 something could not be read, 2 could not run.')
    .action(async (source: string, options) =>
      finish((await import('../inventory-test.js')).testSource(source, options)),
    );
  withService(inventory.command('push'))
    .summary('add certificates of yours to the inventory of a running service')
    .argument('<file>', 'certificates in any format, JSON, or fingerprints one a line; - for standard input')
    .option('--source <name>', 'name of the source', 'manual')
    .option('--owner <name>', 'who owns them')
    .option('--environment <name>', 'which environment they belong to')
    .option('--replace', 'these are all: drop what was pushed to the source before')
    .action(async (file: string, options) =>
      finish((await import('../inventory-push.js')).pushFile(file, options)),
    );
}
