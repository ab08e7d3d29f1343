import type { Rule } from '../rules/rule.js';
import { severityColour, type Look } from './look.js';
import { renderTable } from './table.js';

/** Every rule with its severity and the standard it rests on. */
export function renderRules(rules: readonly Rule[], look: Look): string {
  return renderTable(
    rules,
    [
      { title: 'RULE', text: ({ id }) => id, minWidth: 24 },
      {
        title: 'SEVERITY',
        text: ({ severity }) => severity,
        colour: ({ severity }) => severityColour(severity),
      },
      { title: 'TITLE', text: ({ title }) => title, minWidth: 24 },
      { title: 'CITATION', text: ({ citation }) => citation, minWidth: 20, optional: true },
    ],
    look,
  );
}
