import { getDomain } from 'tldts';
import { formatAddress } from '../../scanners/tls/targets/addresses.js';
import { parseExpression } from '../../scanners/tls/targets/expression.js';
import type { Config } from '../config/config.js';

/**
 * The configuration with what its targets say of the policy: the hosts and addresses named one by one are expected to answer, and where no
 * owned domains are configured, the registered domains of the targets are: what an operator scans by name is taken for the operator's.
 */
export function withOwnedDomains(config: Config): Config {
  const { policy, scan } = config;
  const targets = scan.groups.flatMap((group) => group.targets);
  const expectedHosts = [
    ...new Set([...policy.expectedHosts, ...targets.flatMap((target) => hostOf(target) ?? [])]),
  ];
  const ownedDomains =
    policy.ownedDomains.length > 0
      ? policy.ownedDomains
      : [...new Set(targets.flatMap((target) => domainOf(target) ?? []))];
  return { ...config, policy: { ...policy, expectedHosts, ownedDomains } };
}

/** The host or single address of a target; null for ranges, services and files. */
function hostOf(target: string): string | null {
  const expression = parseExpression(target);
  if (expression.kind === 'host') return expression.host;
  if (expression.kind !== 'range') return null;
  const { range, zone } = expression;
  if (range.first !== range.last) return null;
  const address = formatAddress(range.family, range.first);
  return zone === null ? address : `${address}%${zone}`;
}

/** Null for addresses, ranges, files and names without a registered domain. */
function domainOf(target: string): string | null {
  if (/^[@-]/.test(target)) return null;
  const name = target.replace(/^(mx|srv):/, '').replace(/:\d+$/, '');
  if (/^[\d.:/[\]-]+$|\//.test(name)) return null;
  return getDomain(name, { allowPrivateDomains: true });
}
