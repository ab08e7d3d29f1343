import { rules } from './index.js';

/** Ids of the rules that supersede the findings of this one. */
export function worseThan(id: string): readonly string[] {
  return rules.filter(({ supersedes }) => supersedes?.includes(id) === true).map((rule) => rule.id);
}
