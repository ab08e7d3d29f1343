import { printable } from '../../lib/printable.js';

/** Hostile text for a sentence: escaped, and cut to 200 characters. */
export function quote(text: string): string {
  return printable(text, 200);
}
