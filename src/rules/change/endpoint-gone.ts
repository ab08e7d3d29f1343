import { endpointPresence } from '../../model/queries/endpoint-changes.js';
import { targetOfKey } from '../../model/target.js';
import { fleetRule } from '../fleet-rule.js';
import { shownForMs } from './changes.js';

const minuteMs = 60_000;

/**
 * RFC 9325 is about services that answer: one that served a certificate and does not any more was moved, switched off, or is down. Counted
 * as gone by `policy.goneAfterMisses` and `goneAfterMinutes`, as for every other rule.
 */
export const endpointGone = fleetRule({
  id: 'endpoint-gone',
  title: 'Endpoint no longer serves a certificate',
  severity: 'notice',
  citation: 'RFC 9325 section 1',
  remediation:
    'Nothing if it was switched off; otherwise restore the service, or correct the targets of the scan.',
  query: endpointPresence,
  everyMinutes: 5,
  parameters: (_policy, now) => ({ since: new Date(now.getTime() - shownForMs) }),
  judge({ endpoint, lastOkAt, lastObservedAt, outcome, misses, certificate }, policy) {
    const silentMs = lastObservedAt.getTime() - lastOkAt.getTime();
    if (misses < policy.goneAfterMisses || silentMs < policy.goneAfterMinutes * minuteMs) return null;
    const { host } = targetOfKey(endpoint);
    return {
      subject: { kind: 'endpoint', key: endpoint },
      host,
      certificateSha256: certificate,
      title: `${host} no longer answers`,
      details: { outcome, misses, lastOkAt, lastObservedAt, certificate },
      evidence: [{ label: 'Outcome', value: outcome, expected: 'ok', source: 'scan', at: lastObservedAt }],
    };
  },
  ends: (gone, { now }) =>
    Promise.resolve(
      gone.map(({ id, openedAt }) => ({
        findingId: id,
        resolution: now.getTime() - openedAt.getTime() >= shownForMs ? 'gone' : 'fixed',
      })),
    ),
});
