import { endpointPresence } from '../../model/queries/endpoint-changes.js';
import { targetOfKey } from '../../model/target.js';
import { fleetRule } from '../fleet-rule.js';
import { shownForMs } from './changes.js';

const minuteMs = 60_000;
/** An endpoint that was gone before is not found again: scans may be days apart. */
const lookedBackMs = 30 * 86_400_000;

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
  parameters: (_policy, now) => ({
    since: new Date(now.getTime() - shownForMs),
    lastOkSince: new Date(now.getTime() - lookedBackMs),
  }),
  judge({ endpoint, lastOkAt, lastObservedAt, outcome, misses, missedAt, certificate }, policy, now) {
    const silentMs = lastObservedAt.getTime() - lastOkAt.getTime();
    if (misses < policy.goneAfterMisses || silentMs < policy.goneAfterMinutes * minuteMs) return null;
    const enough = missedAt.find(
      (at, n) =>
        n + 1 >= policy.goneAfterMisses &&
        at.getTime() - lastOkAt.getTime() >= policy.goneAfterMinutes * minuteMs,
    );
    const goneAt = enough ?? lastObservedAt;
    if (now.getTime() - goneAt.getTime() >= shownForMs) return null;
    const { host } = targetOfKey(endpoint);
    return {
      subject: { kind: 'endpoint', key: endpoint },
      host,
      certificateSha256: certificate,
      title: `${host} no longer answers`,
      details: { outcome, misses, lastOkAt, goneAt, certificate },
      evidence: [{ label: 'Outcome', value: outcome, expected: 'ok', source: 'scan', at: lastObservedAt }],
    };
  },
  ends: (gone, { now }) =>
    Promise.resolve(
      gone.map(({ id, details }) => ({
        findingId: id,
        resolution: now.getTime() - instantOf(details['goneAt']) >= shownForMs ? 'gone' : 'fixed',
      })),
    ),
});

/** As the rule gives it, or as the store gives it back. */
function instantOf(value: unknown): number {
  return value instanceof Date ? value.getTime() : Date.parse(String(value));
}
