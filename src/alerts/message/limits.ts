import type { Alert, Message } from '../channel.js';

/** What one message of a medium may hold. */
export interface MediumLimits {
  /** Findings shown at most. */
  readonly maxAlerts: number;
  /** Size of all findings together, in `unit`; the head, the last line and the envelope have their own room on top. */
  readonly maxSize: number;
  readonly unit: 'bytes' | 'characters';
}

/**
 * The one table of limits. Each size leaves a tenth or more of what the vendor accepts for the envelope; sources are the vendors'
 * documentation as of November 2026 unless said otherwise.
 */
export const limits = {
  // nodemailer base64 adds a third; mail servers commonly accept 10 MB, people read far less.
  email: { maxAlerts: 100, maxSize: 300_000, unit: 'bytes' },
  // Standard Webhooks, "Payload": under 20 kB.
  webhook: { maxAlerts: 100, maxSize: 16_000, unit: 'bytes' },
  // 50 blocks; in practice about 13,200 characters in all before `msg_blocks_too_long`.
  slack: { maxAlerts: 20, maxSize: 10_000, unit: 'characters' },
  // About 28 KB for the whole request; other senders were cut at 21 KB.
  teams: { maxAlerts: 15, maxSize: 14_000, unit: 'bytes' },
  // 32,000 bytes a message, 4,096 characters of text.
  googleChat: { maxAlerts: 15, maxSize: 3_400, unit: 'characters' },
  // embed description 4,096, all embeds 6,000 characters.
  discord: { maxAlerts: 15, maxSize: 3_400, unit: 'characters' },
  // Default PostSize 16,383 characters, 4,000 on old servers.
  mattermost: { maxAlerts: 15, maxSize: 3_300, unit: 'characters' },
  // 4,096 characters after entities were parsed.
  telegram: { maxAlerts: 15, maxSize: 3_300, unit: 'characters' },
  // An event of 65,536 bytes, with text and HTML.
  matrix: { maxAlerts: 25, maxSize: 24_000, unit: 'bytes' },
  // 4,096 bytes before a message becomes an attachment.
  ntfy: { maxAlerts: 10, maxSize: 3_200, unit: 'bytes' },
  gotify: { maxAlerts: 25, maxSize: 12_000, unit: 'bytes' },
  // An event of 512 KB; custom details are read by people.
  pagerduty: { maxAlerts: 20, maxSize: 40_000, unit: 'bytes' },
  // description 15,000 characters.
  jiraServiceManagement: { maxAlerts: 20, maxSize: 12_000, unit: 'characters' },
  // description 32,767 characters, counted after conversion.
  jira: { maxAlerts: 30, maxSize: 20_000, unit: 'characters' },
  // description is a string of 4,000 characters on a default instance.
  servicenow: { maxAlerts: 20, maxSize: 3_200, unit: 'characters' },
  // 262,144 bytes a message; SMS and e-mail subscribers read text.
  sns: { maxAlerts: 50, maxSize: 60_000, unit: 'bytes' },
  // The server cuts for each service by itself.
  apprise: { maxAlerts: 25, maxSize: 20_000, unit: 'bytes' },
} as const satisfies Readonly<Record<string, MediumLimits>>;

/** As many whole findings as fit, and how many do not. */
export interface Fitted<T> {
  readonly shown: readonly T[];
  readonly omitted: number;
}

/** Characters of one text, the widest first: a finding too large for a message of its own is written more briefly. */
const textWidths = [300, 120, 40] as const;

/** Renders findings in order until a limit is reached; never half a finding. The first is always shown, written briefly if need be. */
export function fit<T>(
  message: Message,
  { maxAlerts, maxSize, unit }: MediumLimits,
  render: (alert: Alert, maxText: number) => T,
  textOf: (item: T) => string,
): Fitted<T> {
  const sizeOf = (item: T): number =>
    unit === 'bytes' ? Buffer.byteLength(textOf(item)) : textOf(item).length;
  const shown: T[] = [];
  let used = 0;
  for (const alert of message.alerts.slice(0, maxAlerts)) {
    const widths = shown.length === 0 ? textWidths : textWidths.slice(0, 1);
    const items = widths.map((maxText) => () => render(alert, maxText));
    const item = firstThatFits(items, (one) => used + sizeOf(one) <= maxSize);
    if (item === null) break;
    used += sizeOf(item.item);
    if (used > maxSize && shown.length > 0) break;
    shown.push(item.item);
  }
  return { shown, omitted: Math.max(0, message.total - shown.length) };
}

/** The first that fits; if none does, the last. */
function firstThatFits<T>(
  items: readonly (() => T)[],
  fits: (item: T) => boolean,
): { readonly item: T } | null {
  let last: { readonly item: T } | null = null;
  for (const make of items) {
    last = { item: make() };
    if (fits(last.item)) return last;
  }
  return last;
}

/** `and 37 more`; null when nothing was left out. */
export function moreText(omitted: number): string | null {
  return omitted === 0 ? null : `and ${omitted} more`;
}
