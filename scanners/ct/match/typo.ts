/** How two labels differ by one slip of the finger, in words; null when it takes more or none. Insertion counts only where a letter is doubled or a neighbour is hit. */
export function typoOf(label: string, brand: string): string | null {
  const longer = label.length - brand.length;
  if (longer < -1 || longer > 1 || label === brand) return null;
  let at = 0;
  while (at < brand.length && label[at] === brand[at]) at += 1;
  if (longer === -1)
    return label.slice(at) === brand.slice(at + 1) ? `lacks the letter "${brand[at] ?? ''}"` : null;
  if (longer === 1) return insertion(label, brand, at);
  if (label.slice(at + 1) === brand.slice(at + 1)) return replacement(label[at] ?? '', brand[at] ?? '');
  const swapped = label[at] === brand[at + 1] && label[at + 1] === brand[at];
  return swapped && label.slice(at + 2) === brand.slice(at + 2)
    ? `swaps the letters "${brand.slice(at, at + 2)}"`
    : null;
}

function insertion(label: string, brand: string, at: number): string | null {
  if (label.slice(at + 1) !== brand.slice(at)) return null;
  const added = label[at] ?? '';
  const around = [brand[at - 1] ?? '', brand[at] ?? ''];
  if (around.includes(added)) return `doubles the letter "${added}"`;
  return around.some((letter) => areNeighbours(letter, added)) ? `adds the letter "${added}"` : null;
}

function replacement(typed: string, meant: string): string | null {
  return areNeighbours(typed, meant) ? `has "${typed}" for "${meant}", its neighbour on the keyboard` : null;
}

const rows = ['1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

/** True for keys that touch on a QWERTY keyboard. */
function areNeighbours(one: string, other: string): boolean {
  const [rowOne, columnOne] = placeOf(one);
  const [rowOther, columnOther] = placeOf(other);
  if (rowOne < 0 || rowOther < 0) return false;
  const down = rowOther - rowOne;
  const across = columnOther - columnOne;
  return down === 0 ? Math.abs(across) === 1 : Math.abs(down) === 1 && (across === 0 || across === -down);
}

function placeOf(key: string): readonly [number, number] {
  const row = rows.findIndex((keys) => key !== '' && keys.includes(key));
  return [row, rows[row]?.indexOf(key) ?? -1];
}

/** The label with each single letter left out, and itself: two labels one slip apart share one of these. */
export function* deletions(label: string): Generator<string> {
  yield label;
  for (let at = 0; at < label.length; at += 1) yield label.slice(0, at) + label.slice(at + 1);
}
