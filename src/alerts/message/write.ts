import type { Alert, Message } from '../channel.js';
import { factsBeside, factsOf, headlineOf, oneLine, titleOf } from './anatomy.js';
import { fit, moreText, type MediumLimits } from './limits.js';

/** How a medium writes text. */
export interface Dialect {
  /** Makes hostile text inert: no markup, no mention, no link of its own. It is one printable line already. */
  escape(line: string): string;
  /** Emphasis around text that was escaped. */
  bold(escaped: string): string;
  /** A link to a page of our own. */
  link(label: string, url: string): string;
}

/** Plain text: nothing is special. */
export const plain: Dialect = {
  escape: (line) => line,
  bold: (text) => text,
  link: (label, url) => `${label}: ${url}`,
};

/** A message as text of a medium. */
export interface WrittenText {
  /** One line, escaped. */
  readonly headline: string;
  /** Everything below the headline. */
  readonly body: string;
}

/** Writes a message: the headline, whole findings as far as they fit, how many more there are, and the link. */
export function writeText(message: Message, limits: MediumLimits, dialect: Dialect): WrittenText {
  const line = (text: string, max: number): string => dialect.escape(oneLine(text, max));
  const headline = line(headlineOf(message), 200);
  const beside = factsBeside(message);
  if (beside.length > 0) {
    const facts = beside.map(([label, text]) => `${label}: ${line(text, 200)}`);
    return { headline, body: facts.join('\n') };
  }
  const render = (alert: Alert, maxText: number): string =>
    alertText(alert, message.total > 1, maxText, dialect);
  const { shown, omitted } = fit(message, limits, render, (text) => `${text}\n\n`);
  const more = moreText(omitted);
  const page = message.total === 1 ? null : message.link;
  const last = [more, page === null ? null : dialect.link('All of them', page)].filter(
    (part) => part !== null,
  );
  return { headline, body: [...shown, ...(last.length === 0 ? [] : [last.join(' - ')])].join('\n\n') };
}

/** One finding: title (where there are several), facts and link; no text is longer than `maxText`. */
function alertText(
  alert: Alert,
  withTitle: boolean,
  maxText: number,
  { escape, bold, link }: Dialect,
): string {
  const title = withTitle ? [bold(escape(oneLine(titleOf(alert), Math.min(200, maxText))))] : [];
  const facts = factsOf(alert).map(
    ([label, text]) => `${escape(oneLine(label, Math.min(60, maxText)))}: ${escape(oneLine(text, maxText))}`,
  );
  return [...title, ...facts, ...(alert.link === null ? [] : [link('Open in Certglass', alert.link)])].join(
    '\n',
  );
}
