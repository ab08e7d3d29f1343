import { Argument, Command } from 'commander';
import { commandTree } from '../command-tree.js';
import { shells, type Shell } from '../completion.js';

/** `certglass completion` and `certglass man`, made from the commands of `program`. */
export function addHelp(program: Command, version: string): void {
  program
    .command('completion')
    .summary('print the completions of commands and options for a shell')
    .addArgument(new Argument('<shell>', 'which shell').choices([...shells]))
    .addHelpText(
      'after',
      `
Examples:
  source <(certglass completion bash)
  certglass completion zsh > "\${fpath[1]}/_certglass"
  certglass completion fish > ~/.config/fish/completions/certglass.fish`,
    )
    .action(async (shell: Shell) => {
      const { completionScript } = await import('../completion.js');
      process.stdout.write(completionScript(commandTree(program), shell));
    });
  program
    .command('man')
    .summary('print the manual page')
    .addHelpText(
      'after',
      `
Example:
  certglass man > /usr/local/share/man/man1/certglass.1`,
    )
    .action(async () => {
      const { manualPage } = await import('../manual.js');
      process.stdout.write(manualPage(commandTree(program), version));
    });
  program.addHelpCommand(
    new Command('help').argument('[command]').summary('display the help of a command').helpGroup('Help:'),
  );
}
