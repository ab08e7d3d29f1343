import type { Tone } from '../ui/severity.js';

/** Outcomes of probes that mean the same to a reader, in the words of the console. */
export interface OutcomeClass {
  readonly codes: readonly string[];
  readonly words: string;
  /** Class of the fill in bars. */
  readonly fill: 'o-ok' | 'o-quiet' | 'o-no' | 'o-bad' | 'o-err';
}

/** Every class, in the order in which bars show them. */
export const outcomeClasses: readonly OutcomeClass[] = [
  { codes: ['ok'], words: 'Certificate received', fill: 'o-ok' },
  { codes: ['refused'], words: 'Connection refused', fill: 'o-quiet' },
  { codes: ['timeout', 'unreachable'], words: 'No answer', fill: 'o-quiet' },
  { codes: ['plain-http', 'not-tls', 'starttls-refused'], words: 'Speaks no TLS', fill: 'o-no' },
  { codes: ['alert', 'no-certificate'], words: 'TLS without a certificate', fill: 'o-bad' },
  { codes: ['reset', 'closed', 'silent'], words: 'Broken off', fill: 'o-bad' },
  { codes: ['protocol-error', 'too-large'], words: 'Breaks the protocol', fill: 'o-err' },
  { codes: ['out-of-scope'], words: 'Outside the scope, nothing sent', fill: 'o-no' },
  { codes: ['unresolved'], words: 'Name without an address', fill: 'o-no' },
];

/** How an outcome is marked. */
export function outcomeTone(outcome: string): Tone {
  if (outcome === 'ok') return 'ok';
  const known = outcomeClasses.find(({ codes }) => codes.includes(outcome));
  return known?.fill === 'o-err' ? 'error' : known?.fill === 'o-bad' ? 'warning' : 'off';
}

/** Counts by class; classes without any are left out. Outcomes this console does not know form a class of their own. */
export function byClass(
  outcomes: Readonly<Record<string, number>>,
): readonly (OutcomeClass & { readonly count: number })[] {
  const known = new Set(outcomeClasses.flatMap(({ codes }) => codes));
  const others = Object.keys(outcomes).filter((code) => !known.has(code));
  return [...outcomeClasses, { codes: others, words: 'Other', fill: 'o-no' as const }]
    .map((group) => ({
      ...group,
      count: group.codes.reduce((sum, code) => sum + (outcomes[code] ?? 0), 0),
    }))
    .filter((group) => group.count > 0);
}
