/** The words of a text: one a line, or separated by commas or spaces. */
export function wordsOf(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}
