import { createHash } from 'node:crypto';
import type { Message, Takes } from '../alerts/channel.js';
import type { Delivery } from '../model/delivery.js';
import type { Finding } from '../model/finding.js';
import { severities, type Severity } from '../model/severity.js';
import type { NamedCertificate } from '../model/inventory-change.js';
import type { LastMessage, OutboxReader } from '../store/outbox.js';
import { alertOf, type RuleWords } from './alert.js';

/** One finding that goes into a message. */
export interface Candidate {
  readonly finding: Finding;
  readonly last: LastMessage | null;
  readonly why: 'news' | 'reminder' | 'escalated';
  /** Everything that this decides, by revision; at least the finding's own. */
  readonly items: Delivery['items'];
}

/** Findings that go into one message. */
export interface Group {
  readonly candidates: readonly Candidate[];
  readonly thread: string;
  readonly kind: Message['kind'];
  readonly action: Message['action'];
}

/** Who is responsible for a place. */
export interface Ownership {
  readonly owner: string | null;
  readonly environment: string | null;
  readonly tags: readonly string[];
}

/** What messages are made with. */
export interface Words {
  readonly consoleUrl: string | null;
  ruleWords(rule: string): RuleWords | null;
  /** Whose a place is, by the policy. */
  ownership(place: {
    readonly host: string;
    readonly address: string | null;
    readonly issuer: string;
  }): Ownership;
}

/** Findings shown in one message for people; channels show fewer where their medium holds less. */
const mostShown = 200;
/** Events in one message of a stream. */
export const mostStreamed = 500;

/** Stable id of sending these states to `channel`; `salt` distinguishes reminders from the first message. */
export function deliveryId(channel: string, items: Delivery['items'], salt = ''): string {
  const states = items.map((item) => `${item.findingId}:${item.revision}`).sort();
  return hash(salt === '' ? [channel, states] : [channel, states, salt]).slice(0, 32);
}

/** SHA-256 over JSON, hex. */
export function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** Writes the message of a group: worst first, as many as one message shows, everything counted. */
export async function compose(
  id: string,
  group: Group,
  takes: Takes,
  now: Date,
  words: Words,
  reader: Pick<OutboxReader, 'findingStates' | 'namedCertificates'> | null,
): Promise<Message> {
  const sorted = group.candidates.toSorted((a, b) => byWeight(a.finding, b.finding));
  const shown = sorted.slice(0, takes === 'stream' ? mostStreamed : mostShown);
  const [previous, certificates] = await context(shown, reader);
  const open = sorted.filter(({ finding }) => finding.state !== 'resolved');
  const last = sorted.flatMap((candidate) => candidate.last?.delivery ?? []);
  return {
    id,
    kind: group.kind,
    createdAt: now.toISOString(),
    alerts: shown.map(({ finding, why, last: lastMessage }) =>
      alertOf(finding, {
        previous:
          lastMessage === null ? null : (previous.get(`${finding.id}:${lastMessage.revision}`) ?? null),
        why,
        words: words.ruleWords(finding.rule),
        certificate: certificates.get(finding.certificateSha256 ?? '') ?? null,
        consoleUrl: words.consoleUrl,
      }),
    ),
    total: sorted.length,
    resolved: sorted.length - open.length,
    open: severities.toReversed().flatMap((severity) => countOf(open, severity)),
    omittedByRule: tally(sorted.slice(shown.length).map(({ finding }) => finding.rule)),
    link: words.consoleUrl === null ? null : `${words.consoleUrl}/findings?state=open&sort=-severity`,
    thread: group.thread,
    replyTo: [...new Set(last)].slice(0, 10),
    action: group.action,
    well: null,
  };
}

async function context(
  shown: readonly Candidate[],
  reader: Pick<OutboxReader, 'findingStates' | 'namedCertificates'> | null,
): Promise<readonly [ReadonlyMap<string, Finding>, ReadonlyMap<string, NamedCertificate>]> {
  if (reader === null) return [new Map(), new Map()];
  const before = shown.flatMap(({ finding, last }) =>
    last === null ? [] : [{ findingId: finding.id, revision: last.revision }],
  );
  const sha256 = [...new Set(shown.flatMap(({ finding }) => finding.certificateSha256 ?? []))];
  return Promise.all([reader.findingStates(before), reader.namedCertificates(sha256)]);
}

function countOf(open: readonly Candidate[], severity: Severity) {
  const count = open.filter(({ finding }) => finding.severity === severity).length;
  return count === 0 ? [] : [{ severity, count }];
}

/** Open before resolved, worst first, then what is due first, then by host and id: the same findings always give the same message. */
function byWeight(a: Finding, b: Finding): number {
  return (
    Number(a.state === 'resolved') - Number(b.state === 'resolved') ||
    severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
    dueAt(a) - dueAt(b) ||
    compare(a.host ?? '', b.host ?? '') ||
    compare(a.id, b.id)
  );
}

function dueAt(finding: Finding): number {
  return finding.dueAt?.getTime() ?? 8.64e15;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function tally(rules: readonly string[]): Message['omittedByRule'] {
  const counts = new Map<string, number>();
  for (const rule of rules) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return [...counts]
    .map(([rule, count]) => ({ rule, count }))
    .sort((a, b) => b.count - a.count || compare(a.rule, b.rule))
    .slice(0, 40);
}
