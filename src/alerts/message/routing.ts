import { z } from 'zod';
import type { Finding } from '../../model/finding.js';
import { atLeast, severities } from '../../model/severity.js';
import type { Channel } from '../channel.js';

/** Keys that every channel has beside its own. */
export const routingShape = {
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and hyphens, for example oncall')
    .nullable()
    .default(null)
    .describe('Tells several channels of one type apart: `oncall` makes `webhook:oncall`.'),
  minSeverity: z
    .enum(severities)
    .default('warning')
    .describe('Findings below this severity are not told here.'),
  rules: z
    .array(z.string().min(1))
    .default([])
    .describe('Only findings of these rules are told here; empty means of every rule.'),
  exceptRules: z.array(z.string().min(1)).default([]).describe('Findings of these rules are not told here.'),
  sendResolved: z.boolean().default(true).describe('Also tell when the cause of a finding is gone.'),
  groupIntervalSeconds: z
    .number()
    .int()
    .min(0)
    .max(86_400)
    .default(60)
    .describe('Least time between two messages. What changes meanwhile is told in one message.'),
} as const;

const routing = z.strictObject({ type: z.string(), ...routingShape });
type Routing = z.infer<typeof routing>;

/** What an instance is called: `email`, or `webhook:oncall` when it has a name of its own. */
export function channelName(config: Pick<Routing, 'type' | 'name'>): string {
  return config.name === null ? config.type : `${config.type}:${config.name}`;
}

/** The part of a channel that follows from the keys all have. A finding that a person acknowledged or silenced is not told. */
export function routed(config: Routing): Pick<Channel, 'name' | 'groupIntervalMs' | 'wants'> {
  return {
    name: channelName(config),
    groupIntervalMs: config.groupIntervalSeconds * 1000,
    wants: (finding) =>
      wantsState(finding, config.sendResolved) &&
      atLeast(finding.severity, config.minSeverity) &&
      (config.rules.length === 0 || config.rules.includes(finding.rule)) &&
      !config.exceptRules.includes(finding.rule),
  };
}

function wantsState(finding: Finding, sendResolved: boolean): boolean {
  if (finding.change === 'severity-lowered') return false;
  if (finding.state === 'resolved') return sendResolved && finding.resolution !== 'superseded';
  return finding.state === 'open';
}
