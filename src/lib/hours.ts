import { z } from 'zod';

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
type Day = (typeof days)[number];

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, for example 08:30');

/** A time zone of the IANA database. */
export const timeZone = z.string().refine(isTimeZone, 'must be a time zone, for example Europe/Berlin');

/** Hours of the week. `to` before `from` reaches into the next day. */
export const hoursShape = z.strictObject({
  days: z
    .array(z.enum(days))
    .min(1)
    .default([...days])
    .describe('Days on which it begins.'),
  from: clock.describe('Begin, for example 18:00.'),
  to: clock.describe('End, for example 08:00; the same as `from` means the whole day.'),
  timezone: timeZone.default('Etc/UTC').describe('Time zone of both, for example Europe/Berlin.'),
});

/** Hours of the week, see {@link hoursShape}. */
export type Hours = z.infer<typeof hoursShape>;

const minutesPerDay = 1_440;

/** When the hours that are running end; null when they are not running. */
export function endOfHours(hours: Hours, now: Date): Date | null {
  const local = localTime(now, hours.timezone);
  const [from, to] = [minutesOf(hours.from), minutesOf(hours.to)];
  const isToday = hours.days.includes(local.day);
  const wasYesterday = hours.days.includes(dayBefore(local.day));
  if (from < to)
    return isToday && local.minutes >= from && local.minutes < to ? at(hours, local, 0, to) : null;
  if (isToday && local.minutes >= from) return at(hours, local, 1, to);
  return wasYesterday && local.minutes < to ? at(hours, local, 0, to) : null;
}

/** The next time that the clock of a time zone shows `time` on one of `on`, after `now`. */
export function nextTime(time: string, zone: string, now: Date, on: readonly Day[] = days): Date {
  const local = localTime(now, zone);
  for (let ahead = 0; ahead <= 7; ahead += 1) {
    const candidate = instantOf(local.date, ahead, minutesOf(time), zone);
    if (candidate > now && on.includes(localTime(candidate, zone).day)) return candidate;
  }
  return new Date(now.getTime() + 7 * minutesPerDay * 60_000);
}

function at(hours: Hours, local: Local, daysAhead: number, minutes: number): Date {
  return instantOf(local.date, daysAhead, minutes, hours.timezone);
}

interface Local {
  readonly date: readonly [year: number, month: number, day: number];
  readonly minutes: number;
  readonly day: Day;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function localTime(now: Date, zone: string): Local {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      weekday: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
    formats.set(zone, format);
  }
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]));
  const number = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  const weekday = (parts.get('weekday') ?? '').toLowerCase();
  return {
    date: [number('year'), number('month'), number('day')],
    minutes: number('hour') * 60 + number('minute'),
    day: days.find((day) => weekday.startsWith(day)) ?? 'mon',
  };
}

/** The instant at which a zone's clock shows these minutes of a day; in the hour that a clock change leaves out, the one after it. */
function instantOf(
  [year, month, day]: Local['date'],
  daysAhead: number,
  minutes: number,
  zone: string,
): Date {
  const wanted = Date.UTC(year, month - 1, day + daysAhead, 0, minutes);
  let guess = wanted;
  for (let round = 0; round < 2; round += 1) {
    const shown = localTime(new Date(guess), zone);
    const [y, m, d] = shown.date;
    guess += wanted - Date.UTC(y, m - 1, d, 0, shown.minutes);
  }
  return new Date(guess);
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

function dayBefore(day: Day): Day {
  return days[(days.indexOf(day) + 6) % 7] ?? 'sun';
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
