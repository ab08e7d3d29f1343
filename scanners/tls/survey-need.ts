import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { EndpointState } from '../../src/model/endpoint-state.js';
import type { Observation } from '../../src/model/observation.js';
import { endpointKey } from '../../src/model/target.js';
import type { Memory } from '../scanner.js';

/** Observations that arrive within this time are looked up in one query. */
const gatherMs = 50;

/**
 * Decides whether an endpoint is due for a survey: it is new, shows another certificate or version than before, or was not
 * surveyed for `everyHours`. False while the store cannot answer, which is logged.
 */
export function createSurveyNeed(
  memory: Pick<Memory, 'endpoints'>,
  everyHours: number,
  log: Logger,
): (observation: Observation) => Promise<boolean> {
  let keys: string[] = [];
  let gathering: Promise<ReadonlyMap<string, EndpointState>> | null = null;

  async function ask(): Promise<ReadonlyMap<string, EndpointState>> {
    await delay(gatherMs);
    const asked = keys;
    keys = [];
    gathering = null;
    const states = new Map<string, EndpointState>();
    for await (const state of memory.endpoints(asked)) states.set(state.key, state);
    return states;
  }

  return async (observation) => {
    const key = endpointKey(observation.target);
    keys.push(key);
    gathering ??= ask();
    try {
      const state = (await gathering).get(key);
      return state === undefined || isDue(state, observation, everyHours);
    } catch (error) {
      log.warn({ err: error, endpoint: key }, 'cannot tell whether a survey is due');
      return false;
    }
  };
}

function isDue(state: EndpointState, seen: Observation, everyHours: number): boolean {
  const { chain, survey, surveyedAt, tls } = state;
  if (!survey || !surveyedAt) return true;
  if (seen.observedAt.getTime() - surveyedAt.getTime() >= everyHours * 3_600_000) return true;
  const leaf = seen.certificate?.sha256;
  const known = [chain[0], ...survey.alternates.map((one) => one.chain[0])];
  if (!known.includes(leaf) || (seen.tls?.version ?? null) !== (tls?.version ?? null)) return true;
  return hasOtherAlternates(survey.alternates, seen, chain[0]);
}

/** True when the endpoint shows another certificate for the other type of key than the last survey found, or shows one no longer. */
function hasOtherAlternates(
  surveyed: NonNullable<EndpointState['survey']>['alternates'],
  { alternates, certificate }: Observation,
  usual: string | undefined,
): boolean {
  if (!alternates) return false;
  const now = new Set([certificate?.sha256, ...alternates.map((one) => one.chain[0]?.sha256)]);
  const before = surveyed
    .filter(({ asked }) => asked === 'RSA' || asked === 'ECDSA')
    .map((one) => one.chain[0]);
  const known = new Set([usual, ...before, ...surveyed.map((one) => one.chain[0])]);
  return [...now].some((leaf) => !known.has(leaf)) || before.some((leaf) => !now.has(leaf));
}
