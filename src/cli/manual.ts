import { everyCommand, type CommandFacts, type OptionFacts } from './command-tree.js';

/** The manual page `certglass(1)` in roff: everything that the help says. */
export function manualPage(tree: CommandFacts, version: string): string {
  const commands = everyCommand(tree)
    .slice(1)
    .filter(({ commands: sub, options, more }) => sub.length === 0 || options.length > 0 || more !== '');
  return [
    `.TH CERTGLASS 1 "" "certglass ${roff(version)}" "User Commands"`,
    '.SH NAME',
    'certglass \\- watch every certificate that is served or issued in your name',
    '.SH SYNOPSIS',
    '.B certglass',
    '.I command',
    '[\\fIoptions\\fR]',
    '.SH DESCRIPTION',
    roff(tree.summary),
    '.SH OPTIONS',
    ...tree.options.flatMap((option) => item(option.flags, descriptionOf(option))),
    '.SH COMMANDS',
    ...commands.flatMap(commandLines),
    '.SH ENVIRONMENT',
    ...item('CERTGLASS_URL', 'Address of the service that commands ask.'),
    ...item('CERTGLASS_TOKEN', 'Bearer token for it.'),
    ...item(
      'CERTGLASS__SECTION__KEY',
      'Overlays a key of the configuration, for example CERTGLASS__API__PORT.',
    ),
    ...item('NO_COLOR', 'If it is set and not empty, output has no colour.'),
    ...item('CLICOLOR_FORCE', 'If it is set and not 0, output is as on a terminal of COLUMNS columns.'),
    '.SH FILES',
    ...item('certglass-data', 'Data folder, unless store.dataDir names another one.'),
    ...item(
      'certglass-data/service.json',
      'Address and token of the running service, for commands of the same user.',
    ),
    '.SH EXIT STATUS',
    ...item('0', 'Nothing is wrong.'),
    ...item('1', 'The command found something, as its help says.'),
    ...item('2', 'The command could not run.'),
    ...item('3', 'certglass scan: nothing answered.'),
    '',
  ].join('\n');
}

function commandLines({ path, usage, summary, options, more }: CommandFacts): readonly string[] {
  return [
    '.SS',
    `${roff(path)}${options.length > 0 ? ' [options]' : ''}${usage === '' ? '' : ` ${roff(usage)}`}`,
    `${roff(capital(summary))}.`,
    ...options.flatMap((option) => item(option.flags, descriptionOf(option))),
    ...(more === '' ? [] : ['.PP', '.nf', ...more.split('\n').map(roff), '.fi']),
  ];
}

function descriptionOf({ description, choices, usual }: OptionFacts): string {
  const facts = [
    ...(choices.length > 0 ? [`one of ${choices.join(', ')}`] : []),
    ...(usual === null ? [] : [`default ${usual}`]),
  ];
  return `${capital(description)}${facts.length > 0 ? ` (${facts.join('; ')})` : ''}.`;
}

function item(term: string, text: string): readonly string[] {
  return ['.TP', `.B ${roff(term)}`, roff(text)];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Text that troff prints as it is: no line begins a request, hyphens stay hyphens that can be copied. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1');
}
