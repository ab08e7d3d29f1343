import { domainToUnicode } from 'node:url';

/**
 * Letters of other scripts that look like ASCII ones (Unicode UTS 39, confusables), those that IDN registries let through.
 * Letters with marks need no line here: the marks are taken off first.
 */
const lookalikeLetters: Readonly<Record<string, string>> = {
  a: 'аɑαạ',
  b: 'ЬƄбƅ',
  c: 'сϲᴄⅽ',
  d: 'ԁɗժ',
  e: 'еҽєɛ',
  f: 'ƒϝẝ',
  g: 'ɡցǥ',
  h: 'һհ',
  i: 'іıɩιӏɪ',
  j: 'јϳ',
  k: 'кκᴋ',
  l: 'ⅼɫłƚ',
  m: 'мⅿɱ',
  n: 'ոռпηɲ',
  o: 'оοօσᴏøө',
  p: 'рρϱ',
  q: 'ԛգ',
  r: 'гᴦɾ',
  s: 'ѕꜱʂ',
  t: 'тτᴛŧ',
  u: 'υսʋᴜ',
  v: 'ѵνᴠ',
  w: 'ԝωшɯᴡ',
  x: 'хχ',
  y: 'уүγყ',
  z: 'ᴢʐƶ',
};

const plain = new Map(
  Object.entries(lookalikeLetters).flatMap(([letter, others]) => [...others].map((other) => [other, letter])),
);

/** Digits that stand for letters; i and l are one, for capital I and small l are. */
const digits: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  i: 'l',
};

/** A label as people read it: `xn--` labels are decoded. */
export function readable(label: string): string {
  return label.startsWith('xn--') ? domainToUnicode(label) || label : label;
}

/**
 * What a readable label looks like: labels that a reader may take for each other have the same skeleton. What is not ASCII after
 * all that is kept.
 */
export function skeletonOf(label: string): string {
  const bare = label.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  let skeleton = '';
  for (const letter of bare) {
    const ascii = plain.get(letter) ?? letter;
    skeleton += digits[ascii] ?? ascii;
  }
  return skeleton.replaceAll('rn', 'm').replaceAll('vv', 'w');
}

/** True for readable labels whose skeleton may differ from the label itself. */
export function needsSkeleton(label: string): boolean {
  return /[013457i]|rn|vv|[^ -~]/.test(label);
}
