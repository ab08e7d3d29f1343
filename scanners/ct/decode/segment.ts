import { joinRanges, type CompactRange } from '../../../src/ct/compact-range.js';
import { HttpError } from '../read/http.js';
import type { LogReader, SignedHead } from '../read/log-reader.js';
import { rangeOf, type DecodedPage } from '../read/page-collector.js';
import { rangeProves } from '../read/range-proof.js';

/** Proofs asked for before a proof that does not verify is believed to be the best the log has. */
const proofAttempts = 3;

/** The first pages of a segment that hash to a signed root. */
export interface ProvedPages {
  readonly pages: readonly DecodedPage[];
  /** The range grown by them. */
  readonly range: CompactRange;
}

/**
 * Finds how many of `pages`, which follow on `range`, belong to the tree that `head` was signed for: all in the usual case,
 * else up to the first that does not, found by halving. null when the log gives no consistency proofs and the pages do not
 * end at the head.
 */
export async function provePages(
  range: CompactRange,
  pages: readonly DecodedPage[],
  head: SignedHead,
  reader: LogReader,
  signal: AbortSignal,
): Promise<ProvedPages | null> {
  const ranges = [range];
  for (const page of pages) ranges.push(joinRanges(ranges.at(-1) ?? range, rangeOf(page)));
  const proves = async (count: number): Promise<boolean> =>
    count === 0 || provesInEnd(ranges[count] ?? range, head, reader, signal);
  try {
    if (await proves(pages.length)) return { pages, range: ranges.at(-1) ?? range };
    let good = 0;
    let bad = pages.length;
    while (bad - good > 1) {
      const middle = Math.floor((good + bad) / 2);
      if (await proves(middle)) good = middle;
      else bad = middle;
    }
    return { pages: pages.slice(0, good), range: ranges[good] ?? range };
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}

async function provesInEnd(
  range: CompactRange,
  head: SignedHead,
  reader: LogReader,
  signal: AbortSignal,
): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    if (await rangeProves(range, head, reader.consistency, signal)) return true;
    if (range.end === head.treeSize || attempt >= proofAttempts) return false;
    reader.forget();
  }
}

/** The log answers, but not to this question. */
function isRefusal(error: unknown): boolean {
  return error instanceof HttpError && error.status >= 400 && error.status < 500 && error.status !== 429;
}
