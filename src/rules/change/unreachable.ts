import { silentEndpoints } from '../../model/queries/silent-endpoints.js';
import { hostPort, targetOfKey } from '../../model/target.js';
import { fleetRule } from '../fleet-rule.js';

const hourMs = 3_600_000;
const minuteMs = 60_000;

/** What an endpoint does in place of answering. */
const fault: Readonly<Record<string, string>> = {
  unresolved: 'does not resolve',
  refused: 'refuses connections',
  unreachable: 'cannot be reached',
  reset: 'resets connections',
  closed: 'closes connections',
};

/**
 * RFC 9325 is about services that answer: what cannot be reached is watched by nobody, and its certificate may expire unseen. Damped like
 * everything that is gone (`policy.goneAfterMisses`, `goneAfterMinutes`); what one scan cannot reach has one cause.
 */
export const unreachable = fleetRule({
  id: 'unreachable',
  title: 'Endpoint cannot be reached',
  severity: 'warning',
  citation: 'RFC 9325 section 1',
  remediation:
    'Restore the service or its DNS record, or open the path from Certglass to it. If it was switched off on purpose, take it out of the targets of the scan.',
  supersedes: ['endpoint-gone'],
  query: silentEndpoints,
  everyMinutes: 5,
  parameters: ({ expectedHosts, forgetAfterHours }, now) => ({
    since: new Date(now.getTime() - Math.max(forgetAfterHours, 1) * hourMs),
    expected: [...expectedHosts],
  }),
  judge(
    { endpoint, outcome, detail, lastOkAt, lastObservedAt, silentSince, misses, scan, certificate },
    policy,
  ) {
    const silentMs = lastObservedAt.getTime() - (lastOkAt ?? silentSince).getTime();
    if (misses < policy.goneAfterMisses || silentMs < policy.goneAfterMinutes * minuteMs) return null;
    const { host, port } = targetOfKey(endpoint);
    return {
      subject: { kind: 'endpoint', key: endpoint },
      host,
      certificateSha256: certificate === '' ? null : certificate,
      ...(scan === '' ? {} : { cause: { kind: 'scan', key: scan } }),
      title: `${hostPort(host, port)} ${fault[outcome] ?? 'does not answer'}`,
      details: { outcome, detail, misses, silentSince, lastOkAt, scan },
      evidence: [{ label: 'Outcome', value: outcome, expected: 'ok', source: 'scan', at: lastObservedAt }],
    };
  },
});
