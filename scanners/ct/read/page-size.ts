/** How many entries a log gives at once, learned from its answers (RFC 6962 section 4.6 lets it give fewer than asked). */
export interface PageSize {
  /** End of the page that starts at `start`: the next multiple of the page size, for caches; at most `limit`. */
  end(start: number, limit: number): number;
  /** Hears of every answer. One short answer means nothing, two equal ones in a row a smaller page. */
  learned(start: number, asked: number, got: number): void;
  /** The answer was over the byte limit: ask for half as much. */
  tooLarge(): void;
}

/** Full pages in a row after which a larger page is tried again. */
const growAfter = 64;

/** Starts at `largest`, which is also the most ever asked for. */
export function createPageSize(largest: number): PageSize {
  let size = largest;
  let lastShort = 0;
  let full = 0;
  return {
    end: (start, limit) => Math.min((Math.floor(start / size) + 1) * size, limit),
    learned(start, asked, got) {
      if (asked !== size || start % size !== 0) return;
      if (got === asked) {
        lastShort = 0;
        full += 1;
        if (full < growAfter || size >= largest) return;
        size = Math.min(largest, size * 2);
        full = 0;
        return;
      }
      full = 0;
      if (got === lastShort) {
        size = got;
        lastShort = 0;
      } else lastShort = got;
    },
    tooLarge() {
      size = Math.max(1, Math.floor(size / 2));
      full = 0;
    },
  };
}
