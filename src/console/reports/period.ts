const dayMs = 86_400_000;

/** Periods that a click chooses, by name. */
export const periods = [
  ['days', 'Last 30 days'],
  ['month', 'Last month'],
  ['quarter', 'Last quarter'],
  ['year', 'Last 12 months'],
  ['dates', 'Dates'],
] as const;

/** One of {@link periods}. */
export type PeriodName = (typeof periods)[number][0];

/** A period, its end excluded. */
interface Period {
  readonly from: Date;
  readonly to: Date;
}

/** The period of a name, in UTC: whole months and quarters; typed dates with both days included, null while they are not right. */
export function periodOf(
  name: PeriodName,
  dates: { readonly from: string; readonly to: string },
  now: Date,
): Period | null {
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  const first = (months: number): Date => new Date(Date.UTC(year, months, 1));
  const quarter = month - (month % 3);
  if (name === 'days') return { from: new Date(now.getTime() - 30 * dayMs), to: now };
  if (name === 'month') return { from: first(month - 1), to: first(month) };
  if (name === 'quarter') return { from: first(quarter - 3), to: first(quarter) };
  if (name === 'year') return { from: new Date(Date.UTC(year - 1, month, now.getUTCDate())), to: now };
  const [from, last] = [Date.parse(dates.from), Date.parse(dates.to)];
  if (Number.isNaN(from) || Number.isNaN(last) || last < from || from > now.getTime()) return null;
  return { from: new Date(from), to: new Date(last + dayMs) };
}

/** What the API takes: the period, and what limits the report. */
export function reportQuery({ from, to }: Period, scope: Readonly<Record<string, string>>): string {
  const given = Object.entries(scope).filter(([, value]) => value.trim() !== '');
  return new URLSearchParams({
    from: from.toISOString(),
    to: to.toISOString(),
    ...Object.fromEntries(given.map(([name, value]) => [name, value.trim()])),
  }).toString();
}
