import type { CtConfig } from '../config.js';
import type { FollowerContext } from './follower-context.js';
import type { IncidentBoard } from '../../incident-board.js';
import { lagOf } from './position.js';
import { positionOf, type Misbehaviour } from './progress.js';

type Details = Readonly<Record<string, unknown>>;

/** Tells what is wrong with a log that is being tailed, and what no longer is; `misbehaviour` may be its backfill's. */
export async function tellHealth(
  context: FollowerContext,
  misbehaviour: Misbehaviour | null,
  health: CtConfig['health'],
  board: IncidentBoard,
): Promise<void> {
  const subject = { kind: 'ct-log', key: context.log.logId } as const;
  await board.set('ct-log-unreachable', subject, unreachable(context, health));
  await board.set('ct-log-lagging', subject, lagging(context, health) ?? stuck(context, health));
  await board.set('ct-log-misbehaving', subject, misbehaving(context, misbehaviour));
}

/** Resolves everything told about a log that is no longer followed. */
export async function endHealth(logId: string, board: IncidentBoard): Promise<void> {
  for (const rule of ['ct-log-unreachable', 'ct-log-lagging'])
    await board.set(rule, { kind: 'ct-log', key: logId }, null);
}

function about(context: FollowerContext): Details {
  const { log, progress, memory } = context;
  const lag = lagOf(context);
  return {
    log: log.description,
    operator: log.operator,
    url: log.url,
    treeSize: progress.target?.treeSize ?? null,
    position: positionOf(progress),
    lagEntries: lag.entries,
    lagSeconds: Math.round(lag.seconds),
    etaSeconds: lag.etaSeconds === null ? null : Math.round(lag.etaSeconds),
    entriesPerSecond: memory.entriesPerSecond,
    lastError: memory.lastError,
    budget: context.budget(),
  };
}

/** Without a signed head for too long; what keeps answering something unsigned in its place is known to be wrong sooner. */
function unreachable(context: FollowerContext, health: CtConfig['health']): Details | null {
  const { progress, memory, now } = context;
  const hours = (now().getTime() - progress.contactMs) / 3_600_000;
  const isUnsigned = memory.unsignedHeads > 0 && hours * 3600 >= unsignedSeconds;
  if (progress.complete || (hours < health.unreachableHours && !isUnsigned)) return null;
  return {
    ...about(context),
    problem: isUnsigned ? 'unsigned' : 'silent',
    lastAnswerAt: new Date(progress.contactMs).toISOString(),
    limitHours: health.unreachableHours,
  };
}

/** Gateways show pages of their own for some minutes, during maintenance say. */
const unsignedSeconds = 900;

function lagging(context: FollowerContext, health: CtConfig['health']): Details | null {
  const lag = lagOf(context);
  if (context.progress.complete || lag.seconds < health.laggingMinutes * 60) return null;
  return {
    ...about(context),
    problem: 'behind',
    limitMinutes: health.laggingMinutes,
  };
}

/** A log in its active time that does not grow takes in nothing, or shows an old tree. */
function stuck(context: FollowerContext, health: CtConfig['health']): Details | null {
  const { log, progress, now } = context;
  const nowMs = now().getTime();
  const { interval } = log;
  const active =
    interval === null || (interval.start.getTime() <= nowMs && nowMs < interval.end.getTime() - quietMs);
  const hours = (nowMs - progress.grewMs) / 3_600_000;
  const inUse = log.state === 'usable' || log.state === 'unstated';
  if (!inUse || !active || progress.target === null || hours < health.stuckHours) return null;
  return {
    ...about(context),
    problem: 'stuck',
    grewAt: new Date(progress.grewMs).toISOString(),
    limitHours: health.stuckHours,
  };
}

/** A shard fades this long before its end: certificates are hardly issued for less (Sunlight README: 90 days). */
const quietMs = 90 * 86_400_000;

function misbehaving(context: FollowerContext, misbehaviour: Misbehaviour | null): Details | null {
  if (misbehaviour === null) return null;
  const { problem, message, sinceMs, evidence, proven } = misbehaviour;
  const { log } = context;
  return {
    ...about(context),
    problem,
    message,
    since: new Date(sinceMs).toISOString(),
    proven,
    key: log.key,
    passedOver: context.progress.gaps,
    evidence,
  };
}
