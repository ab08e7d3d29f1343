import { endpointPresence } from '../../model/queries/endpoint-changes.js';
import { targetOfKey } from '../../model/target.js';
import { fleetRule } from '../fleet-rule.js';
import { shownForMs } from './changes.js';

/** PCI DSS 4.0.1 requirement 12.5.1 asks for an inventory of what is in scope: an endpoint nobody scanned before belongs into it. */
export const newEndpoint = fleetRule({
  id: 'new-endpoint',
  title: 'New endpoint serves a certificate',
  severity: 'notice',
  citation: 'PCI DSS 4.0.1 requirement 12.5.1',
  remediation: 'Make sure that it has an owner and that its certificate is managed.',
  query: endpointPresence,
  everyMinutes: 5,
  parameters: (_policy, now) => {
    const since = new Date(now.getTime() - shownForMs);
    return { since, lastOkSince: since };
  },
  judge({ isNew, endpoint, firstSeenAt, certificate }) {
    if (!isNew) return null;
    const { host } = targetOfKey(endpoint);
    return {
      subject: { kind: 'endpoint', key: endpoint },
      host,
      certificateSha256: certificate,
      title: `${host} is new`,
      details: { firstSeenAt, certificate },
      evidence: [
        {
          label: 'First seen',
          value: firstSeenAt.toISOString(),
          expected: null,
          source: 'scan',
          at: firstSeenAt,
        },
      ],
    };
  },
});
