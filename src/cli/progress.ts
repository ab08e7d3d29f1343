import { durationText } from '../lib/duration-text.js';
import { createStatusLine, type StatusStream } from './status-line.js';

/** How far a scan is. */
export interface ProgressState {
  /** Probes that ended, whatever their outcome. */
  readonly done: number;
  /** Probes there will be; null while nobody knows. */
  readonly total: number | null;
  /** Of `done`, how many ended how; `ok` brought a certificate. */
  readonly outcomes: Readonly<Record<string, number>>;
}

/** A line that tells how far the work is. */
export interface ProgressLine {
  /** Shows the state, if the last showing was long enough ago. */
  update(state: ProgressState): void;
  /** Takes the line away, so that other text can be written; the next update brings it back. */
  clear(): void;
}

/** A progress line on `stream` where it is a terminal; silent elsewhere. `clockMs` counts milliseconds, monotonic. */
export function createProgress(
  stream: StatusStream,
  clockMs: () => number = () => performance.now(),
): ProgressLine {
  const line = createStatusLine(stream, undefined, clockMs);
  const startedAt = clockMs();
  return {
    update: (state) => line.update(() => progressLine(state, clockMs() - startedAt)),
    clear: () => line.clear(),
  };
}

/**
 * `1,200 of 10,000 endpoints (12 %), 98 with a certificate, 1,100 refused, 2 silent, 400/s, about 22 s left`: the three most
 * frequent other outcomes. The rate is the average since the start; the
 * time left is told from the second second on, and only where the total is known.
 */
export function progressLine({ done, total, outcomes }: ProgressState, elapsedMs: number): string {
  const rate = elapsedMs > 0 ? (done * 1000) / elapsedMs : 0;
  const parts = [
    total === null
      ? `${done.toLocaleString('en')} endpoints`
      : `${done.toLocaleString('en')} of ${total.toLocaleString('en')} endpoints (${percent(done, total)} %)`,
    `${(outcomes['ok'] ?? 0).toLocaleString('en')} with a certificate`,
    ...otherOutcomes(outcomes),
  ];
  if (elapsedMs >= 1000)
    parts.push(`${rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString('en')}/s`);
  if (elapsedMs >= 2000 && total !== null && rate > 0 && done < total)
    parts.push(`about ${durationText((total - done) / rate)} left`);
  return parts.join(', ');
}

function otherOutcomes(outcomes: ProgressState['outcomes']): string[] {
  return Object.entries(outcomes)
    .filter(([outcome, count]) => outcome !== 'ok' && count > 0)
    .sort(([, x], [, y]) => y - x)
    .slice(0, 3)
    .map(([outcome, count]) => `${count.toLocaleString('en')} ${outcome}`);
}

/** Rounded down: 100 % means all. */
function percent(done: number, total: number): number {
  return total > 0 ? Math.floor((100 * done) / total) : 100;
}
