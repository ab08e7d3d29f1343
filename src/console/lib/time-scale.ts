import { month } from './format.js';

const dayMs = 86_400_000;

/** A line of the time axis with its words. */
export interface Tick {
  readonly at: Date;
  readonly text: string;
}

/** Maps instants to a range of pixels. */
export interface TimeScale {
  readonly from: Date;
  readonly to: Date;
  readonly x: (at: Date) => number;
}

/** A scale from `from` to `to` over the pixels `left` to `right`. */
export function timeScale(from: Date, to: Date, left: number, right: number): TimeScale {
  const length = Math.max(1, to.getTime() - from.getTime());
  return { from, to, x: (at) => left + ((right - left) * (at.getTime() - from.getTime())) / length };
}

/** Whole days, weeks (Mondays), months, quarters or years between two instants: the finest step of which there are at most `most`. */
export function ticksBetween(from: Date, to: Date, most: number): readonly Tick[] {
  const days = (to.getTime() - from.getTime()) / dayMs;
  if (days <= most) return everyDay(from, to, 1);
  if (days / 7 <= most) return everyDay(from, to, 7);
  const step =
    [1, 2, 3, 6, 12, 24, 60, 120].find((months) => days / 30.44 / months <= most) ??
    120 * Math.ceil(days / 30.44 / most / 120);
  return everyMonth(from, to, step);
}

function everyDay(from: Date, to: Date, step: number): readonly Tick[] {
  const ticks: Tick[] = [];
  const start = new Date(Math.ceil(from.getTime() / dayMs) * dayMs);
  if (step === 7) while (start.getUTCDay() !== 1) start.setUTCDate(start.getUTCDate() + 1);
  for (const at = start; at <= to; at.setUTCDate(at.getUTCDate() + step))
    ticks.push({ at: new Date(at), text: `${at.getUTCDate()} ${month(at)}` });
  return ticks;
}

function everyMonth(from: Date, to: Date, step: number): readonly Tick[] {
  const ticks: Tick[] = [];
  const first =
    Math.ceil((from.getUTCFullYear() * 12 + from.getUTCMonth() + (from.getUTCDate() > 1 ? 1 : 0)) / step) *
    step;
  for (let index = first; ; index += step) {
    const at = new Date(Date.UTC(Math.floor(index / 12), index % 12, 1));
    if (at > to) return ticks;
    const isNewYear = at.getUTCMonth() === 0;
    const text =
      step >= 12 ? String(at.getUTCFullYear()) : isNewYear ? `Jan ${at.getUTCFullYear()}` : month(at);
    if (at >= from) ticks.push({ at, text });
  }
}
