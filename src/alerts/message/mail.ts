import { escapeHtml, printable } from '../../lib/printable.js';
import type { Alert, Message } from '../channel.js';
import { badgeOf, factsBeside, factsOf, headlineOf, titleOf } from './anatomy.js';
import { fit, limits, moreText } from './limits.js';
import { plain, writeText } from './write.js';

/** What one mail says. `subject` is one printable line. */
export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Writes a message as plain text and as simple HTML that needs no images; hostile text is escaped in both. */
export function mailOf(message: Message): MailText {
  const { headline, body } = writeText(message, limits.email, plain);
  const { shown, omitted } = fit(message, limits.email, sectionOf, (html) => html);
  const facts = factsBeside(message);
  const beside = facts.length === 0 ? '' : tableOf(facts);
  const more = moreText(omitted);
  const last = [
    ...(more === null ? [] : [escapeHtml(more)]),
    ...(message.link === null ? [] : [anchor(message.link, 'Open in Certglass')]),
  ];
  return {
    subject: `[Certglass] ${printable(headlineOf(message), 180)}`,
    text: `${headline}\n\n${body}\n`,
    html: page(
      `<h1>${escapeHtml(headlineOf(message), 200)}</h1>${shown.join('')}${beside}` +
        (last.length === 0 ? '' : `<p>${last.join(' &middot; ')}</p>`),
    ),
  };
}

function sectionOf(alert: Alert, maxText: number): string {
  const colour = alert.state === 'resolved' ? 'resolved' : alert.severity;
  const title = `<h2><span class="${colour}">${escapeHtml(badgeOf(alert), 60)}</span> ${escapeHtml(alert.title, 200)}</h2>`;
  const link = alert.link === null ? '' : `<p>${anchor(alert.link, 'Open this finding')}</p>`;
  return `<section title="${escapeHtml(titleOf(alert), 200)}">${title}${tableOf(factsOf(alert), maxText)}${link}</section>`;
}

function tableOf(facts: readonly (readonly [string, string])[], maxText = 300): string {
  const rows = facts.map(
    ([label, text]) =>
      `<tr><td class="l">${escapeHtml(label, 60)}</td><td>${escapeHtml(text, maxText)}</td></tr>`,
  );
  return `<table role="presentation">${rows.join('')}</table>`;
}

/** Only ever a page of the console. */
function anchor(url: string, label: string): string {
  return `<a href="${escapeHtml(url, 1_000)}">${label}</a>`;
}

/** Narrow clients break long words; dark ones are told that both are fine, and get colours that are readable on either. */
const style = `
body{margin:0;padding:16px;font:15px/1.45 -apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;color:#1b1f24;background:#fff}
main{display:block;max-width:640px;margin:0 auto}
h1{font-size:18px;margin:0 0 12px}
h2{font-size:15px;margin:16px 0 6px}
table{border-collapse:collapse;width:100%}
td{padding:3px 8px 3px 0;vertical-align:top;word-break:break-word;overflow-wrap:anywhere}
td.l{width:110px;color:#59636e}
span{padding:1px 6px;border-radius:3px;color:#fff;font-size:12px;background:#59636e}
span.critical{background:#a40e26}
span.error{background:#c4432b}
span.warning{background:#8a6100}
span.resolved{background:#1a7f37}
@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}td.l{color:#9198a1}a{color:#6cb6ff}}
@media(max-width:480px){td,td.l{display:block;width:auto;padding:0}td.l{padding-top:6px;font-size:13px}}`;

function page(body: string): string {
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">' +
    `<title>Certglass</title><style>${style}</style></head><body><main>${body}</main></body></html>`
  );
}
