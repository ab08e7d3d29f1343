import type { Outcome } from './observation.js';

/** One run of a scan. */
export interface ScanRun {
  readonly id: string;
  readonly name: string;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly targets: number;
  /** Observations by outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Opaque resume point; null when finished or not resumable. */
  readonly resume: string | null;
}

/** How far a scan is. */
export interface ScanProgress {
  /** Endpoints probed. */
  readonly done: number;
  /** Endpoints in all; null while that cannot be known. Names count as one until they are resolved. */
  readonly total: number | null;
  /** Endpoints per second since the start. */
  readonly rate: number;
  /** Seconds left at this rate; null when the total is unknown or nothing was done yet. */
  readonly secondsLeft: number | null;
  readonly outcomes: Readonly<Record<Outcome, number>>;
}
