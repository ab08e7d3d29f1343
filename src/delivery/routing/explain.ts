import type { Delivery } from '../../model/delivery.js';
import type { Finding } from '../../model/finding.js';
import { groupWaitMs } from '../backoff.js';
import { isHoldReason, nextReminder, planFor, type Plan, type RoutedChannel, type Routing } from './plan.js';

/** What one channel does with a finding. */
export interface Explanation {
  readonly channel: string;
  /** `due`: goes out with the next message; the others as in {@link Delivery}. */
  readonly status: 'due' | Delivery['state'];
  /** When it was sent, is tried next, or is decided again; null when it is not sent. */
  readonly at: Date | null;
  /** One sentence. */
  readonly why: string;
  /** What was considered, in order, one sentence each. */
  readonly steps: readonly string[];
  /** When it is sent again if nothing changes; null: never. */
  readonly nextReminderAt: Date | null;
}

/**
 * Who is alerted of a finding, when and why: what was decided already, by the deliveries that hold it, and what the routing decides of it
 * now. Made by the code that routes. Pure.
 */
export function explainAlert(
  finding: Finding,
  deliveries: readonly Delivery[],
  channels: readonly RoutedChannel[],
  routing: Routing,
  now: Date,
): readonly Explanation[] {
  return channels.map((channel) => {
    const own = deliveries.filter((delivery) => delivery.channel === channel.name);
    const messages = own.filter(({ state }) => state !== 'held' && state !== 'skipped');
    const steps: string[] = [];
    const input = { finding: asNews(finding), wasReported: messages.length > 0, held: null, now };
    const plan = planFor(channel, routing, input, (sentence) => steps.push(sentence));
    if (plan.do !== 'skip') steps.push(...grouping(channel, finding));
    const past = whatBecame(finding, own);
    const reminder = own.find(({ state, lastDetail }) => state === 'held' && lastDetail === 'reminder');
    const mayRemind = plan.do !== 'skip' && finding.state === 'open' && channel.takes !== 'stream';
    const coming = mayRemind ? nextReminder(channel.settings, finding, now) : null;
    return {
      channel: channel.name,
      ...(past ?? whatWill(plan, now)),
      steps,
      nextReminderAt: messages.length > 0 ? (reminder?.nextAttemptAt ?? null) : coming,
    };
  });
}

/** Comments and assignments send no alert; what opened the finding did. */
function asNews(finding: Finding): Finding {
  return finding.state === 'open' ? { ...finding, change: 'opened', changedBy: 'certglass' } : finding;
}

type Fate = Pick<Explanation, 'status' | 'at' | 'why'>;

/**
 * By the message with this state of it; else by what holds it; else, while it is open, by the last message since it opened; else by the mark
 * that it is not wanted. Null: nothing is decided of it yet.
 */
function whatBecame(finding: Finding, own: readonly Delivery[]): Fate | null {
  const current = own.filter(({ items }) =>
    items.some(({ findingId, revision }) => findingId === finding.id && revision === finding.revision),
  );
  const isMessage = ({ state }: Delivery): boolean => state !== 'held' && state !== 'skipped';
  const found =
    current.find(isMessage) ??
    current.find(({ state, lastDetail }) => state === 'held' && lastDetail !== 'reminder') ??
    own.find((one) => isMessage(one) && finding.state === 'open' && one.createdAt >= finding.openedAt) ??
    current.find(({ state, lastDetail }) => state === 'skipped' && !isHoldReason(lastDetail));
  if (found === undefined) return null;
  const { state, sentAt, nextAttemptAt, attempts, lastDetail, createdAt } = found;
  switch (state) {
    case 'sent':
      return { status: state, at: sentAt, why: `Sent: the receiver answered ${lastDetail ?? 'nothing'}.` };
    case 'pending': {
      const failures =
        attempts === 0 ? 'not tried yet' : `${attempts} tries failed, the last with ${lastDetail}`;
      return { status: state, at: nextAttemptAt, why: `On its way: ${failures}.` };
    }
    case 'failed':
      return { status: state, at: null, why: `Given up after ${attempts} tries: ${lastDetail}.` };
    case 'held':
      return { status: state, at: nextAttemptAt, why: `Sent later: waits for ${lastDetail}.` };
    case 'skipped':
      return {
        status: state,
        at: null,
        why: `Not sent: ${lastDetail}, decided at ${createdAt.toISOString()}.`,
      };
  }
}

function whatWill(plan: Plan, now: Date): Fate {
  if (plan.do === 'send') return { status: 'due', at: now, why: `Sent with the next message: ${plan.why}.` };
  if (plan.do === 'hold') return { status: 'held', at: plan.until, why: `Sent later: ${plan.why}.` };
  return { status: 'skipped', at: null, why: `Not sent: ${plan.why}.` };
}

function grouping({ takes, settings }: RoutedChannel, { severity }: Finding): readonly string[] {
  const seconds = groupWaitMs(settings.groupIntervalSeconds * 1000, severity === 'critical') / 1000;
  const shares = {
    stream: 'an event of its own',
    incident: 'findings with the same cause share one incident',
    digest:
      settings.splitBy === 'none'
        ? 'shares a message with all that changed'
        : `shares a message with others of the same ${settings.splitBy}`,
  }[takes];
  return [`grouping: ${shares}; at least ${seconds} seconds between messages`];
}
