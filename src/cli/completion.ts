import { everyCommand, type CommandFacts } from './command-tree.js';

/** Shells that completions are made for. */
export const shells = ['bash', 'zsh', 'fish'] as const;

/** One of {@link shells}. */
export type Shell = (typeof shells)[number];

/** The completions of every command and option, as a script for a shell. */
export function completionScript(tree: CommandFacts, shell: Shell): string {
  const commands = everyCommand(tree);
  return { bash, zsh, fish }[shell](commands);
}

const helpOption = '--help';

/** Within single quotes of any shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Command paths below the program, as alternatives of a `case`. */
function below(commands: readonly CommandFacts[]): string {
  return commands
    .slice(1)
    .map(({ path }) => quoted(path))
    .join('|');
}

/** Values of options that take one of a few, by `path option`. */
function choices(commands: readonly CommandFacts[]): readonly (readonly [string, readonly string[]])[] {
  return commands.flatMap(({ path, options }) =>
    options
      .filter((one) => one.choices.length > 0)
      .map((one) => [`${path} ${one.long}`, one.choices] as const),
  );
}

function bash(commands: readonly CommandFacts[]): string {
  const words = ({ commands: sub, options }: CommandFacts): string =>
    [...sub.map(({ name }) => name), ...options.map(({ long }) => long), helpOption].join(' ');
  return `# Completions of certglass for bash: source <(certglass completion bash)
_certglass() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} at=certglass words='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at \${COMP_WORDS[i]}" in ${below(commands)}) at="$at \${COMP_WORDS[i]}" ;; esac
  done
  case "$at $before" in
${choices(commands)
  .map(([key, values]) => `    ${quoted(key)}) words=${quoted(values.join(' '))} ;;`)
  .join('\n')}
    *) case "$at" in
${commands.map((one) => `      ${quoted(one.path)}) words=${quoted(words(one))} ;;`).join('\n')}
    esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _certglass certglass
`;
}

function zsh(commands: readonly CommandFacts[]): string {
  const described = (name: string, text: string): string => quoted(`${name.replaceAll(':', '\\:')}:${text}`);
  return `#compdef certglass
# Completions of certglass for zsh: certglass completion zsh > "\${fpath[1]}/_certglass"
_certglass() {
  local at=certglass i
  local -a commands options
  for ((i = 2; i < CURRENT; i++)); do
    case "$at $words[i]" in (${below(commands)}) at="$at $words[i]" ;; esac
  done
  case "$at $words[CURRENT-1]" in
${choices(commands)
  .map(([key, values]) => `    (${quoted(key)}) compadd -- ${values.map(quoted).join(' ')}; return ;;`)
  .join('\n')}
  esac
  case "$at" in
${commands
  .map(
    ({ path, commands: sub, options }) =>
      `    (${quoted(path)}) commands=(${sub.map((one) => described(one.name, one.summary)).join(' ')}); options=(${[...options.map((one) => described(one.long, one.description)), described(helpOption, 'display help')].join(' ')}) ;;`,
  )
  .join('\n')}
  esac
  if [[ $words[CURRENT] == -* ]]; then _describe -o option options
  elif (( $#commands )); then _describe command commands
  else _files
  fi
}
compdef _certglass certglass
`;
}

function fish(commands: readonly CommandFacts[]): string {
  const lines = commands.flatMap(({ path, commands: sub, options }) => {
    const at = `complete -c certglass -n "__certglass_at '${path}'"`;
    return [
      ...sub.map(({ name, summary }) => `${at} -f -a ${name} -d ${fishQuoted(summary)}`),
      ...options.map(({ long, description, choices: values, takesValue }) => {
        const value = values.length > 0 ? ` -x -a ${fishQuoted(values.join(' '))}` : takesValue ? ' -r' : '';
        return `${at} -l ${long.replace(/^-+/, '')}${value} -d ${fishQuoted(description)}`;
      }),
    ];
  });
  return `# Completions of certglass for fish: certglass completion fish > ~/.config/fish/completions/certglass.fish
function __certglass_at
  set -l at certglass
  for word in (commandline -opc)[2..]
    switch "$at $word"
      case ${commands
        .slice(1)
        .map(({ path }) => `'${path}'`)
        .join(' ')}
        set at "$at $word"
    end
  end
  test "$at" = "$argv"
end
${lines.join('\n')}
`;
}

function fishQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
