import { endOfHours } from '../../lib/hours.js';
import { issuancesLogged } from '../../model/queries/issuances-logged.js';
import { fleetRule } from '../fleet-rule.js';

const shownMs = 3 * 86_400_000;

/**
 * RFC 6962 section 1 lets domain owners notice what they did not request. Where certificates are requested by people, in working hours, one
 * that is logged at night or at the weekend deserves a question. Of no use with ACME clients, which renew at any time: off unless switched on.
 */
export const issuedOutOfHours = fleetRule({
  id: 'issued-out-of-hours',
  title: 'Certificate was issued out of hours',
  severity: 'warning',
  citation: 'RFC 6962 section 1',
  remediation:
    'Ask who requested it. If it was not you, have the CA revoke it and look for a hijack of DNS or a web server; otherwise adjust `policy.issuanceHours`, or leave this rule off.',
  isOptional: true,
  query: issuancesLogged,
  everyMinutes: 5,
  parameters: ({ ownedDomains }, now) => ({
    ownedDomains: [...ownedDomains],
    since: new Date(now.getTime() - shownMs),
  }),
  judge({ tbsSha256, sha256, names, loggedAt, ...facts }, { issuanceHours }) {
    if (endOfHours(issuanceHours, loggedAt) !== null) return null;
    const { days, from, to, timezone } = issuanceHours;
    const local = loggedAt.toLocaleString('en-GB', {
      timeZone: timezone,
      dateStyle: 'full',
      timeStyle: 'short',
    });
    return {
      subject: { kind: 'issuance', key: tbsSha256 },
      host: names[0] ?? null,
      certificateSha256: sha256,
      details: { ...facts, names, loggedAt },
      evidence: [
        {
          label: 'Logged',
          value: `${local} ${timezone}`,
          expected: `${days.join(', ')} ${from} to ${to}`,
          source: 'ct',
          at: loggedAt,
        },
      ],
    };
  },
  ends: (gone) => Promise.resolve(gone.map(({ id }) => ({ findingId: id, resolution: 'expired' }))),
});
