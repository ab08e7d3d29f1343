import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import type { Config } from '../config/config.js';
import { policyConfig } from '../rules/config.js';
import { targetGroup } from '../../scanners/tls/config.js';
import { parseExpression } from '../../scanners/tls/targets/expression.js';
import { permittedRange } from '../../scanners/tls/targets/plan.js';

/** Targets of the command line are a group of their own; host names among them are domains the operator speaks for. */
export function withTargets(config: Config, targets: readonly string[]): Config {
  if (targets.length === 0) return config;
  for (const target of targets) {
    const expression = parseExpression(target);
    // What no scan would do is refused at once, before anything starts.
    if (expression.kind === 'range') permittedRange(expression.range, config.scan);
    if (expression.kind === 'stdin')
      throw new Error(
        '"-" (standard input) is for "certglass scan"; give the service a file of targets as @FILE',
      );
  }
  const domains = targets.flatMap(ownDomain);
  const group = targetGroup.parse({ name: 'command-line', targets });
  return {
    ...config,
    scan: { ...config.scan, groups: [...config.scan.groups, group] },
    policy: { ...config.policy, ownedDomains: [...new Set([...config.policy.ownedDomains, ...domains])] },
  };
}

/**
 * `www.example.com:443` gives `www.example.com`; addresses, ranges, files and single labels give nothing. Throws one sentence for
 * what cannot be owned, such as `co.uk`.
 */
function ownDomain(target: string): readonly string[] {
  const host = /^([^/@\s:[\]]+)(?::\d+)?$/.exec(target)?.[1];
  if (host === undefined || isIP(host) !== 0 || /^[\d.]+-[\d.]+$/.test(host)) return [];
  if (!domainToASCII(host).includes('.')) return [];
  const owned = policyConfig.shape.ownedDomains.safeParse([host]);
  if (owned.success) return owned.data;
  throw new Error(`${target}: ${owned.error.issues[0]?.message ?? 'not a domain'}`);
}
