import type { Alert, Message } from '../alerts/channel.js';
import { hash, type Words } from './compose.js';

/** A message like a real one, about no real system, for `certglass alert test`. */
export function sampleMessage(now: Date, words: Words): Message {
  const at = now.toISOString();
  const id = hash(['test', at]).slice(0, 32);
  return {
    id,
    kind: 'test',
    createdAt: at,
    alerts: [sampleAlert(id, now, words)],
    total: 1,
    resolved: 0,
    open: [{ severity: 'warning', count: 1 }],
    omittedByRule: [],
    link: words.consoleUrl,
    thread: id,
    replyTo: [],
    action: 'trigger',
    well: null,
  };
}

function sampleAlert(id: string, now: Date, { consoleUrl, ruleWords }: Words): Alert {
  const at = now.toISOString();
  const dueAt = new Date(now.getTime() + 3 * 86_400_000).toISOString();
  return {
    id,
    revision: 1,
    change: 'opened',
    rule: 'expiring',
    theme: 'time',
    severity: 'warning',
    state: 'open',
    resolution: null,
    title: 'This is a test: www.example.com expires in 3 days',
    subject: { kind: 'endpoint', key: 'www.example.com|192.0.2.1|443|www.example.com|' },
    place: 'www.example.com:443',
    host: 'www.example.com',
    target: {
      host: 'www.example.com',
      address: '192.0.2.1',
      port: 443,
      serverName: 'www.example.com',
      starttls: null,
    },
    cause: id,
    firstSeenAt: at,
    openedAt: at,
    resolvedAt: null,
    dueAt,
    owner: 'web team',
    environment: 'test',
    tags: ['sample'],
    assignee: null,
    ticket: null,
    remediation: ruleWords('expiring')?.remediation ?? '',
    citation: ruleWords('expiring')?.citation ?? '',
    evidence: [{ label: 'notAfter', value: dueAt, expected: null, source: 'test' }],
    details: { notAfter: dueAt, daysLeft: 3 },
    since: [],
    certificateSha256: null,
    certificate: null,
    note: null,
    link: consoleUrl,
  };
}
