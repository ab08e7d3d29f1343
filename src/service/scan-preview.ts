import type { AskedScan, ScanPreview } from '../api/routes.js';
import { targetGroup, type TlsConfig } from '../../scanners/tls/config.js';
import { rangeSize } from '../../scanners/tls/targets/addresses.js';
import { parseExpression } from '../../scanners/tls/targets/expression.js';
import { targetRefusal } from '../../scanners/tls/targets/refusal.js';
import type { Scope } from '../../scanners/tls/targets/scope.js';

type Previewed = ScanPreview['targets'][number];

/** What a scan would probe, without contacting anything: names are not resolved. */
export function previewScan(asked: AskedScan, config: TlsConfig, scope: Scope): ScanPreview {
  const usual = targetGroup.parse({
    name: 'preview',
    targets: [],
    ...(asked.ports === null ? {} : { ports: [...asked.ports] }),
  });
  const targets = asked.targets.map((target) => previewOne(target, usual.ports, scope, config));
  const endpoints = targets.reduce(
    (sum, { endpoints: count, refusal }) => sum + (refusal === null ? (count ?? 1) : 0),
    0,
  );
  return {
    targets,
    endpoints,
    refused: targets.filter(({ refusal }) => refusal !== null).length,
    // No limit: as long as the endpoints take.
    seconds: config.rate.global === 0 ? 0 : Math.ceil(endpoints / config.rate.global),
  };
}

function previewOne(
  target: string,
  usualPorts: readonly number[],
  scope: Scope,
  config: TlsConfig,
): Previewed {
  try {
    const expression = parseExpression(target);
    if (expression.kind === 'file' || expression.kind === 'stdin')
      return { target, kind: 'invalid', endpoints: null, refusal: 'files are not read on request' };
    if (expression.kind === 'service') return { target, kind: 'service', endpoints: null, refusal: null };
    const ports = (expression.ports ?? usualPorts).length;
    if (expression.kind === 'host') return { target, kind: 'host', endpoints: ports, refusal: null };
    const { range } = expression;
    const refusal = targetRefusal(target, expression, scope, config);
    return { target, kind: 'range', endpoints: Number(rangeSize(range)) * ports, refusal };
  } catch (error) {
    return {
      target,
      kind: 'invalid',
      endpoints: null,
      refusal: error instanceof Error ? error.message : String(error),
    };
  }
}
