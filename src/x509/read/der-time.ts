import { contentOf, tags, type DerElement } from './der.js';

/** A time as read: `date` null when no instant can be told for sure, `problem` null when RFC 5280 section 4.1.2.5 is kept. */
export interface ReadTime {
  readonly date: Date | null;
  readonly problem: TimeProblem | null;
}

/**
 * `bad-time`: no such instant, or an ambiguous one. `time-format`: an instant written in a form that is not allowed.
 * `time-out-of-range`: before 1950.
 */
export interface TimeProblem {
  readonly code: 'bad-time' | 'time-format' | 'time-out-of-range';
  readonly message: string;
}

/**
 * Reads a UTCTime or GeneralizedTime. Allowed are YYMMDDHHMMSSZ (1950 to 2049) and, from 2050 on, YYYYMMDDHHMMSSZ.
 * Times without seconds, with fractions or offsets still give their instant, flagged; local times and dates that do not
 * exist give none. Never throws.
 */
export function readTime(bytes: Uint8Array, element: DerElement): ReadTime {
  const ms = canonicalTimeMs(bytes, element.tag, element.contentStart, element.end);
  if (!Number.isNaN(ms)) return { date: new Date(ms), problem: rangeProblem(new Date(ms), element.tag) };
  return readUnusualTime(bytes, element);
}

/**
 * Milliseconds since 1970 of a time written exactly YYMMDDHHMMSSZ (UTCTime) or YYYYMMDDHHMMSSZ (GeneralizedTime); NaN for
 * every other form and for dates that do not exist. The hot path: allocates nothing.
 */
export function canonicalTimeMs(bytes: Uint8Array, tag: number, from: number, end: number): number {
  let at = from;
  let year: number;
  if (tag === tags.utcTime && end - from === 13) {
    year = pair(bytes, at);
    year += year < 50 ? 2000 : 1900;
    at += 2;
  } else if (tag === tags.generalizedTime && end - from === 15) {
    year = pair(bytes, at) * 100 + pair(bytes, at + 2);
    at += 4;
  } else return NaN;
  if (bytes[end - 1] !== 0x5a) return NaN;
  const days = daysFromCivil(year, pair(bytes, at), pair(bytes, at + 2));
  return days * 86_400_000 + clockMs(pair(bytes, at + 4), pair(bytes, at + 6), pair(bytes, at + 8));
}

/** Two decimal digits; NaN when they are none. */
function pair(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - 0x30;
  const ones = (bytes[at + 1] ?? 0) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}

const monthStarts = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

/** Days from 0000-01-01 to 1970-01-01. */
const daysToEpoch = 719_528;

/** Days since 1970-01-01 in the Gregorian calendar, year 0 included; NaN for a day that does not exist. */
function daysFromCivil(year: number, month: number, day: number): number {
  const start = monthStarts[month - 1];
  const next = monthStarts[month];
  if (start === undefined || next === undefined) return NaN;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  if (!(day >= 1 && day <= next - start + (month === 2 ? leap : 0))) return NaN;
  const before = year - 1;
  const years = year * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  return years + start + (month > 2 ? leap : 0) + day - daysToEpoch;
}

function clockMs(hour: number, minute: number, second: number): number {
  return hour < 24 && minute < 60 && second < 60 ? ((hour * 60 + minute) * 60 + second) * 1000 : NaN;
}

const utcForm = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?()(Z|[+-]\d{4})?$/;
const generalizedForm = /^(\d{4})(\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)?)?([.,]\d+)?(Z|[+-]\d\d(?:\d\d)?)?$/;

function readUnusualTime(bytes: Uint8Array, element: DerElement): ReadTime {
  const isUtc = element.tag === tags.utcTime;
  if (!isUtc && element.tag !== tags.generalizedTime) return bad(`tag ${element.tag} is not that of a time`);
  const text = Buffer.from(contentOf(bytes, element).subarray(0, 64)).toString('latin1');
  const match = (isUtc ? utcForm : generalizedForm).exec(text);
  if (match === null) return bad(`"${text}" is not a ${isUtc ? 'UTCTime' : 'GeneralizedTime'}`);
  const [, year, month, day, hour, minute = '0', second = '0', fraction = '', zone] = match;
  if (zone === undefined) return bad(`"${text}" is a local time`);
  const fullYear = Number(year) + (isUtc ? (Number(year) < 50 ? 2000 : 1900) : 0);
  const ms =
    daysFromCivil(fullYear, Number(month), Number(day)) * 86_400_000 +
    clockMs(Number(hour), Number(minute), Number(second)) +
    fractionMs(fraction, match) -
    offsetMs(zone);
  if (Number.isNaN(ms)) return bad(`"${text}" does not exist`);
  return {
    date: new Date(ms),
    problem: {
      code: 'time-format',
      message: `"${text}" is not of the form ${isUtc ? 'YYMMDDHHMMSSZ' : 'YYYYMMDDHHMMSSZ'}`,
    },
  };
}

/** A fraction belongs to the smallest part written: hours, minutes or seconds (X.680 section 46). */
function fractionMs(fraction: string, match: RegExpExecArray): number {
  if (fraction === '') return 0;
  const unitMs = match[6] !== undefined ? 1000 : match[5] !== undefined ? 60_000 : 3_600_000;
  return Math.floor(Number(`0.${fraction.slice(1)}`) * unitMs);
}

function offsetMs(zone: string): number {
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3) || '0');
  return hours < 24 && minutes < 60 ? (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000 : NaN;
}

function bad(message: string): ReadTime {
  return { date: null, problem: { code: 'bad-time', message: `the time ${message}` } };
}

function rangeProblem(date: Date, tag: number): TimeProblem | null {
  const year = date.getUTCFullYear();
  if (tag === tags.utcTime) return null;
  if (year < 1950) return { code: 'time-out-of-range', message: `the year ${year} is before 1950` };
  if (year < 2050)
    return { code: 'time-format', message: `the year ${year} is written as GeneralizedTime, not UTCTime` };
  return null;
}
