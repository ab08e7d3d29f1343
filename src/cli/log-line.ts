import { durationText } from '../lib/duration-text.js';
import { printable } from '../lib/printable.js';
import { paint, type Colour, type Look } from './look.js';
import { count } from './render-text.js';

type Fields = Readonly<Record<string, unknown>>;

const levels: readonly { readonly from: number; readonly name: string; readonly colour: Colour }[] = [
  { from: 50, name: 'error', colour: 'red' },
  { from: 40, name: 'warn', colour: 'yellow' },
  { from: 30, name: 'info', colour: 'green' },
  { from: 0, name: 'debug', colour: 'dim' },
];

/** What a person reads in place of a message and its fields; the others are written as `message: key value, key value`. */
const sentences: Readonly<Record<string, (fields: Fields) => string>> = {
  'findings changed': ({ opened, resolved, titles }) =>
    [
      ...(Number(opened) > 0 ? [`${count(Number(opened), 'new finding')}: ${listed(titles, opened)}`] : []),
      ...(Number(resolved) > 0 ? [`${count(Number(resolved), 'finding')} resolved`] : []),
    ].join('; '),
  'message sent': ({ channel, to, findings }) =>
    `${text(channel)}: message about ${count(Number(findings), 'finding')} sent${to === undefined ? '' : ` to ${text(to)}`}`,
  'delivery failed, will retry': ({ channel, detail }) =>
    `${text(channel)}: not sent, will retry: ${text(detail)}`,
  'delivery failed for good': ({ channel, detail }) =>
    `${text(channel)}: not sent, given up: ${text(detail)}`,
  'scan started': ({ group, resumed }) => `scan ${text(group)} ${resumed === true ? 'goes on' : 'started'}`,
  'scan ended': ({ group, stopped, done, outcomes }) =>
    `scan ${text(group)} ${stopped === true ? 'stopped' : 'ended'}: ${count(Number(done), 'endpoint')}${outcomesText(outcomes)}`,
  'inventory imported': ({ source, items, complete }) =>
    `inventory ${text(source)} ${complete === true ? 'read' : 'read in part'}: ${count(Number(items), 'certificate')}`,
  'evaluated everything': ({ endpoints, certificates, findings, seconds }) =>
    `judged ${count(Number(endpoints), 'endpoint')} and ${count(Number(certificates), 'certificate')} in ${durationText(Number(seconds))}: ${count(Number(findings), 'open finding')}`,
  'data folder': ({ folder }) => `data in ${text(folder)}`,
};

/** One line of the log, as JSON, for a terminal: `12:04:31 info  3 new findings: ...`. Ends without a newline. */
export function logLine(json: string, look: Look): string {
  const { level, time, msg = '', err, ...fields } = JSON.parse(json) as Fields;
  const { name, colour } = levels.find(({ from }) => Number(level) >= from) ?? { name: '', colour: 'dim' };
  const clock = new Date(String(time)).toTimeString().slice(0, 8);
  const sentence = sentences[String(msg)]?.(fields) ?? plain(String(msg), fields);
  const failure = err === undefined ? '' : `: ${text((err as Fields)['message'] ?? err)}`;
  const said = printable(sentence + failure, 4000);
  return `${paint(clock, 'dim', look)} ${paint(name.padEnd(5), colour, look)} ${said}`;
}

function plain(message: string, fields: Fields): string {
  const parts = Object.entries(fields)
    .filter(([, value]) => value !== null && value !== '')
    .map(([key, value]) => `${key} ${text(value)}`);
  return parts.length === 0 ? message : `${message}: ${parts.join(', ')}`;
}

function text(value: unknown): string {
  if (Array.isArray(value)) return value.map(text).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function listed(titles: unknown, all: unknown): string {
  const some = Array.isArray(titles) ? titles : [];
  const more = Number(all) - some.length;
  return `${text(some)}${more > 0 ? ` and ${more.toLocaleString('en')} more` : ''}`;
}

/** `, 3 ok, 2 refused`; outcomes that did not come are left out. */
function outcomesText(outcomes: unknown): string {
  return Object.entries((outcomes ?? {}) as Fields)
    .filter(([, number]) => Number(number) > 0)
    .map(([outcome, number]) => `, ${Number(number).toLocaleString('en')} ${outcome}`)
    .join('');
}
