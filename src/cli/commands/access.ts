import { Option, type Command } from 'commander';

/** Ends a command with the exit code that its work answers. */
type Finish = (work: Promise<number>) => Promise<void>;

const collect = (text: string, all: string[] = []): string[] => [...all, text];

/** `certglass token` and `certglass user`. */
export function addAccess(program: Command, finish: Finish): void {
  const token = program
    .command('token')
    .summary('make, list and revoke the tokens of the HTTP API')
    .addHelpText(
      'after',
      `
Works on the data folder, beside a running service too. The first token closes the API: from then on one is always needed.

Examples:
  certglass token create ci --role operator --expires 90d
  certglass token create web-team --domain web.example.com
  certglass token revoke ci`,
    );
  token
    .command('create')
    .summary('make a token and print it, once')
    .argument('<name>', 'who uses it; stands in the audit trail')
    .addOption(
      new Option('--role <role>', 'what it allows')
        .choices(['reader', 'operator', 'admin'])
        .default('reader'),
    )
    .option('--expires <when>', 'a number of days such as 90d, or a date; default: never')
    .option('--domain <domain>', 'limit it to this domain and everything under it; may be repeated', collect)
    .option('--tag <tag>', 'limit it to findings with this tag; may be repeated', collect)
    .option('--config <file>', 'configuration, for the data folder')
    .action(async (name: string, options) =>
      finish((await import('../access.js')).createTokenOf(name, options)),
    );
  token
    .command('list')
    .summary('list tokens, without their secrets')
    .option('--json', 'one JSON object a line')
    .option('--config <file>', 'configuration, for the data folder')
    .action(async (options) => finish((await import('../access.js')).listTokens(options)));
  token
    .command('revoke')
    .summary('revoke a token by its name or id; its sessions end at once')
    .argument('<name>', 'name or id')
    .option('--config <file>', 'configuration, for the data folder')
    .action(async (name: string, options) =>
      finish((await import('../access.js')).revokeToken(name, options)),
    );
  addUser(program, finish);
}

function addUser(program: Command, finish: Finish): void {
  program
    .command('user')
    .summary('add users who sign in with a password')
    .command('create')
    .summary('add a user, or make a new link for one, and print the link by which the password is chosen')
    .argument('<name>', 'name to sign in with')
    .addOption(
      new Option('--role <role>', 'what the user may do')
        .choices(['reader', 'operator', 'admin'])
        .default('reader'),
    )
    .option('--config <file>', 'configuration, for the data folder and api.publicUrl')
    .action(async (name: string, options) =>
      finish((await import('../access.js')).createUser(name, options)),
    );
}
