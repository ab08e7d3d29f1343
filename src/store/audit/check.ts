import { hashOfEntry, type ChainEnd, type ChainedEntry } from './chain.js';

/** One chain of the audit trail as it was found. */
export interface CheckedChain extends ChainEnd {
  /** Number of the first entry that is there. */
  readonly first: number;
  readonly entries: number;
}

/** What came of checking the audit trail; without faults it is as it was written. */
export interface AuditCheck {
  readonly chains: readonly CheckedChain[];
  /** Entries that were written before there were chains: nothing protects them but their digest in the first entry. */
  readonly earlier: number;
  /** Names of entries that were changed, removed or put in, a sentence each. At most 100. */
  readonly faults: readonly string[];
}

/** Action of the entry that stands for the entries which were deleted when their retention ended. */
export const trimAction = 'audit.trim';
/** Action of the entry that notes where another chain ended. */
export const joinAction = 'audit.join';
/** Action of the first entry of a chain. */
export const beginAction = 'audit.begin';

const mostFaults = 100;

interface Found {
  readonly start: ChainedEntry;
  last: ChainedEntry;
  entries: number;
}

/**
 * Checks entries ordered by chain and number: every hash, every link, every number. With `isPart` they are a part of a trail, which may
 * begin anywhere; otherwise what is missing at the start must be accounted for by a {@link trimAction} entry. `expected` are ends that the
 * chains reached once, known from elsewhere: the entries must still be there, or have been deleted after their retention.
 */
export class ChainCheck {
  readonly #isPart: boolean;
  readonly #expected: Map<string, ChainEnd>;
  readonly #found: Found[] = [];
  readonly #faults: string[] = [];
  readonly #trimmed: ChainEnd[] = [];
  readonly #joined: ChainEnd[] = [];
  #earlier = 0;

  constructor({
    isPart,
    expected = [],
  }: {
    readonly isPart: boolean;
    readonly expected?: readonly ChainEnd[];
  }) {
    this.#isPart = isPart;
    this.#expected = new Map(expected.map((end) => [keyOf(end), end]));
  }

  /** Takes the next entry; of number 0 are those from before there were chains. */
  take(entry: ChainedEntry): void {
    if (entry.number === 0) {
      this.#earlier += 1;
      return;
    }
    const found = this.#found.at(-1);
    const isNew = found?.last.chain !== entry.chain;
    if (hashOfEntry(entry) !== entry.hash || (entry.number === 1 && entry.previous !== ''))
      this.#fault(`${nameOf(entry)} was changed`);
    else if (!isNew) this.#link(found.last, entry);
    if (isNew) this.#found.push({ start: entry, last: entry, entries: 1 });
    else Object.assign(found, { last: entry, entries: found.entries + 1 });
    this.#expected.delete(keyOf(entry));
    if (entry.action === trimAction) this.#trimmed.push(JSON.parse(entry.details) as ChainEnd);
    if (entry.action === joinAction) this.#joined.push(JSON.parse(entry.details) as ChainEnd);
  }

  /** What was found. */
  result(): AuditCheck {
    if (!this.#isPart) {
      for (const { start } of this.#found) this.#checkStart(start);
      for (const end of this.#joined) this.#checkJoined(end);
    }
    for (const { chain, number } of this.#expected.values())
      if (!this.#trimmed.some((end) => end.chain === chain && end.number >= number))
        this.#fault(`entry ${number} of chain ${chain} is missing or was replaced: it was the last one once`);
    const chains = this.#found.map(({ start, last, entries }) => ({
      chain: last.chain,
      number: last.number,
      hash: last.hash,
      first: start.number,
      entries,
    }));
    return { chains, earlier: this.#earlier, faults: this.#faults };
  }

  #link(last: ChainedEntry, entry: ChainedEntry): void {
    const missing = entry.number - last.number - 1;
    if (missing < 0) this.#fault(`${nameOf(entry)} is there twice`);
    else if (missing > 0)
      this.#fault(
        `${rangeOf(last.number + 1, entry.number - 1)} missing, written between ${last.at.toISOString()} and ${entry.at.toISOString()}`,
      );
    else if (entry.previous !== last.hash)
      this.#fault(`${nameOf(entry)} does not follow entry ${last.number}: one of the two was replaced`);
  }

  #checkStart({ chain, number, previous, at }: ChainedEntry): void {
    if (number === 1) return;
    const isTrimmed = this.#trimmed.some(
      (end) => end.chain === chain && end.number === number - 1 && end.hash === previous,
    );
    if (!isTrimmed)
      this.#fault(
        `${rangeOf(1, number - 1)} missing, written before ${at.toISOString()}: no entry says that their retention ended`,
      );
  }

  #checkJoined({ chain, number, hash }: ChainEnd): void {
    const last = this.#found.find((one) => one.last.chain === chain)?.last;
    const isThere = last !== undefined && (last.number > number || last.hash === hash);
    const isTrimmed = this.#trimmed.some((end) => end.chain === chain && end.number === number);
    if (!isThere && !isTrimmed)
      this.#fault(`chain ${chain} does not reach entry ${number}: its end is missing`);
  }

  #fault(sentence: string): void {
    if (this.#faults.length < mostFaults) this.#faults.push(sentence);
  }
}

function keyOf({ chain, number, hash }: ChainEnd): string {
  return `${chain} ${number} ${hash}`;
}

function nameOf({ number, at, actor, action, subject }: ChainedEntry): string {
  return `entry ${number} (${at.toISOString()}, ${actor}, ${action} ${subject})`;
}

function rangeOf(first: number, last: number): string {
  return first === last ? `entry ${first} is` : `entries ${first} to ${last} are`;
}
