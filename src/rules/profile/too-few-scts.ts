import { inForceFrom } from '../../lib/policy-dates.js';
import { ctPolicies, requiredScts } from '../../x509/sct/ct-policy.js';
import type { CertificateRule, CheckInput } from '../rule.js';

/** id-pkix-ocsp-sctList, 1.3.6.1.4.1.11129.2.4.5 (RFC 6962 section 3.3), as it stands in a response. */
const ocspSctList = Buffer.from('060a2b06010401d679020405', 'hex');

/**
 * Chrome's and Apple's CT policies: a publicly trusted server certificate without enough SCTs is refused. SCTs are counted, not
 * verified: too few are too few whatever they are worth. Only where a survey told how many come by TLS.
 */
export const tooFewScts: CertificateRule = {
  kind: 'certificate',
  about: 'endpoint',
  id: 'too-few-scts',
  title: 'Browsers refuse the certificate: too few SCTs',
  severity: 'error',
  citation:
    'RFC 6962 section 3.3; Chrome CT Policy (https://googlechrome.github.io/CertificateTransparency/ct_policy.html); Apple (https://support.apple.com/103214)',
  remediation:
    'Get a certificate with embedded SCTs from the CA (every public CA embeds them unless asked not to), and serve that.',
  // Chrome: certificates issued after April 30, 2018; Apple's date, October 15, 2018, came after it.
  effectiveFrom: inForceFrom('ct-enforced-chrome'),
  appliesTo: (input) => input.source === 'served' && isPubliclyTrusted(input) && scts(input).byTls !== null,
  check(input) {
    const { embedded, byTls, isByOcsp } = scts(input);
    const short = ctPolicies
      .map((policy) => ({ browser: policy.name, required: requiredScts(input.certificate, policy) }))
      .filter(({ required }) => required !== null && embedded < required);
    if (short.length === 0 || (byTls ?? 0) > 0 || isByOcsp) return null;
    return { details: { embedded, byTls, byOcsp: 0, required: short } };
  },
};

/** Own roots, and those an administrator installed, are not bound by the policies. */
function isPubliclyTrusted({ validation }: CheckInput): boolean {
  return validation?.verdict === 'valid' && /^(?:mozilla|node) /.test(validation.rootStore);
}

/** How many SCTs came, in which way. What came by TLS was learned for the usual certificate only. */
function scts({ certificate, asked, observation }: CheckInput) {
  return {
    embedded: certificate.sctCount ?? 0,
    byTls: asked === undefined ? (observation?.survey?.handshakeScts ?? null) : null,
    isByOcsp: Buffer.from(observation?.tls?.ocspResponse ?? []).includes(ocspSctList),
  };
}
