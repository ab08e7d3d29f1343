import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { LiveScope } from '../../scanners/tls/targets/scope.js';
import type { Config } from '../config/config.js';
import { openChannels } from '../delivery/config.js';
import { createSerial } from '../lib/serial.js';
import type { Engines } from './engines.js';
import type { Intake } from './intake.js';

type Section = keyof Config;

/** Sections of the configuration that a reload found changed. */
export interface Reloaded {
  readonly inForce: readonly Section[];
  /** Changed, but not in force before the next start. */
  readonly needRestart: readonly Section[];
}

/** What a reload replaces. */
interface Replaceable extends Pick<Engines, 'alerts' | 'clock'> {
  /** Read by everything that judges: what is in it is replaced. */
  readonly policy: Config['policy'];
  readonly scope: LiveScope;
  readonly intake: Intake;
  readonly log: Logger;
}

const reloadable = [
  'policy',
  'scan',
  'ct',
  'revocation',
  'dns',
  'acme',
  'alerts',
  'evaluation',
  'reports',
] as const;

/**
 * Puts configurations in force, one after another, as far as that needs no restart; `onConfig` receives what is in force afterwards.
 * Rejects, and changes nothing, when a part of it cannot be created.
 */
export function createReload(
  parts: Replaceable,
  initial: Config,
  onConfig: (config: Config) => void,
): (next: Config) => Promise<Reloaded> {
  const inTurn = createSerial();
  let current = initial;
  return (wanted) =>
    inTurn(async () => {
      const next = withReloadable(current, wanted);
      const put = await prepare(parts, current, next);
      const result = {
        inForce: changed(current, next),
        needRestart: changed(next, wanted),
      };
      current = next;
      onConfig(next);
      await put();
      return result;
    });
}

/** `current` with what of `wanted` can change while the service runs. */
function withReloadable(current: Config, wanted: Config): Config {
  const sections = Object.fromEntries(reloadable.map((section) => [section, wanted[section]]));
  return { ...current, ...sections, log: { ...current.log, level: wanted.log.level } };
}

function changed(before: Config, after: Config): readonly Section[] {
  const sections = Object.keys(after) as Section[];
  return sections.filter((section) => !isDeepStrictEqual(before[section], after[section]));
}

/** Creates everything that may fail; what is returned puts it in place. */
async function prepare(parts: Replaceable, before: Config, next: Config): Promise<() => Promise<void>> {
  const { alerts, clock, policy, scope, intake, log } = parts;
  const has = (section: Section): boolean => !isDeepStrictEqual(before[section], next[section]);
  const begin = await intake.prepare(next);
  const channels = has('alerts') ? openChannels(next.alerts, log) : null;
  return async () => {
    scope.replace(next.scan);
    log.level = next.log.level;
    if (channels !== null) await alerts.replace(next.alerts, channels);
    await begin();
    if (has('policy')) await clock.afterPolicy(() => Object.assign(policy, next.policy));
  };
}
