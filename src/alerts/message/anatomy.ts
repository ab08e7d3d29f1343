import { clipText } from '../../lib/clip.js';
import { valueText } from '../../lib/details-text.js';
import { printable } from '../../lib/printable.js';
import type { CertglassEvent } from '../../model/event.js';
import type { Alert, Message, WellState } from '../channel.js';

const changeWords: Readonly<Record<Alert['change'], string | null>> = {
  opened: null,
  reopened: 'again',
  worsened: 'worse',
  updated: 'changed',
  acknowledged: 'acknowledged',
  reminder: 'reminder',
  escalated: 'escalated',
  resolved: null,
};

/** `CRITICAL`, `RESOLVED`, `WARNING (reminder)`. */
export function badgeOf({ severity, state, change }: Alert): string {
  if (state === 'resolved') return 'RESOLVED';
  const word = changeWords[change];
  return word === null ? severity.toUpperCase() : `${severity.toUpperCase()} (${word})`;
}

/** What the message is about in one line; hostile text in it, not escaped. */
export function headlineOf(message: Message): string {
  if (message.well !== null) return wellHeadline(message.kind, message.well);
  if (message.inventory !== undefined) return eventsHeadline(message.inventory);
  const prefix = message.kind === 'test' ? 'Test: ' : '';
  const [only] = message.alerts;
  if (message.total === 1 && only !== undefined)
    return `${prefix}${badgeOf(only)}: ${only.title}${only.title.includes(only.host ?? only.place) ? '' : ` (${only.place})`}`;
  return `${prefix}${countsOf(message)}`;
}

function wellHeadline(kind: Message['kind'], { open: { critical, error } }: WellState): string {
  if (kind === 'heartbeat') return 'Certglass is running';
  return critical + error === 0
    ? 'All is well'
    : `Certglass is running, ${critical} critical and ${error} error open`;
}

function eventsHeadline({ events, total }: NonNullable<Message['inventory']>): string {
  const [only] = events;
  return total === 1 && only !== undefined ? only.message : `${total} changes of the inventory`;
}

/** What a message says beside findings, as label and text: the numbers of "all is well", or events of the inventory. */
export function factsBeside({ well, inventory }: Message): (readonly [string, string])[] {
  if (well !== null) return wellFacts(well);
  if (inventory === undefined) return [];
  const shown = inventory.events.slice(0, mostEventsShown);
  const omitted = inventory.total - shown.length;
  const facts = shown.map(({ event_type, message }): [string, string] => [
    eventWords[event_type] ?? event_type,
    message,
  ]);
  return omitted === 0 ? facts : [...facts, ['More', `and ${omitted} more`]];
}

/** Events that one message for people lists. */
const mostEventsShown = 10;

const eventWords: Readonly<Partial<Record<CertglassEvent['event_type'], string>>> = {
  certificate_discovered: 'Discovered',
  certificate_renewed: 'Renewed',
  certificate_changed: 'Changed',
  certificate_issued: 'Issued',
};

/** `3 critical, 1 warning, 2 resolved`. */
export function countsOf({ open, resolved }: Message): string {
  const counts = open.map(({ severity, count }) => `${count} ${severity}`);
  return [...counts, ...(resolved > 0 ? [`${resolved} resolved`] : [])].join(', ') || 'no findings';
}

/** `WARNING  www.example.com expires in 3 days`; not escaped. */
export function titleOf(alert: Alert): string {
  return `${badgeOf(alert)}: ${alert.title}`;
}

/**
 * The anatomy every medium shares: where, how long, who, what changed, the values compared, what to do. Label and text; the text is hostile and not escaped.
 */
export function factsOf(alert: Alert, maxEvidence = 6): (readonly [label: string, text: string])[] {
  return [
    ['Where', whereText(alert)],
    ...timesOf(alert),
    ...(alert.owner === null ? [] : [['Owner', alert.owner] as const]),
    ...labelsOf(alert),
    ...(alert.since.length === 0 ? [] : [['Changed', alert.since.join('; ')] as const]),
    ...evidenceOf(alert, maxEvidence),
    ...(alert.note === null ? [] : [['Note', `${alert.note.by}: ${alert.note.text}`] as const]),
    ...(alert.state === 'resolved' || alert.remediation === ''
      ? []
      : [['What to do', alert.remediation] as const]),
  ];
}

function whereText({ place, target }: Alert): string {
  if (target === null) return place;
  const parts = [
    target.address === null
      ? 'the name did not resolve'
      : target.address === target.host
        ? ''
        : target.address,
    target.serverName === null
      ? 'no server name sent'
      : target.serverName === target.host
        ? ''
        : `server name ${target.serverName}`,
    target.starttls === null ? '' : `STARTTLS ${target.starttls}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? place : `${place} (${parts.join(', ')})`;
}

function timesOf({ openedAt, resolvedAt, resolution, dueAt }: Alert): (readonly [string, string])[] {
  if (resolvedAt !== null)
    return [
      [
        'Resolved',
        `${minute(resolvedAt)}${resolution === null ? '' : `, ${resolution}`}; open since ${minute(openedAt)}`,
      ],
    ];
  return [['Since', minute(openedAt)], ...(dueAt === null ? [] : [['Due', minute(dueAt)] as const])];
}

function labelsOf({ environment, tags }: Alert): (readonly [string, string])[] {
  const labels = [...(environment === null ? [] : [environment]), ...tags];
  return labels.length === 0 ? [] : [['Labels', labels.join(', ')]];
}

/** Evidence where the rule gave it, otherwise the details. */
function evidenceOf({ evidence, details }: Alert, max: number): (readonly [string, string])[] {
  if (evidence.length > 0)
    return evidence
      .slice(0, max)
      .map(({ label, value, expected }) => [
        label,
        expected === null ? value : `${value}, expected ${expected}`,
      ]);
  return Object.entries(details)
    .slice(0, max)
    .map(([key, value]) => [key, valueText(value)]);
}

function wellFacts(well: WellState): (readonly [string, string])[] {
  const lag = well.lagSeconds === null ? '' : `, at most ${well.lagSeconds} s behind`;
  const { critical, error, warning, notice } = well.open;
  return [
    ['Endpoints', String(well.endpoints)],
    ['Certificates', String(well.certificates)],
    ['CT logs', `${well.logs}${lag}`],
    ['Open findings', `${critical} critical, ${error} error, ${warning} warning, ${notice} notice`],
    ['Version', well.version],
  ];
}

/** `2026-11-23 10:00 UTC`. */
function minute(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** Hostile text as one printable line of at most `max` UTF-16 units, escapes counted. */
export function oneLine(text: string, max: number): string {
  return clipText(printable(text, max), max);
}
