import { failingRenewals } from '../../model/queries/failing-renewals.js';
import { fleetRule } from '../fleet-rule.js';

/**
 * Whatever renews a certificate knows first that it cannot: cert-manager's failed issuances, ACM's renewal status, a certbot log. Nothing
 * is broken yet, and there is time until notAfter, which is why it is worth a finding of its own.
 */
export const renewalFailing = fleetRule({
  id: 'renewal-failing',
  title: 'Renewal fails',
  severity: 'error',
  citation: 'NIST SP 1800-16 (renewals are monitored), and the state that the system itself reports',
  remediation:
    'Read the reason that the system gives, correct it there, and start the renewal again. The finding resolves with the next import that shows no failure.',
  query: failingRenewals,
  everyMinutes: 15,
  parameters: () => ({}),
  judge({ source, reference, sha256, names, inUseBy, status, owner, environment, tags, failedAt, renewal }) {
    const { message, failures, dueAt } = JSON.parse(renewal) as Record<string, unknown>;
    const name = names[0] ?? reference;
    return {
      subject: { kind: 'inventory', key: `${source} ${reference}` },
      host: names[0] ?? null,
      certificateSha256: sha256 === '' ? null : sha256,
      ownership: { owner, environment, tags },
      title: `Renewal of ${name} fails`,
      ...(typeof dueAt === 'string' ? { dueAt: new Date(dueAt) } : {}),
      details: {
        source,
        reference,
        names,
        failedAt: failedAt.toISOString(),
        failures,
        reason: message,
        status,
        inUseBy,
      },
      evidence: [
        {
          label: 'renewal',
          value: typeof message === 'string' ? message : 'failed',
          expected: null,
          source,
          at: failedAt,
        },
      ],
    };
  },
});
