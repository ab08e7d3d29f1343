import type { Finding } from '../../model/finding.js';
import { nextReminder, planFor, type RoutedChannel, type Routing } from './plan.js';

/** What one channel does with a finding. */
export interface Explanation {
  readonly channel: string;
  readonly alerted: boolean;
  /** When: now, or when what it waits for is over; null when it is not alerted. */
  readonly at: Date | null;
  /** One sentence. */
  readonly why: string;
  /** When it would be sent again if nothing changes; null: never. */
  readonly nextReminderAt: Date | null;
}

/**
 * Who is alerted of a finding in its present state, when and why, as if nobody had been told of it yet. `reported` names
 * the channels that got a message about it before. Pure.
 */
export function explainAlert(
  finding: Finding,
  channels: readonly RoutedChannel[],
  routing: Routing,
  now: Date,
  reported: ReadonlySet<string> = new Set(),
): readonly Explanation[] {
  return channels.map((channel) => {
    const plan = planFor(channel, routing, {
      finding,
      wasReported: reported.has(channel.name),
      held: null,
      now,
    });
    const alerted = plan.do !== 'skip';
    return {
      channel: channel.name,
      alerted,
      at: plan.do === 'hold' ? plan.until : alerted ? now : null,
      why: sentence(plan.do, plan.why),
      nextReminderAt:
        alerted && finding.state !== 'resolved' ? nextReminder(channel.settings, finding, now) : null,
    };
  });
}

function sentence(action: 'send' | 'hold' | 'skip', why: string): string {
  const start = { send: 'Sent at once', hold: 'Sent later', skip: 'Not sent' }[action];
  return `${start}: ${why}.`;
}
