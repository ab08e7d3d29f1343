import { namesLost } from '../../model/queries/names-lost.js';
import { fleetRule } from '../fleet-rule.js';

const settledMs = 24 * 3_600_000;

/**
 * RFC 1034 section 3.6.2: an alias leads to the canonical name; where that no longer exists, whoever registers it next answers in the
 * name that points to it, and a certificate for it is to be had. A name without any address has certificates that nothing uses.
 */
export const danglingName = fleetRule({
  id: 'dangling-name',
  title: 'Name with certificates leads nowhere',
  severity: 'notice',
  citation: 'RFC 1034 section 3.6.2',
  remediation:
    'Remove the DNS record that points to what is gone, and stop renewing the certificate; or restore the service.',
  query: namesLost,
  everyMinutes: 60,
  parameters: (_policy, now) => ({ now, checkedAfter: new Date(now.getTime() - 7 * 86_400_000) }),
  judge({ name, outcome, since, aliases, certificateCount, certificates, lastNotAfter }, _policy, now) {
    if (now.getTime() - since.getTime() < settledMs) return null;
    const isAlias = aliases.length > 0;
    return {
      subject: { kind: 'name', key: name },
      host: name,
      certificateSha256: certificates[0] ?? null,
      severity: isAlias ? 'error' : 'notice',
      title: isAlias ? `${name} is an alias of nothing` : `${name} has certificates and no address`,
      details: {
        name,
        outcome,
        since: since.toISOString(),
        aliases,
        certificateCount,
        certificates,
        lastNotAfter: lastNotAfter.toISOString(),
      },
    };
  },
});
