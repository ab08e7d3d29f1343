import { fitWidth } from '../lib/display-width.js';
import { lookOf } from './look.js';

/** One line at the bottom of a terminal that is written again and again. */
export interface StatusLine {
  /** Shows what `text` gives, if the last showing was long enough ago. */
  update(text: () => string): void;
  /** Takes the line away, so that other text can be written; the next update brings it back. */
  clear(): void;
}

/** The stream a status line is written to: stderr, or a test's. */
export interface StatusStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** A status line on `stream` where it is a terminal; silent elsewhere. `clockMs` counts milliseconds, monotonic. */
export function createStatusLine(
  stream: StatusStream,
  everyMs = 200,
  clockMs: () => number = () => performance.now(),
): StatusLine {
  if (stream.isTTY !== true) return { update() {}, clear() {} };
  let shownAt = -Infinity;
  let visible = false;
  return {
    update(text) {
      const now = clockMs();
      if (now - shownAt < everyMs) return;
      shownAt = now;
      visible = true;
      const columns = lookOf(stream, {}).width ?? 80;
      stream.write(`\r\u001b[K${fitWidth(text(), columns - 1)}`);
    },
    clear() {
      if (visible) stream.write('\r\u001b[K');
      visible = false;
      shownAt = -Infinity;
    },
  };
}
