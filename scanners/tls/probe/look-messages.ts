import type { Target } from '../../../src/model/target.js';
import type { ConnectionResult, Route } from '../wire/connection.js';
import type { LookOptions } from './look.js';

/** A look that a worker is to take. */
export interface Question {
  readonly id: number;
  readonly target: Target;
  readonly route: Pick<Route, 'address' | 'port' | 'sourceAddress'>;
  readonly options: LookOptions;
  /** Time left to its deadline; clocks differ between threads. */
  readonly leftMs: number;
}

/** What it saw. */
export interface Answered {
  readonly id: number;
  readonly look: ConnectionResult;
}
