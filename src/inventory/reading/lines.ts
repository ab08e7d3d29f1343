import { textChunks } from '../../lib/decode-text.js';

/** One line of a text file, without its line end. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** The line was longer than allowed and `text` is its beginning. */
  readonly cut: boolean;
}

/** Splits UTF-8 bytes into lines (LF or CRLF). Holds one chunk and one line of at most `maxLength` characters at a time. */
export async function* lines(
  chunks: AsyncIterable<Uint8Array>,
  maxLength = 1_000_000,
): AsyncGenerator<Line, void, undefined> {
  let number = 1;
  let begun = '';
  let cut = false;
  const line = (): Line => ({ number, text: withoutReturn(begun), cut });
  const grow = (part: string): void => {
    cut ||= begun.length + part.length > maxLength;
    if (begun.length < maxLength) begun = (begun + part).slice(0, maxLength);
  };
  for await (const chunk of textChunks(chunks)) {
    const parts = chunk.split('\n');
    const rest = parts.pop() ?? '';
    for (const part of parts) {
      grow(part);
      yield line();
      number += 1;
      begun = '';
      cut = false;
    }
    grow(rest);
  }
  if (begun !== '') yield line();
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}
