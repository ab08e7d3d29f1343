import { caaIssued } from '../../model/queries/caa-issued.js';
import { allowedIssuers, issuerDomains } from '../caa.js';
import { fleetRule } from '../fleet-rule.js';

/** A CA may rely on what it found for so long (Baseline Requirements section 3.2.2.8). */
const snapshotMs = 8 * 3_600_000;
const judgedDays = 120;

/**
 * RFC 8659 section 3: a CA "MUST NOT issue" unless the records allow it. They count as they were at issuance: with an answer of within
 * 8 hours this is an error; without one the nearest answer is compared, which is a notice only. Issuers of unknown CAs are left alone.
 */
export const caaForbidsIssuer = fleetRule({
  id: 'caa-forbids-issuer',
  title: 'CA issued although CAA records do not name it',
  severity: 'error',
  citation: 'RFC 8659 section 3, Baseline Requirements section 3.2.2.8',
  remediation:
    'Find out who requested the certificate. If it was not your organisation, have it revoked and report it to the CA; otherwise add the CA to the records.',
  query: caaIssued,
  everyMinutes: 15,
  parameters: (_policy, now) => ({ now, since: new Date(now.getTime() - judgedDays * 86_400_000) }),
  judge({ sha256, name, issuer, issuedAt, answeredFrom, answeredUntil, answer }) {
    const allowed = allowedIssuers(answer.records, name.startsWith('*.'));
    const domains = issuerDomains(issuer);
    if (allowed === null || domains.length === 0 || domains.some((one) => allowed.includes(one))) return null;
    const at = issuedAt.getTime();
    const wasKnown = answeredFrom.getTime() - snapshotMs <= at && at <= answeredUntil.getTime() + snapshotMs;
    return {
      subject: { kind: 'certificate', key: sha256 },
      host: name,
      certificateSha256: sha256,
      severity: wasKnown ? 'error' : 'notice',
      details: {
        name,
        issuer,
        issuedAt: issuedAt.toISOString(),
        allowed,
        foundAt: answer.foundAt,
        snapshot: wasKnown
          ? 'within 8 hours of issuance'
          : 'none within 8 hours of issuance; compared with the nearest answer',
        answeredFrom: answeredFrom.toISOString(),
        answeredUntil: answeredUntil.toISOString(),
      },
    };
  },
});
