import type { Ledger } from '../judging/finding-ledger.js';
import type { Pipeline } from '../judging/pipeline.js';
import type { OpenStore } from '../store/index.js';
import type { Job } from './schedule.js';

const rule = 'alert-channel-untested';

/** Dependencies of {@link untestedJob}. */
export interface UntestedParts {
  readonly store: { readonly reader: Pick<OpenStore['reader'], 'channelStates'> };
  readonly ledger: Pick<Ledger, 'open'>;
  readonly pipeline: Pick<Pipeline, 'incident'>;
}

/** Reports each configured channel that has never delivered anything, at the start and every hour; see {@link judgeUntested}. */
export function untestedJob(channels: readonly string[], parts: UntestedParts): Job {
  const name = 'alerts:untested';
  return {
    name,
    title: 'check for untested channels',
    cron: '23 * * * *',
    timezone: 'Etc/UTC',
    run: () => judgeUntested(channels, parts),
  };
}

/** Opens `alert-channel-untested` for each channel that never delivered a message, and resolves it for every other, removed ones included. */
export async function judgeUntested(
  channels: readonly string[],
  { store, ledger, pipeline }: UntestedParts,
): Promise<void> {
  const states = await store.reader.channelStates();
  const proven = new Set(states.flatMap(({ name, lastSentAt }) => (lastSentAt === null ? [] : [name])));
  const reported = [...ledger.open.ofRule(rule)].map(({ subject }) => subject.key);
  for (const channel of new Set([...channels, ...reported])) {
    const active = channels.includes(channel) && !proven.has(channel);
    if (!active && !reported.includes(channel)) continue;
    const details = { channel, command: `certglass alert test ${channel}` };
    await pipeline.incident({ rule, subject: { kind: 'channel', key: channel }, active, details });
  }
}
