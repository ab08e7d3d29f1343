import { printable } from '../../lib/printable.js';

/** A host name as two parts: what tells it from its neighbours, and the domain it lies under (shown fainter). */
export interface HostParts {
  readonly own: string;
  readonly rest: string;
}

/** Splits `api.example.com` into `api.` and `example.com`. Addresses and short names stay whole. Safe to show. */
export function hostParts(host: string): HostParts {
  const shown = printable(host, 255);
  if (/^[0-9.]+$/.test(shown) || shown.includes(':')) return { own: shown, rest: '' };
  const labels = shown.split('.');
  if (labels.length <= 2) return { own: shown, rest: '' };
  const kept = secondLevel.has(labels.slice(-2).join('.')) ? 3 : 2;
  if (labels.length <= kept) return { own: shown, rest: '' };
  return { own: `${labels.slice(0, -kept).join('.')}.`, rest: labels.slice(-kept).join('.') };
}

/** The commonest public suffixes of two labels. This only chooses what is shown fainter; nothing depends on it. */
const secondLevel = new Set(
  ['co.uk', 'org.uk', 'ac.uk', 'gov.uk', 'com.au', 'co.jp', 'co.nz', 'com.br', 'co.in', 'co.za'].concat([
    'com.cn',
    'com.mx',
    'com.tr',
    'co.kr',
  ]),
);

/** `host:port`, an IPv6 address in brackets. */
export function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
