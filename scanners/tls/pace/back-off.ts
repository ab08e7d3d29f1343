import type { Outcome } from '../../../src/model/observation.js';

/** Outcomes that say a network suffers, rather than that nothing is there. */
const failing = new Set<Outcome>(['reset', 'silent', 'timeout', 'unreachable', 'closed']);

/** How a network has fared. */
interface NetworkState {
  answered: boolean;
  misses: number;
  slowdown: number;
}

/**
 * Doubles the pause between connections to a network, up to 16 times, each time four looks in a row fail after something
 * there had answered; halves it with every answer.
 */
export class BackOff {
  readonly #networks = new Map<string, NetworkState>();

  slowdown(network: string): number {
    return this.#networks.get(network)?.slowdown ?? 1;
  }

  learn(network: string, outcome: Outcome): void {
    const state = this.#networks.get(network) ?? this.#remember(network);
    if (!failing.has(outcome)) {
      state.answered = true;
      state.misses = 0;
      state.slowdown = Math.max(1, state.slowdown / 2);
    } else if (state.answered) {
      state.misses += 1;
      if (state.misses % 4 === 0) state.slowdown = Math.min(16, state.slowdown * 2);
    }
  }

  /** Forgets the networks met first when there are too many. */
  #remember(network: string): NetworkState {
    const state = { answered: false, misses: 0, slowdown: 1 };
    this.#networks.set(network, state);
    const [oldest] = this.#networks.size > 50_000 ? this.#networks.keys() : [];
    if (oldest !== undefined) this.#networks.delete(oldest);
    return state;
  }
}
