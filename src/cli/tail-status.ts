import { durationText } from '../lib/duration-text.js';
import { positionOf, type LogProgress } from '../../scanners/ct/follow/progress.js';
import type { FollowerReport } from '../../scanners/ct/follow/follower-context.js';
import { count } from './render-text.js';

/** How far each log is, for one line about all of them. */
export interface TailStatus {
  note(logId: string, progress: LogProgress, report: Pick<FollowerReport, 'entriesPerSecond'>): void;
  /** `60 logs: 1,234,567 entries read, 850/s, 12,000 behind, about 15 s left, 3 matches`. */
  line(): string;
}

interface LogStatus {
  readonly read: number;
  readonly matched: number;
  readonly behind: number;
  readonly rate: number;
}

/** See {@link TailStatus}. What was read before counts from the first note of each log on. */
export function createTailStatus(): TailStatus {
  const logs = new Map<string, LogStatus>();
  const before = new Map<string, { readonly entries: number; readonly matched: number }>();
  return {
    note(logId, progress, { entriesPerSecond }) {
      const { entries, matched } = progress.counts;
      const start = before.get(logId) ?? { entries, matched };
      before.set(logId, start);
      const behind = progress.target === null ? 0 : progress.target.treeSize - positionOf(progress);
      logs.set(logId, {
        read: entries - start.entries,
        matched: matched - start.matched,
        behind: Math.max(0, behind),
        rate: entriesPerSecond,
      });
    },
    line() {
      const all = [...logs.values()];
      const sum = (of: (status: LogStatus) => number): number =>
        all.reduce((total, one) => total + of(one), 0);
      const [behind, rate] = [sum((one) => one.behind), sum((one) => one.rate)];
      const matched = sum((one) => one.matched);
      return [
        `${count(logs.size, 'log')}: ${sum((one) => one.read).toLocaleString('en')} entries read`,
        `${Math.round(rate).toLocaleString('en')}/s`,
        behind === 0 ? 'at the head' : `${behind.toLocaleString('en')} behind`,
        ...(behind > 0 && rate >= 1 ? [`about ${durationText(behind / rate)} left`] : []),
        `${matched.toLocaleString('en')} ${matched === 1 ? 'match' : 'matches'}`,
      ].join(', ');
    },
  };
}
