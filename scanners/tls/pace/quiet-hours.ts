import type { QuietPeriod } from '../config.js';

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const dayMs = 86_400_000;

/** When the quiet period that `now` lies in ends; null when probes may start. Overlapping periods count as one. */
export function quietUntil(periods: readonly QuietPeriod[], now: Date): Date | null {
  let end: Date | null = null;
  // A period may lead into the next: each pass ends later, and at most every period is used once a day for a week.
  for (let pass = 0; pass < periods.length * 8; pass += 1) {
    const later = latestEnd(periods, end ?? now);
    if (later === null) return end;
    end = later;
  }
  return end;
}

function latestEnd(periods: readonly QuietPeriod[], at: Date): Date | null {
  const ends = periods.flatMap((period) =>
    [0, 1].flatMap((daysBack) => endIfInside(period, at, daysBack) ?? []),
  );
  return ends.length === 0 ? null : new Date(Math.max(...ends));
}

/** End, in ms since 1970, of the period that started `daysBack` days ago, when `at` lies in it. */
function endIfInside(period: QuietPeriod, at: Date, daysBack: number): number | null {
  const midnight = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()) - daysBack * dayMs;
  const day = days[new Date(midnight).getUTCDay()];
  if (period.days.length > 0 && !period.days.some((one) => one === day)) return null;
  const start = midnight + minutes(period.from) * 60_000;
  const length = minutes(period.to) - minutes(period.from);
  const end = start + (length > 0 ? length : length + 1440) * 60_000;
  return at.getTime() >= start && at.getTime() < end ? end : null;
}

function minutes(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
}
