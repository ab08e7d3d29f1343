const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** A whole number with thin groups: `18,207`. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** `1 finding`, `3 findings`; `many` is for words that take more than an s. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A share as per cent with one decimal, `97.4 %`; never rounded up to 100 nor down to 0. Null when there is nothing to share. */
export function percent(part: number, whole: number): string | null {
  if (whole <= 0) return null;
  const tenths = (1000 * part) / whole;
  const rounded = part >= whole ? 1000 : part <= 0 ? 0 : Math.min(999, Math.max(1, Math.round(tenths)));
  return rounded % 10 === 0 ? `${rounded / 10} %` : `${(rounded / 10).toFixed(1)} %`;
}

/** A length of time in its largest sensible unit: `41 ms`, `7.9 s`, `12 min`, `31 h`, `40 days`, `3 years`. */
export function duration(ms: number): string {
  const length = Math.abs(ms);
  if (length < 1_000) return `${Math.round(length)} ms`;
  if (length < 10_000) return `${Math.round(length / 100) / 10} s`;
  if (length < 100_000) return `${Math.round(length / 1_000)} s`;
  if (length < 100 * minuteMs) return `${Math.round(length / minuteMs)} min`;
  if (length < 72 * hourMs) return `${Math.round(length / hourMs)} h`;
  if (length < 800 * dayMs) return plural(Math.floor(length / dayMs), 'day');
  return plural(Math.floor(length / (365.25 * dayMs)), 'year');
}

/** An instant seen from `now`: `in 31 h`, `2 days ago`, `now` within ten seconds. */
export function relative(at: Date, now: Date): string {
  const ms = at.getTime() - now.getTime();
  if (Math.abs(ms) < 10_000) return 'now';
  return ms > 0 ? `in ${duration(ms)}` : `${duration(ms)} ago`;
}

/** `24 Nov 2026`, in UTC. */
export function day(at: Date): string {
  return `${at.getUTCDate()} ${months[at.getUTCMonth()] ?? ''} ${at.getUTCFullYear()}`;
}

/** `Nov`, in UTC. */
export function month(at: Date): string {
  return months[at.getUTCMonth()] ?? '';
}

/** `24 Nov 2026 09:41 UTC`. */
export function minute(at: Date): string {
  return `${day(at)} ${at.toISOString().slice(11, 16)} UTC`;
}

/** `Tuesday, 24 November 2026, 09:41 UTC`, for headings and dialogs. */
export function longMinute(at: Date): string {
  const date = at.toLocaleDateString('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return `${date.replace(/^(\w+) /, '$1, ')}, ${at.toISOString().slice(11, 16)} UTC`;
}

/** A hash as first eight and last four digits; short ones stay whole. */
export function shortHash(hex: string): string {
  return hex.length <= 16 ? hex : `${hex.slice(0, 8)}…${hex.slice(-4)}`;
}

/** A serial number in groups of four digits. */
export function grouped(hex: string): string {
  return hex.replace(/(.{4})(?=.)/g, '$1 ');
}

/** `Let's Encrypt R12` of a distinguished name: the organisation and the common name, without saying anything twice. */
export function authorityName(name: string): string {
  const parts = distinguishedNameParts(name);
  const common = parts.get('CN') ?? null;
  const organization = parts.get('O') ?? null;
  if (common === null) return organization ?? name;
  if (organization === null || sameStart(common, organization)) return common;
  return `${organization} ${common}`;
}

/** First value of each attribute of a distinguished name as RFC 4514 writes it: `CN=R12,O=Let's Encrypt,C=US`. */
export function distinguishedNameParts(name: string): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  for (const part of name.split(/(?<!\\)[,+]/)) {
    const at = part.indexOf('=');
    if (at < 1) continue;
    const key = part.slice(0, at).trim();
    if (!parts.has(key))
      parts.set(
        key,
        part
          .slice(at + 1)
          .trim()
          .replace(/\\(.)/g, '$1'),
      );
  }
  return parts;
}

function sameStart(common: string, organization: string): boolean {
  const word = organization.split(/[\s,]/)[0]?.toLowerCase() ?? '';
  return word !== '' && common.toLowerCase().startsWith(word);
}

/** `EC P-256`, `RSA 2048`, `Ed25519`. */
export function keyText(
  key: { readonly type: string; readonly bits: number | null; readonly curve: string | null } | null,
): string {
  if (key === null) return 'unknown';
  return [key.type, key.curve ?? key.bits].filter((part) => part !== null).join(' ');
}
