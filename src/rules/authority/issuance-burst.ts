import { issuanceRates } from '../../model/queries/issuance-rates.js';
import { fleetRule } from '../fleet-rule.js';

const dayMs = 86_400_000;
/** Fewer in a day are no burst, however few there used to be. */
const leastInDay = 10;
const timesUsual = 5;
/** The usual rate is not known before. */
const leastHistoryDays = 7;

/**
 * RFC 6962 section 1 lets domain owners notice certificates they did not ask for; many at once mean a client that requests again and
 * again, and soon meets the CA's rate limits, or somebody else who can answer for the domain.
 */
export const issuanceBurst = fleetRule({
  id: 'issuance-burst',
  title: 'Far more certificates than usual',
  severity: 'warning',
  citation: 'RFC 6962 section 1',
  remediation:
    'Find out which client or person requests them; stop a client that runs in a circle before the CA limits the domain.',
  query: issuanceRates,
  everyMinutes: 30,
  parameters: ({ ownedDomains }, now) => ({ ownedDomains: [...ownedDomains], now }),
  judge({ domain, lastDay, before, firstAt, issuers, names }, _policy, now) {
    const historyDays = Math.min(30, (now.getTime() - dayMs - firstAt.getTime()) / dayMs);
    if (historyDays < leastHistoryDays || lastDay < leastInDay) return null;
    const usual = before / historyDays;
    if (lastDay <= usual * timesUsual) return null;
    const perDay = Math.round(usual * 10) / 10;
    return {
      subject: { kind: 'domain', key: domain },
      host: domain,
      certificateSha256: null,
      title: `${lastDay} certificates for ${domain} in a day`,
      details: { domain, lastDay, usualPerDay: perDay, issuers, names },
      evidence: [
        {
          label: 'Issuances on the last day',
          value: String(lastDay),
          expected: `${perDay} a day`,
          source: 'ct',
          at: now,
        },
      ],
    };
  },
});
