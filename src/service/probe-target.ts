import type { Logger } from 'pino';
import { targetGroup, type TlsConfig } from '../../scanners/tls/config.js';
import { createTlsScanner } from '../../scanners/tls/scanner.js';
import { parseExpression } from '../../scanners/tls/targets/expression.js';
import type { Scope } from '../../scanners/tls/targets/scope.js';
import type { Observation } from '../model/observation.js';
import type { ProbeTarget } from '../model/probe-result.js';
import type { Validate } from '../trust/trust.js';

/** What probes on request work with. */
export interface ProbeTargetParts {
  readonly config: () => TlsConfig;
  /** Where connections may go. */
  readonly scope: Scope;
  readonly validate: Validate;
  readonly log: Logger;
}

/** Probes single targets with the scanner, within its scope and limits. */
export function createProbeTarget({ config, scope, validate, log }: ProbeTargetParts): ProbeTarget {
  return async (target, signal) => {
    const refusal = refusalOf(target);
    if (refusal !== null) return refusal;
    const parsed = targetGroup.safeParse({ name: 'probe', targets: [target], schedule: null, depth: 'full' });
    if (!parsed.success) return parsed.error.issues[0]?.message ?? `${target} is not a target`;
    const observations: Observation[] = [];
    const scanner = createTlsScanner({ config: config(), group: parsed.data, scope, log });
    try {
      await scanner.run(
        {
          async take(fact) {
            if (fact.kind === 'observations') observations.push(...fact.observations);
          },
        },
        signal,
      );
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    // Of several addresses, the one that answered worst: a probe that looks at one of them would miss it.
    const observation = observations.find(({ outcome }) => outcome !== 'ok') ?? observations[0];
    if (observation === undefined) return `${target} names nothing to probe`;
    const { certificate, chain } = observation;
    const validation =
      certificate === null ? null : validate(certificate, chain.slice(1), observation.observedAt);
    return { observation, validation };
  };
}

/** Why a text names anything but one host; null when it names one. */
function refusalOf(target: string): string | null {
  try {
    const expression = parseExpression(target);
    if (expression.kind === 'host') return null;
    if (expression.kind === 'range' && expression.range.first === expression.range.last) return null;
    return `${target}: give one host, host:port or address`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
