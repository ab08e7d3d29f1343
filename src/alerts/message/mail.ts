import { valueText } from '../../lib/details-text.js';
import { escapeHtml, printable } from '../../lib/printable.js';
import type { Delivery } from '../../model/delivery.js';
import { placeText, type Finding } from '../../model/finding.js';
import { targetOfKey, type Target } from '../../model/target.js';
import { boundedDetails, digest, type Digest } from './digest.js';

/** With base64 and headers the message stays well under 1 MB. */
const limits = { maxItems: 200, maxBytes: 600_000 };

/** What one mail says. `subject` is one printable line. */
export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

interface Part {
  readonly text: string;
  readonly html: string;
}

/** Writes the digest of a delivery as plain text and as simple HTML; hostile text is escaped in both. */
export function mailOf(delivery: Delivery, findings: readonly Finding[]): MailText {
  const size = (part: Part): number => Buffer.byteLength(part.text) + Buffer.byteLength(part.html);
  const fitted = digest(findings, limits, part, size);
  const summary = summarize(fitted);
  const rest = restOf(fitted, delivery);
  return {
    subject: subjectOf(fitted, findings, delivery),
    text: [`${summary}.`, ...fitted.shown.map(({ text }) => text), ...rest].join('\n\n') + '\n',
    html:
      '<!doctype html><html><head><meta charset="utf-8"></head><body style="font-family:sans-serif">' +
      `<p>${escapeHtml(summary, 1_000)}.</p>${fitted.shown.map(({ html }) => html).join('')}` +
      `${rest.map((line) => `<p>${escapeHtml(line, 4_000)}</p>`).join('')}</body></html>`,
  };
}

function subjectOf(fitted: Digest<Part>, findings: readonly Finding[], delivery: Delivery): string {
  const counts = countsOf(fitted);
  const [only] = findings;
  if (fitted.total === 1 && only !== undefined)
    return `[Certglass] ${counts}: ${printable(only.title, 120)} (${printable(placeText(only), 120)})`;
  return `[Certglass] ${counts} (${delivery.id.slice(0, 8)})`;
}

function summarize(fitted: Digest<Part>): string {
  const noun = fitted.total === 1 ? '1 finding' : `${fitted.total} findings`;
  return `${noun}: ${countsOf(fitted)}`;
}

function countsOf(fitted: Digest<Part>): string {
  const open = fitted.open.map(({ severity, count }) => `${count} ${severity}`);
  return [...open, ...(fitted.resolved > 0 ? [`${fitted.resolved} resolved`] : [])].join(', ') || 'nothing';
}

function restOf(fitted: Digest<Part>, delivery: Delivery): string[] {
  if (fitted.omitted === 0) return [];
  const byRule = fitted.omittedByRule
    .slice(0, 40)
    .map(({ rule, count }) => `${printable(rule, 80)} ${count}`);
  return [
    `And ${fitted.omitted} more that do not fit into this message, by rule: ${byRule.join(', ')}. ` +
      `All of them: /api/v1/deliveries?id=${delivery.id}, or the command certglass findings.`,
  ];
}

function part(finding: Finding): Part {
  const details = boundedDetails(finding, valueText);
  const more = details.left > 0 ? [['', `and ${details.left} more details`] as const] : [];
  const rows = [...factsOf(finding), ...details.entries, ...more];
  const title = `${finding.state === 'resolved' ? 'RESOLVED' : finding.severity.toUpperCase()}  ${finding.title}`;
  const lines = rows.map(([key, value]) => `  ${printable(key, 60).padEnd(18)}  ${printable(value, 400)}`);
  const cells = rows.map(
    ([key, value]) => `<tr><td>${escapeHtml(key, 60)}</td><td>${escapeHtml(value, 400)}</td></tr>`,
  );
  return {
    text: [printable(title, 250), ...lines].join('\n'),
    html: `<h3>${escapeHtml(title, 250)}</h3><table cellpadding="2">${cells.join('')}</table>`,
  };
}

function factsOf(finding: Finding): (readonly [string, string])[] {
  return [
    ['where', placeText(finding)],
    ...(finding.subject.kind === 'endpoint' ? endpointFacts(targetOfKey(finding.subject.key)) : []),
    ['rule', finding.rule],
    ['open since', finding.openedAt.toISOString()],
    ...(finding.resolvedAt === null ? [] : [['resolved', finding.resolvedAt.toISOString()] as const]),
    ...(finding.certificateSha256 === null ? [] : [['certificate', finding.certificateSha256] as const]),
    ['finding', finding.id],
  ];
}

function endpointFacts({ address, serverName, starttls }: Target): (readonly [string, string])[] {
  return [
    ['address', address ?? 'none: the name did not resolve'],
    ['server name', serverName ?? 'none sent'],
    ...(starttls === null ? [] : [['STARTTLS', starttls] as const]),
  ];
}
