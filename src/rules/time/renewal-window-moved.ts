import { renewalMoves } from '../../model/queries/renewal-moves.js';
import { fleetRule } from '../fleet-rule.js';

const shownDays = 7;

/** RFC 9773 section 4.2: a window that starts earlier than before "may indicate that the certificate ... will be revoked": one finding for each CA. */
export const renewalWindowMoved = fleetRule({
  id: 'renewal-window-moved',
  title: 'CA wants certificates renewed early',
  severity: 'warning',
  citation: 'RFC 9773 sections 1 and 4.2',
  remediation:
    'Renew the listed certificates and install them before the CA revokes them; the explanation, where there is one, says why.',
  query: renewalMoves,
  everyMinutes: 5,
  parameters: (_policy, now) => ({ now, since: new Date(now.getTime() - shownDays * 86_400_000) }),
  judge({ directory, movedCount, begunCount, earliestStart, explanationUrl, certificates }) {
    return {
      subject: { kind: 'ca', key: directory },
      host: null,
      certificateSha256: null,
      severity: begunCount > 0 ? 'critical' : 'warning',
      title: `CA wants ${movedCount} certificate${movedCount === 1 ? '' : 's'} renewed early`,
      details: {
        directory,
        movedCount,
        begunCount,
        earliestStart: earliestStart.toISOString(),
        explanationUrl,
        certificates,
      },
    };
  },
});
