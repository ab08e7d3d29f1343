import type { EndpointState } from '../model/endpoint-state.js';
import type { Store } from '../store/store.js';
import type { Served } from './grade.js';
import { lookBackMs, type PastProbe } from './steadiness.js';

/** One of the states in which an endpoint was seen within the last day. */
export interface RecentState {
  /** As it would be judged now. */
  readonly served: Served;
  /** When a probe met it, newest first. */
  readonly seenAt: readonly Date[];
}

/** What reading recent states takes. */
export interface RecentSources {
  readonly store: Pick<Store, 'endpoints' | 'recentProbes'>;
  /** Makes states into what rules judge, whether or not the endpoint still counts; what cannot be read is absent. */
  judgeable(states: readonly EndpointState[], now: Date): Promise<readonly Served[]>;
}

/** States of one endpoint; more of them are left out, the oldest first. */
const mostStates = 20;

/**
 * The different states in which these endpoints were seen within the last day: one for each chain and handshake that a probe met. What a
 * survey found is the same in all of them.
 */
export async function recentStates(
  { store, judgeable }: RecentSources,
  keys: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, readonly RecentState[]>> {
  const found = new Map<string, RecentState[]>();
  if (keys.length === 0) return found;
  const probes = await store.recentProbes(keys, new Date(now.getTime() - lookBackMs));
  for await (const state of store.endpoints(keys)) {
    const states = statesOf(state, probes.get(state.key) ?? []);
    const recent: RecentState[] = [];
    for (const [past, seenAt] of states) {
      const [served] = await judgeable([past], now);
      if (served !== undefined) recent.push({ served, seenAt });
    }
    found.set(state.key, recent);
  }
  return found;
}

/** The probes of all states, newest first, and whether each was a bad one. */
export function pastProbes(
  states: readonly RecentState[],
  isBad: (state: RecentState) => boolean,
): readonly PastProbe[] {
  return states
    .flatMap((state) => state.seenAt.map((at) => ({ at, isBad: isBad(state) })))
    .sort((a, b) => b.at.getTime() - a.at.getTime());
}

type Probes = Awaited<ReturnType<Store['recentProbes']>> extends ReadonlyMap<string, infer P> ? P : never;

function statesOf(state: EndpointState, probes: Probes): readonly (readonly [EndpointState, Date[]])[] {
  const byKind = new Map<string, readonly [EndpointState, Date[]]>();
  for (const { observedAt, chain, tls } of probes) {
    const kind = [...chain, tls?.version, tls?.cipher, tls?.group].join();
    const known = byKind.get(kind);
    if (known !== undefined) known[1].push(observedAt);
    else if (byKind.size < mostStates)
      byKind.set(kind, [
        { ...state, chain, tls, lastOkAt: observedAt, lastObservedAt: observedAt },
        [observedAt],
      ]);
  }
  return [...byKind.values()];
}
