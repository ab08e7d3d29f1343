import type { TargetExpression } from './expression.js';
import { permittedRange, type RangeLimits } from './plan.js';
import type { Scope } from './scope.js';

/**
 * Why nothing of a target would be probed, in one sentence; null when something may. Names are not resolved and files are not read: what
 * they stand for is checked before each connection.
 */
export function targetRefusal(
  text: string,
  expression: TargetExpression,
  scope: Scope,
  limits: RangeLimits,
): string | null {
  if (expression.kind !== 'range') return null;
  const refusal = scope.rangeRefusal(expression.range);
  if (refusal !== null) return `${text} ${refusal}: nothing of it may be scanned`;
  try {
    permittedRange(expression.range, limits);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
