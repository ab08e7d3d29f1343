import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { domainToASCII } from 'node:url';
import type { Config } from '../config/config.js';
import { policyConfig } from '../rules/config.js';
import { targetGroup, type TlsConfig } from '../../scanners/tls/config.js';
import { parseExpression } from '../../scanners/tls/targets/expression.js';
import { targetRefusal } from '../../scanners/tls/targets/refusal.js';
import { createScope } from '../../scanners/tls/targets/scope.js';

/** Targets of the command line are a group of their own; host names among them are domains the operator speaks for. */
export function withTargets(config: Config, targets: readonly string[]): Config {
  if (targets.length === 0) return config;
  refuseOutside(targets, config.scan);
  for (const target of targets) {
    const expression = parseExpression(target);
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

/** `@hosts.txt` with the whole path: the process moves to the folder of its configuration. Other targets stay. */
export function absoluteFile(target: string): string {
  return target.startsWith('@') ? `@${resolve(target.slice(1))}` : target;
}

/** What no scan would probe is refused at once, before anything starts. Throws one sentence. */
export function refuseOutside(targets: readonly string[], scan: TlsConfig): void {
  const scope = createScope(scan);
  for (const target of targets) {
    const refusal = targetRefusal(target, parseExpression(target), scope, scan);
    if (refusal !== null) throw new Error(refusal);
  }
}

/** The configuration in which ranges of up to so many addresses are confirmed (`--yes-scan`); undefined changes nothing. */
export function withConfirmed<C extends Pick<TlsConfig, 'confirmLargeRanges'>>(
  scan: C,
  addresses: number | undefined,
): C {
  return addresses === undefined || scan.confirmLargeRanges === true
    ? scan
    : { ...scan, confirmLargeRanges: addresses };
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
