import type { Message } from '../channel.js';
import { countsOf, headlineOf } from './anatomy.js';
import { limits } from './limits.js';
import { plain, writeText } from './write.js';

const placeholder = /\{\{\s*([A-Za-z]+)\s*\}\}/g;

const values: Readonly<Record<string, (message: Message) => string>> = {
  headline: headlineOf,
  text: (message) => {
    const { headline, body } = writeText(message, limits.webhook, plain);
    return `${headline}\n${body}`;
  },
  counts: countsOf,
  link: ({ link }) => link ?? '',
  id: ({ id }) => id,
  severity: ({ open }) => open[0]?.severity ?? 'resolved',
};

/** Fills a JSON template; values go into strings only, escaped as JSON, so no text can change the structure. */
export function fillTemplate(template: string, message: Message): string {
  return JSON.stringify(JSON.parse(template), (_key, value: unknown) =>
    typeof value === 'string'
      ? value.replace(placeholder, (whole, name: string) => values[name]?.(message) ?? whole)
      : value,
  );
}

/** What is wrong with a template; null when nothing is. */
export function templateFault(template: string): string | null {
  try {
    JSON.parse(template);
  } catch {
    return 'must be JSON, with placeholders inside of strings';
  }
  for (const [, name = ''] of template.matchAll(placeholder))
    if (!Object.hasOwn(values, name))
      return `{{${name}}} is not known; there are ${Object.keys(values)
        .map((known) => `{{${known}}}`)
        .join(', ')}`;
  return null;
}
