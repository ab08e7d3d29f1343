import type { Config } from '../../config/config.js';
import { parseExpression } from '../../../scanners/tls/targets/expression.js';
import { targetRefusal } from '../../../scanners/tls/targets/refusal.js';
import { createScope } from '../../../scanners/tls/targets/scope.js';
import { openTargets } from '../../../scanners/tls/targets/targets.js';
import { reasonOf, type Fault } from './fault.js';

/** Targets that cannot be scanned, files of targets included, and groups that would scan nothing. */
export async function targetFaults({ scan }: Config): Promise<readonly Fault[]> {
  const scope = createScope(scan);
  const faults: Fault[] = [];
  for (const [index, group] of scan.groups.entries()) {
    const path = ['scan', 'groups', index, 'targets'] as const;
    if (group.targets.length === 0 && !group.learned)
      faults.push({
        path,
        sentence: `the group ${group.name} has no targets; give some, or take the group out`,
      });
    for (const [place, target] of group.targets.entries()) {
      const expression = parseExpression(target);
      const refusal = targetRefusal(target, expression, scope, scan);
      if (refusal !== null) faults.push({ path: [...path, place], sentence: refusal });
      else if (expression.kind === 'file') {
        const sentence = await fileFault(target, group.ports, scan);
        if (sentence !== null) faults.push({ path: [...path, place], sentence });
      }
    }
  }
  return faults;
}

/** What a configuration that watches nothing lacks; null when it watches something. */
export function idleSentence({ scan, policy, ct }: Config): string | null {
  const watches =
    policy.ownedDomains.length > 0 ||
    Object.values(ct.watch).some((one) => Array.isArray(one) && one.length > 0);
  return scan.groups.length > 0 || watches
    ? null
    : 'there is nothing to watch yet: give targets (scan.groups) or domains you own (policy.ownedDomains)';
}

/** Why a file of targets cannot be scanned; null when it can. */
async function fileFault(
  target: string,
  ports: readonly number[],
  scan: Config['scan'],
): Promise<string | null> {
  const list = { targets: [target], ports, starttls: 'auto' as const, serverName: null };
  const walk = { scope: createScope(scan), confirmLargeRanges: scan.confirmLargeRanges, rate: scan.rate };
  try {
    const { total } = await openTargets(list, {
      ...walk,
      ...{ seed: 0, position: 0, shard: { index: 0, of: 1 }, stdin: null, onBadLine: () => undefined },
    });
    return total === 0 ? `${target} holds no target; write one a line` : null;
  } catch (error) {
    return reasonOf(error);
  }
}
