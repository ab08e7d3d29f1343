import type { Command } from 'commander';

/** One option of a command. */
export interface OptionFacts {
  /** As it is written, for example `--depth <depth>` or `-V, --version`. */
  readonly flags: string;
  readonly long: string;
  readonly description: string;
  readonly choices: readonly string[];
  readonly takesValue: boolean;
  readonly usual: string | null;
}

/** One command with everything below it. */
export interface CommandFacts {
  /** From the program on, for example `certglass ct tail`. */
  readonly path: string;
  readonly name: string;
  readonly summary: string;
  /** For example `<target...>`. */
  readonly usage: string;
  readonly options: readonly OptionFacts[];
  readonly commands: readonly CommandFacts[];
  /** What the help says below the options: examples, exit codes. */
  readonly more: string;
}

/** What the help of a program says, as data: completions, the manual and tests are made of it. */
export function commandTree(command: Command, parent = ''): CommandFacts {
  const name = command.name();
  const path = parent === '' ? name : `${parent} ${name}`;
  const own = command.options.filter(({ hidden }) => !hidden);
  return {
    path,
    name,
    summary: command.summary() || command.description(),
    usage: command.registeredArguments
      .map((argument) => {
        const words = `${argument.name()}${argument.variadic ? '...' : ''}`;
        return argument.required ? `<${words}>` : `[${words}]`;
      })
      .join(' '),
    options: own.map((option) => ({
      flags: option.flags,
      long: option.long ?? option.short ?? '',
      description: option.description,
      choices: option.argChoices ?? [],
      takesValue: option.required || option.optional,
      usual: ['string', 'number'].includes(typeof option.defaultValue) ? String(option.defaultValue) : null,
    })),
    commands: command.commands.filter((one) => one.name() !== 'help').map((one) => commandTree(one, path)),
    more: helpBelow(command),
  };
}

/** What is added below the options of the help. */
function helpBelow(command: Command): string {
  const written: string[] = [];
  const output = command.configureOutput();
  command.configureOutput({ ...output, writeOut: (text) => void written.push(text) });
  command.outputHelp();
  command.configureOutput(output);
  return written.slice(1).join('').trim();
}

/** Every command of a tree, the root first. */
export function everyCommand(tree: CommandFacts): readonly CommandFacts[] {
  return [tree, ...tree.commands.flatMap(everyCommand)];
}
