import type { Finding, FindingGroup } from '../api/types.js';
import { hostPort } from '../lib/host-parts.js';

/** What a finding is about, in words and with where to read on. `port` null: not an endpoint. */
export interface Place {
  readonly host: string | null;
  readonly port: number | null;
  readonly text: string;
  readonly href: string | null;
}

/** Where the subject of a finding lies. */
export function placeOf({
  subject,
  host,
  certificateSha256,
}: Pick<Finding, 'subject' | 'host' | 'certificateSha256'>): Place {
  const { kind, key } = subject;
  const certificate = certificateSha256 === null ? null : `/certificates/${certificateSha256}`;
  switch (kind) {
    case 'endpoint': {
      const [name = '', , port = ''] = key.split('|');
      return {
        host: name,
        port: Number(port),
        text: hostPort(name, Number(port)),
        href: `/endpoints/${encodeURIComponent(key)}`,
      };
    }
    case 'certificate':
      return { host, port: null, text: host ?? key, href: `/certificates/${key}` };
    case 'issuance':
      return { host, port: null, text: host ?? key, href: certificate };
    case 'name':
    case 'domain':
      return { host: key, port: null, text: key, href: `/names/${encodeURIComponent(key)}` };
    case 'ct-log':
      return { host: null, port: null, text: host ?? key, href: `/ct/${encodeURIComponent(key)}` };
    case 'inventory':
      return { host: null, port: null, text: key, href: `/inventory?source=${encodeURIComponent(key)}` };
    case 'channel':
      return { host: null, port: null, text: key, href: `/deliveries?channel=${encodeURIComponent(key)}` };
    case 'self':
      return { host: null, port: null, text: `Certglass, ${key}`, href: null };
    default:
      return { host, port: null, text: host ?? `${kind} ${key}`, href: certificate };
  }
}

/** The findings of a list that was not asked for in groups. */
export function onlyFindings(items: readonly (Finding | FindingGroup)[]): readonly Finding[] {
  return items.filter((item) => 'id' in item);
}

/** States of findings in words. */
export const stateWords: Readonly<Record<Finding['state'], string>> = {
  open: 'Open',
  acknowledged: 'Acknowledged',
  silenced: 'Silenced',
  accepted: 'Accepted',
  resolved: 'Resolved',
};

const changeWords: Readonly<Record<Finding['change'], string>> = {
  opened: 'Opened',
  reopened: 'Opened again',
  'severity-raised': 'Became more severe',
  'severity-lowered': 'Became less severe',
  acknowledged: 'Acknowledged',
  silenced: 'Silenced',
  accepted: 'Accepted',
  assigned: 'Assigned',
  commented: 'Comment',
  ticket: 'Ticket',
  resolved: 'Resolved',
};

/** What a revision changed, in words: `Silenced until 25 Nov`, `Resolved: fixed`. */
export function changeText({ change, resolution, assignee, ticket, severity }: Finding): string {
  const words = changeWords[change];
  if (change === 'resolved' && resolution !== null) return `${words}: ${resolution.replaceAll('-', ' ')}`;
  if (change === 'assigned') return assignee === null ? 'No longer assigned' : `${words} to ${assignee}`;
  if (change === 'ticket' && ticket !== null) return `${words} ${ticket}`;
  if (change.startsWith('severity-')) return `${words}: ${severity}`;
  return words;
}

/** A key of `details` in words: `daysLeft` is `Days left`. */
export function wordsOfKey(key: string): string {
  const words = key.replace(
    /([a-z\d])([A-Z])/g,
    (_match, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  );
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A value of `details` in one line; lists with commas, nested ones as JSON. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(valueText).join(', ');
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}
