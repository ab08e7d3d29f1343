import type { Takes } from '../../alerts/channel.js';
import type { Finding } from '../../model/finding.js';
import type { ChannelSettings, Route } from '../config.js';
import { endOfHours, nextTime } from '../../lib/hours.js';
import { mismatch, type ThemeOf } from './match.js';

/** Why something waits. Stored with what waits. */
export type HoldReason = (typeof holdReasons)[number];

const holdReasons = ['digest', 'quiet hours', 'escalation', 'reminder'] as const;

/** Whether a stored detail says what a delivery waited for. */
export function isHoldReason(detail: string | null): detail is HoldReason {
  return holdReasons.some((reason) => reason === detail);
}

/** What happens with a finding on one channel. `why` follows "because". */
export type Plan =
  | { readonly do: 'send'; readonly why: string; readonly escalated: boolean }
  | { readonly do: 'hold'; readonly why: string; readonly until: Date; readonly reason: HoldReason }
  | { readonly do: 'skip'; readonly why: string };

/** A channel as routing sees it. */
export interface RoutedChannel {
  readonly name: string;
  readonly takes: Takes;
  readonly settings: ChannelSettings;
}

/** What a plan is made of. */
export interface PlanInput {
  readonly finding: Finding;
  /** The channel got a message about the finding before. */
  readonly wasReported: boolean;
  /** It waited for this, and the wait is over. */
  readonly held: HoldReason | null;
  readonly now: Date;
}

/** Rules of the whole configuration that a plan follows. */
export interface Routing {
  readonly routes: readonly Route[];
  readonly themeOf: ThemeOf;
}

/** Takes one sentence for each thing that is considered on the way to a plan. */
export type Note = (sentence: string) => void;

/** Decides what happens with a finding in its present state on one channel. Pure; `note` hears what was considered. */
export function planFor(
  channel: RoutedChannel,
  routing: Routing,
  input: PlanInput,
  note: Note = () => undefined,
): Plan {
  const { finding, wasReported } = input;
  const { takes, settings } = channel;
  if (finding.state === 'resolved') {
    if (takes !== 'stream' && !wasReported) return skip('it was never reported on this channel');
    if (takes === 'digest' && !settings.sendResolved) return skip('sendResolved is off');
    if (takes === 'digest' && finding.resolution === 'superseded')
      return skip('something worse about it is reported');
    return timed(channel, input, { why: 'it is resolved', escalated: false }, note);
  }
  if (finding.state !== 'open') {
    const isWanted =
      takes === 'stream' || (takes === 'incident' && finding.state === 'acknowledged' && wasReported);
    return isWanted ? send(`it was ${finding.state}`) : skip(`it was ${finding.state}`);
  }
  if (takes !== 'stream' && input.held === null && !isNews(finding))
    return skip(`${finding.change} is no news`);
  const reason = mismatch(settings, finding, routing.themeOf, input.now);
  note(`keys of the channel: ${reason ?? 'match'}`);
  if (reason !== null) return skip(reason);
  const way = wayTo(channel.name, finding, routing, input.now, note);
  if (way === null) return skip('no route leads to this channel');
  const escalated = way.escalatesAt !== null;
  if (way.escalatesAt !== null && way.escalatesAt > input.now)
    return { do: 'hold', until: way.escalatesAt, reason: 'escalation', why: way.why };
  return timed(channel, input, { why: way.why, escalated }, note);
}

/** When an open finding is sent again: repeated, or because its due date comes closer; null: never. Pure. */
export function nextReminder(
  { repeatHours, remindDays }: ChannelSettings,
  finding: Finding,
  now: Date,
): Date | null {
  const { dueAt } = finding;
  const repeat = repeatHours === null ? [] : [now.getTime() + repeatHours * hourMs];
  const reminders = dueAt === null ? [] : remindDays.map((days) => dueAt.getTime() - days * dayMs);
  const times = [...repeat, ...reminders].filter((time) => time > now.getTime());
  return times.length === 0 ? null : new Date(Math.min(...times));
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

function skip(why: string): Plan {
  return { do: 'skip', why };
}

function send(why: string, escalated = false): Plan {
  return { do: 'send', why, escalated };
}

/** What people do is no news to them, nor that something got less bad. */
function isNews({ change, changedBy }: Finding): boolean {
  return changedBy === 'certglass' && ['opened', 'reopened', 'severity-raised'].includes(change);
}

/** Holds back what may wait. Critical findings never do. */
function timed(
  { takes, settings }: RoutedChannel,
  input: PlanInput,
  { why, escalated }: { readonly why: string; readonly escalated: boolean },
  note: Note,
): Plan {
  const { finding, held, now } = input;
  const closes = takes === 'incident' && finding.state === 'resolved';
  if (finding.severity === 'critical' || takes === 'stream' || closes) {
    note(
      `neither digest nor quiet hours hold ${closes ? 'the end of an incident' : takes === 'stream' ? 'a stream' : 'a critical finding'}`,
    );
    return send(why, escalated);
  }
  const { digest, quietHours } = settings;
  if (digest !== null && held !== 'digest' && held !== 'reminder') {
    const until = nextTime(digest.at, digest.timezone, now, digest.every === 'week' ? ['mon'] : undefined);
    note(`digest: the next one is due at ${until.toISOString()}`);
    return { do: 'hold', until, reason: 'digest', why: `${why}; it goes into the digest` };
  }
  const quietUntil = quietHours === null ? null : endOfHours(quietHours, now);
  if (quietHours !== null)
    note(`quiet hours: ${quietUntil === null ? 'not now' : `until ${quietUntil.toISOString()}`}`);
  if (quietUntil !== null) {
    const reason = held === 'reminder' || held === 'digest' ? held : 'quiet hours';
    return { do: 'hold', until: quietUntil, reason, why: `${why}; these are quiet hours` };
  }
  return send(why, escalated);
}

interface Way {
  readonly why: string;
  /** null: at once. */
  readonly escalatesAt: Date | null;
}

/** How the routes lead to a channel; null when they do not. Without routes every channel is open. */
function wayTo(
  channel: string,
  finding: Finding,
  { routes, themeOf }: Routing,
  now: Date,
  note: Note,
): Way | null {
  if (routes.length === 0) return { why: 'it matches the keys of the channel', escalatesAt: null };
  let escalation: Way | null = null;
  for (const route of routes) {
    const about = `route "${route.name}"`;
    const reason = mismatch(route, finding, themeOf, now);
    note(`${about}: ${reason ?? `matches, leads to ${route.channels.join(', ')}`}`);
    if (reason !== null) continue;
    if (route.channels.includes(channel)) return { why: `${about} matches`, escalatesAt: null };
    if (route.escalateTo.includes(channel) && escalation === null)
      escalation = {
        why: `${about} escalates after ${route.escalateAfterHours} hours without acknowledgement`,
        escalatesAt: new Date(finding.openedAt.getTime() + route.escalateAfterHours * hourMs),
      };
    if (!route.continue) break;
  }
  return escalation;
}
