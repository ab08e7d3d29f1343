/**
 * Makes hostile text safe to show in one line: control, format (bidirectional, zero-width), line-separating, private and
 * unpaired-surrogate characters become `\u{hex}`, and what exceeds `maxCharacters` (code points) is cut with `...`.
 * Markup is not touched: HTML, CSV and the like need their own escaping on top.
 */
export function printable(text: string, maxCharacters = 500): string {
  // Cut first, so that the cost does not grow with the text; a code point is at most two units.
  const head = text.length > 2 * maxCharacters ? text.slice(0, 2 * maxCharacters) : text;
  const characters = Array.from(head);
  const shown = characters.length > maxCharacters ? characters.slice(0, maxCharacters) : characters;
  const cut = shown.length < characters.length || head.length < text.length;
  const safe = shown.join('').replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
  return cut ? `${safe}...` : safe;
}

/** Escapes text for HTML element content and quoted attributes; control characters become `\u{hex}` first. */
export function escapeHtml(text: string, maxCharacters = 500): string {
  return printable(text, maxCharacters)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
