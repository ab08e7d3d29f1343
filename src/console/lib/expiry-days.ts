const dayMs = 86_400_000;

/** Served certificates that expire on one day. */
export interface ExpiryDay {
  readonly day: string;
  readonly overdue: number;
  readonly notInstalled: number;
  readonly onCourse: number;
}

/** Days joined to steps of several days, named after the first: narrow pictures have no room for single days. */
export function joined(days: readonly ExpiryDay[], from: Date, step: number): readonly ExpiryDay[] {
  const sums = new Map<number, ExpiryDay>();
  for (const one of days) {
    const index = Math.floor((Date.parse(one.day) - from.getTime()) / (step * dayMs));
    const sum = sums.get(index);
    sums.set(index, {
      day: new Date(from.getTime() + index * step * dayMs).toISOString(),
      overdue: one.overdue + (sum?.overdue ?? 0),
      notInstalled: one.notInstalled + (sum?.notInstalled ?? 0),
      onCourse: one.onCourse + (sum?.onCourse ?? 0),
    });
  }
  return [...sums.values()];
}
