import type { Finding } from '../model/finding.js';
import { severities } from '../model/severity.js';
import type { OutboxReader } from '../store/outbox.js';
import { hash, mostStreamed, type Candidate, type Group } from './compose.js';
import type { RoutedChannel } from './routing/plan.js';

/** New incidents, or split messages, from one decision; more causes than that share some. */
const mostGroups = 5;

/** Divides what a channel is sent now into messages. */
export async function groupsOf(
  channel: RoutedChannel,
  candidates: readonly Candidate[],
  reader: Pick<OutboxReader, 'threadFindings' | 'findingsById'>,
): Promise<readonly Group[]> {
  if (candidates.length === 0) return [];
  if (channel.takes === 'stream') return inBatches(candidates);
  if (channel.takes === 'incident') return incidents(channel.name, candidates, reader);
  const kind = channel.settings.digest === null ? 'alert' : 'digest';
  return split(candidates, channel.settings.splitBy).map((some) => ({
    candidates: some,
    thread: threadOf(channel.name, some),
    kind,
    action: actionOf(some),
  }));
}

function inBatches(candidates: readonly Candidate[]): readonly Group[] {
  const groups: Group[] = [];
  for (let start = 0; start < candidates.length; start += mostStreamed)
    groups.push({
      candidates: candidates.slice(start, start + mostStreamed),
      thread: '',
      kind: 'alert',
      action: 'trigger',
    });
  return groups;
}

/** By owner or cause; the groups with the worst findings stand alone, the rest shares the last message. */
function split(
  candidates: readonly Candidate[],
  by: 'none' | 'owner' | 'cause',
): readonly (readonly Candidate[])[] {
  if (by === 'none') return [candidates];
  const groups = groupBy(candidates, ({ finding }) => {
    const { owner, cause } = finding;
    return by === 'owner' ? (owner ?? '') : cause;
  });
  const sorted = [...groups.values()].sort((a, b) => worst(b) - worst(a));
  if (sorted.length <= mostGroups) return sorted;
  return [...sorted.slice(0, mostGroups - 1), sorted.slice(mostGroups - 1).flat()];
}

/**
 * One incident for each cause. A storm would page for each of thousands, so where one decision has more causes than a person can handle, they share an incident for each
 * rule, and one for everything where there are too many rules as well. A finding stays with the incident it was reported in.
 */
async function incidents(
  channel: string,
  candidates: readonly Candidate[],
  reader: Pick<OutboxReader, 'threadFindings' | 'findingsById'>,
): Promise<readonly Group[]> {
  const isKnown = ({ last }: Candidate): boolean => last !== null && last.thread !== '';
  const fresh = candidates.filter((candidate) => !isKnown(candidate));
  const keyOf = incidentKey(channel, fresh);
  const threads = groupBy(candidates, (candidate) =>
    isKnown(candidate) ? (candidate.last?.thread ?? '') : keyOf(candidate.finding),
  );
  const stillOpen = await openElsewhere(channel, threads, reader);
  return [...threads].map(([thread, some]) => ({
    candidates: some,
    thread,
    kind: 'alert',
    action: actionOf(some) === 'resolve' && stillOpen.has(thread) ? 'trigger' : actionOf(some),
  }));
}

function incidentKey(channel: string, fresh: readonly Candidate[]): (finding: Finding) => string {
  const causeOf = (finding: Finding): string => hash([channel, finding.cause]).slice(0, 32);
  const ruleOf = ({ rule }: Finding): string => hash([channel, 'rule', rule]).slice(0, 32);
  const count = (key: (finding: Finding) => string): number =>
    new Set(fresh.map(({ finding }) => key(finding))).size;
  if (count(causeOf) <= mostGroups) return causeOf;
  return count(ruleOf) <= mostGroups ? ruleOf : () => hash([channel, 'many']).slice(0, 32);
}

/** Threads with findings that are not resolved and not among the candidates. */
async function openElsewhere(
  channel: string,
  threads: ReadonlyMap<string, readonly Candidate[]>,
  reader: Pick<OutboxReader, 'threadFindings' | 'findingsById'>,
): Promise<ReadonlySet<string>> {
  const ending = [...threads].filter(([, some]) => actionOf(some) === 'resolve').map(([thread]) => thread);
  const members = await reader.threadFindings(channel, ending);
  const now = await reader.findingsById([...new Set([...members.values()].flat())]);
  return new Set(
    [...members]
      .filter(([, ids]) => ids.some((id) => (now.get(id)?.state ?? 'resolved') !== 'resolved'))
      .map(([thread]) => thread),
  );
}

function actionOf(some: readonly Candidate[]): Group['action'] {
  if (some.every(({ finding }) => finding.state === 'resolved')) return 'resolve';
  const areAcknowledged = some.every(({ finding }) => finding.state !== 'open');
  return areAcknowledged ? 'acknowledge' : 'trigger';
}

function threadOf(channel: string, some: readonly Candidate[]): string {
  return hash([channel, some.map(({ finding }) => finding.id).sort()]).slice(0, 32);
}

function worst(some: readonly Candidate[]): number {
  return Math.max(...some.map(({ finding }) => severities.indexOf(finding.severity)));
}

function groupBy<T>(list: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
