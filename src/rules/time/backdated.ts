import { inForceFrom, numberOf } from '../../lib/policy-dates.js';
import { isOurs } from '../facts.js';
import { isPublic } from '../profile-rule.js';
import type { CertificateRule } from '../rule.js';
import { earliestSctMs } from '../scts.js';

/** Baseline Requirements section 7.1.2.7: notBefore lies within 48 hours of signing; an SCT was given before that. */
export const backdated: CertificateRule = {
  kind: 'certificate',
  about: 'issuance',
  id: 'backdated',
  title: 'Certificate is dated before it was issued',
  severity: 'error',
  citation: 'Baseline Requirements section 7.1.2.7',
  remediation: 'Ask the CA why: backdating evades rules that began meanwhile.',
  effectiveFrom: inForceFrom('br-leaf-backdate'),
  appliesTo: (input) =>
    isOurs(input) && isPublic(input) && input.certificate.notBefore !== null && earliestSctMs(input) !== null,
  check(input) {
    const { notBefore } = input.certificate;
    const sctMs = earliestSctMs(input);
    if (notBefore === null || sctMs === null) return null;
    const seconds = Math.floor((sctMs - notBefore.getTime()) / 1000);
    const most = numberOf('br-leaf-backdate');
    if (seconds <= most) return null;
    const earliestSct = new Date(sctMs).toISOString();
    return { details: { notBefore: notBefore.toISOString(), earliestSct, seconds, most } };
  },
};
