import ipaddr from 'ipaddr.js';
import { isIP } from 'node:net';
import { z } from 'zod';
import { parseNetwork } from '../../lib/http/address-guard.js';
import type { Finding } from '../../model/finding.js';
import { atLeast, severities } from '../../model/severity.js';
import { targetOfKey } from '../../model/target.js';
import { endOfHours, hoursShape } from '../../lib/hours.js';

const words = (what: string) => z.array(z.string().min(1)).default([]).describe(what);

/** Conditions on a finding. All that are given must hold; in a list, one is enough. */
export const matchShape = {
  minSeverity: z.enum(severities).default('warning').describe('Least severity.'),
  rules: words('Only these rules, by id; empty means every rule.'),
  exceptRules: words('Not these rules, by id.'),
  themes: words('Only rules of these themes, for example time, trust, ct or self; empty means every theme.'),
  owners: words('Only findings of these owners; empty means everyone.'),
  tags: words('Only findings with at least one of these tags; empty means any.'),
  environments: words('Only these environments, for example production; empty means any.'),
  hosts: words('Only these hosts; `*.example.com` means everything below example.com; empty means any.'),
  networks: z
    .array(z.string().refine(isNetwork, 'must be an address or CIDR, for example 10.1.2.0/24'))
    .default([])
    .describe('Only endpoints with an address in these networks; empty means any.'),
  hours: hoursShape
    .nullable()
    .default(null)
    .describe('Only during these hours; null means always. Outside of them it does not match.'),
} as const;

const match = z.strictObject(matchShape);

/** Conditions on a finding, see {@link matchShape}. */
export type Match = z.infer<typeof match>;

/** What conditions are about. */
export type Matched = Pick<
  Finding,
  'rule' | 'severity' | 'subject' | 'host' | 'owner' | 'environment' | 'tags'
>;

/** What a rule says of itself, as far as routing asks. */
export type ThemeOf = (rule: string) => string | null;

/** Why a finding does not match, in words that follow "because"; null when it matches. Pure. */
export function mismatch(conditions: Match, finding: Matched, themeOf: ThemeOf, now: Date): string | null {
  const { minSeverity, rules, exceptRules, themes, owners, tags, environments, hosts, networks, hours } =
    conditions;
  const theme = themeOf(finding.rule);
  const { owner, environment, tags: labels } = finding;
  const checks: readonly (readonly [boolean, () => string])[] = [
    [atLeast(finding.severity, minSeverity), () => `${finding.severity} is below ${minSeverity}`],
    [oneOf(rules, finding.rule), () => `the rule is not one of ${rules.join(', ')}`],
    [!exceptRules.includes(finding.rule), () => `the rule ${finding.rule} is excepted`],
    [oneOf(themes, theme), () => `the theme is not one of ${themes.join(', ')}`],
    [oneOf(owners, owner), () => `the owner is not one of ${owners.join(', ')}`],
    [
      tags.length === 0 || tags.some((tag) => labels.includes(tag)),
      () => `it has none of the tags ${tags.join(', ')}`,
    ],
    [oneOf(environments, environment), () => `the environment is not one of ${environments.join(', ')}`],
    [
      hosts.length === 0 || hosts.some((host) => isHost(finding.host, host)),
      () => `the host is not one of ${hosts.join(', ')}`,
    ],
    [
      networks.length === 0 || inNetworks(finding, networks),
      () => `the address is not in ${networks.join(', ')}`,
    ],
    [hours === null || endOfHours(hours, now) !== null, () => 'it is outside of the hours'],
  ];
  return checks.find(([holds]) => !holds)?.[1]() ?? null;
}

function oneOf(list: readonly string[], value: string | null): boolean {
  return list.length === 0 || (value !== null && list.includes(value));
}

function isHost(host: string | null, pattern: string): boolean {
  if (host === null) return false;
  const wanted = pattern.toLowerCase();
  return wanted.startsWith('*.') ? host.endsWith(wanted.slice(1)) : host === wanted;
}

function inNetworks({ subject }: Matched, networks: readonly string[]): boolean {
  const address = subject.kind === 'endpoint' ? targetOfKey(subject.key).address : null;
  if (address === null || isIP(address) === 0) return false;
  const parsed = ipaddr.process(address);
  return networks
    .map(parseNetwork)
    .some((network) => parsed.kind() === network[0].kind() && parsed.match(network));
}

function isNetwork(text: string): boolean {
  try {
    parseNetwork(text);
    return true;
  } catch {
    return false;
  }
}
