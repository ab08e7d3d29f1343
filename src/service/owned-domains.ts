import { getDomain } from 'tldts';
import type { Config } from '../config/config.js';

/**
 * The configuration with the registered domains of its targets as owned domains, where none are configured: what an operator scans by name
 * is taken for the operator's.
 */
export function withOwnedDomains(config: Config): Config {
  const { policy, scan } = config;
  if (policy.ownedDomains.length > 0) return config;
  const domains = scan.groups.flatMap(({ targets }) => targets.flatMap((target) => domainOf(target) ?? []));
  return { ...config, policy: { ...policy, ownedDomains: [...new Set(domains)] } };
}

/** Null for addresses, ranges, files and names without a registered domain. */
function domainOf(target: string): string | null {
  if (/^[@-]/.test(target)) return null;
  const name = target.replace(/^(mx|srv):/, '').replace(/:\d+$/, '');
  if (/^[\d.:/[\]-]+$|\//.test(name)) return null;
  return getDomain(name, { allowPrivateDomains: true });
}
