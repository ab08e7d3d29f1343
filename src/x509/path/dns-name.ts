/** The "preferred name syntax" of RFC 1034 section 3.5 as modified by RFC 1123 section 2.1: letters, digits, inner hyphens. */
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/** True for dot-separated LDH labels, at most 253 characters, no trailing dot, not an IPv4 address. */
export function isDnsName(text: string): boolean {
  if (text.length === 0 || text.length > 253) return false;
  const labels = text.split('.');
  return labels.every((part) => label.test(part)) && !/^\d+$/.test(labels.at(-1) ?? '');
}

/** The name behind `*.`, or null when `text` does not start so. Says nothing of its syntax. */
export function wildcardBase(text: string): string | null {
  return text.startsWith('*.') ? text.slice(2) : null;
}

/** True when `name` is `domain` or lies below it; both lower-case. The empty domain holds every name. */
export function isWithin(name: string, domain: string): boolean {
  return domain === '' || name === domain || name.endsWith(`.${domain}`);
}
