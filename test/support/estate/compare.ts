import type { Finding } from '../../../src/model/finding.js';
import { answerKey } from './answer-key.js';
import type { World } from './world.js';

/** Notices that the answer key knows; every finding from warning on has to be in it anyway. */
const knownNotices = new Set([
  'certificate-changed',
  'dangling-name',
  'endpoint-gone',
  'issuer-changed',
  'key-reuse',
  'new-endpoint',
  'not-in-use',
  'unused',
  'watched-name',
]);

/** How the findings of a rule compare with the answer key, summed over the days that were judged. */
export interface Score {
  expected: number;
  found: number;
  right: number;
}

/** How the findings of some days compare with the answer key. */
export interface Comparison {
  readonly scores: Map<string, Score>;
  /** In the key and not found, or the reverse; a sentence each. */
  readonly faults: string[];
}

/** Compares what is open after the scan at this instant with what has to be, and adds it to `comparison`. */
export function compare(world: World, at: number, open: readonly Finding[], comparison: Comparison): void {
  const key = answerKey(world, at);
  const counted = open.filter(({ rule, severity }) => severity !== 'notice' || knownNotices.has(rule));
  const found = new Map(counted.map((one) => [`${one.rule} ${one.subject.kind} ${one.subject.key}`, one]));
  const scoreOf = (line: string): Score => {
    const rule = line.slice(0, line.indexOf(' '));
    const score = comparison.scores.get(rule) ?? { expected: 0, found: 0, right: 0 };
    comparison.scores.set(rule, score);
    return score;
  };
  const day = new Date(at).toISOString().slice(0, 10);
  for (const [line, story] of key) {
    scoreOf(line).expected += 1;
    if (found.has(line)) scoreOf(line).right += 1;
    else comparison.faults.push(`${day} missed: ${line} (${story})`);
  }
  for (const [line, { title, severity }] of found) {
    scoreOf(line).found += 1;
    if (!key.has(line)) comparison.faults.push(`${day} wrong: ${line} (${severity}: ${title})`);
  }
}
