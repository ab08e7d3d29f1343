import type { Target } from '../../../src/model/target.js';
import { ask, type Answer } from '../wire/ask.js';
import type { Route } from '../wire/connection.js';
import type { ByteLimits, StopAfter } from '../wire/server-flight.js';

/** How a survey may go about. */
export interface SurveyOptions {
  /** Absolute limit of the whole survey. */
  readonly surveyDeadlineMs: number;
  /** Limit of each of its connections. */
  readonly deadlineMs: number;
  readonly limits: ByteLimits;
  readonly sourceAddress: string | null;
  /** Why this target may not be connected to (any more); null when it may. */
  refusal(target: Target): string | null;
  /** Resolves when the endpoint may be connected to once more. */
  turn(target: Target): Promise<void>;
}

/** The survey cannot go on; what was learned stands. */
export class SurveyEndedError extends Error {}

/** Connections in a row that may bring nothing before a survey gives up. */
const maxFailures = 3;

/** Asks one endpoint question after question, politely, until it or the time is used up. */
export class Surveyor {
  readonly target: Target;
  readonly limits: ByteLimits;
  readonly #options: SurveyOptions;
  readonly #signal: AbortSignal;
  readonly #deadlineAt: number;
  #connections = 0;
  #failures = 0;

  constructor(target: Target, options: SurveyOptions, signal: AbortSignal) {
    this.target = target;
    this.limits = options.limits;
    this.#options = options;
    this.#signal = signal;
    this.#deadlineAt = performance.now() + options.surveyDeadlineMs;
  }

  get connections(): number {
    return this.#connections;
  }

  /** Waits for the turn of one more connection. Throws {@link SurveyEndedError} when there may be none. */
  async turn(): Promise<void> {
    await this.#options.turn(this.target);
    const refusal = this.#options.refusal(this.target);
    if (refusal !== null) throw new SurveyEndedError(refusal);
    if (this.#signal.aborted) throw new SurveyEndedError('the scan was stopped');
    if (performance.now() >= this.#deadlineAt) throw new SurveyEndedError('the deadline has passed');
    this.#connections += 1;
  }

  /** The way of one connection. */
  route(): Route {
    const deadlineAt = Math.min(performance.now() + this.#options.deadlineMs, this.#deadlineAt);
    const { address, port } = this.target;
    if (address === null) throw new SurveyEndedError('the name has no address');
    return { address, port, sourceAddress: this.#options.sourceAddress, deadlineAt, signal: this.#signal };
  }

  /** The answer to one hello. A reset or a shortage is tried once more; endpoints that fall silent end the survey. */
  async ask(hello: Uint8Array, stopAfter: StopAfter): Promise<Answer> {
    for (let attempt = 0; ; attempt += 1) {
      await this.turn();
      const answer = await ask(this.target, this.route(), hello, this.limits, stopAfter);
      const isMute = ['silent', 'timeout', 'refused', 'unreachable'].includes(answer.ending.outcome);
      this.#failures = isMute ? this.#failures + 1 : 0;
      if (this.#failures >= maxFailures)
        throw new SurveyEndedError(`the endpoint is ${answer.ending.outcome}`);
      if (!answer.isTransient || attempt > 0) return answer;
    }
  }
}
