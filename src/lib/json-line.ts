/**
 * One line of JSON that is safe to show: control, format (bidirectional, zero-width), private and unassigned characters and lone
 * surrogates stand as `\uXXXX`. Programs read the same value as from JSON.stringify; a terminal is not steered by it.
 */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/gu, escaped);
}

function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}
