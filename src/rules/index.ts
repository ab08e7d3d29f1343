import { caaAbsent } from './authority/caa-absent.js';
import { caaChanged } from './authority/caa-changed.js';
import { caaForbidsIssuer } from './authority/caa-forbids-issuer.js';
import { caaUnknownCritical } from './authority/caa-unknown-critical.js';
import { caaUnsignedZone } from './authority/caa-unsigned-zone.js';
import { danglingName } from './names/dangling-name.js';
import { ocspMustStapleMissing } from './revocation/ocsp-must-staple-missing.js';
import { revocationUnknown } from './revocation/revocation-unknown.js';
import { revokedStillServed } from './revocation/revoked-still-served.js';
import { renewalWindowMoved } from './time/renewal-window-moved.js';
import { renewalWindowPassed } from './time/renewal-window-passed.js';
import { badOcspStaple } from './revocation/bad-ocsp-staple.js';
import { chainExpiring } from './time/chain-expiring.js';
import { compromisedKey } from './crypto/compromised-key.js';
import { crlExpired } from './revocation/crl-expired.js';
import { crlUnreachable } from './revocation/crl-unreachable.js';
import { ctCanaryMissing } from './ct/ct-canary-missing.js';
import { ctLogLagging } from './ct/ct-log-lagging.js';
import { ctLogListUnavailable } from './ct/ct-log-list-unavailable.js';
import { ctLogMisbehaving } from './ct/ct-log-misbehaving.js';
import { ctLogNotFollowed } from './ct/ct-log-not-followed.js';
import { ctRecallLow } from './ct/ct-recall-low.js';
import { ctLogUnreachable } from './ct/ct-log-unreachable.js';
import { unused } from './authority/unused.js';
import { ownerMissing } from './authority/owner-missing.js';
import { wildcardRisk } from './authority/wildcard-risk.js';
import { downgrade } from './change/downgrade.js';
import { issuedOutOfHours } from './authority/issued-out-of-hours.js';
import { notInUse } from './authority/not-in-use.js';
import { deployGap } from './fleet/deploy-gap.js';
import { predictedOutage } from './fleet/predicted-outage.js';
import { certificateChanged } from './change/certificate-changed.js';
import { unreachable } from './change/unreachable.js';
import { endpointGone } from './change/endpoint-gone.js';
import { issuerChanged } from './change/issuer-changed.js';
import { keyChanged } from './change/key-changed.js';
import { newEndpoint } from './change/new-endpoint.js';
import { issuanceBurst } from './authority/issuance-burst.js';
import { lookAlikeDomain } from './authority/look-alike-domain.js';
import { watchedName } from './authority/watched-name.js';
import { reviewOverdue } from './self/review-overdue.js';
import { alertChannelUntested } from './self/alert-channel-untested.js';
import { deliveryFailed } from './self/delivery-failed.js';
import { expired } from './time/expired.js';
import { expiring } from './time/expiring.js';
import { hostnameMismatch } from './trust/hostname-mismatch.js';
import { insecureRenegotiation } from './crypto/insecure-renegotiation.js';
import { inventoryIncomplete } from './self/inventory-incomplete.js';
import { inventoryStale } from './self/inventory-stale.js';
import { jobFailed } from './self/job-failed.js';
import { keyReuse } from './fleet/key-reuse.js';
import { longLivedTickets } from './crypto/long-lived-tickets.js';
import { malformedCertificate } from './profile/malformed-certificate.js';
import { noForwardSecrecy } from './crypto/no-forward-secrecy.js';
import { notYetValid } from './time/not-yet-valid.js';
import { caAiaCrlPoints } from './profile/ca-aia-crl-points.js';
import { caConstraintForm } from './profile/ca-constraint-form.js';
import { caExtendedKeyUsage } from './profile/ca-extended-key-usage.js';
import { caFlagOnLeaf } from './profile/ca-flag-on-leaf.js';
import { caKeyUsage } from './profile/ca-key-usage.js';
import { caPolicies } from './profile/ca-policies.js';
import { caSubject } from './profile/ca-subject.js';
import { certificateVersion } from './profile/certificate-version.js';
import { commonNameNotInSan } from './profile/common-name-not-in-san.js';
import { constrainedCa } from './profile/constrained-ca.js';
import { derForm } from './profile/der-form.js';
import { dnsLabelForm } from './profile/dns-label-form.js';
import { emailInSubject } from './profile/email-in-subject.js';
import { evSubject } from './profile/ev-subject.js';
import { leafAia } from './profile/leaf-aia.js';
import { leafBasicConstraints } from './profile/leaf-basic-constraints.js';
import { leafCaExtensions } from './profile/leaf-ca-extensions.js';
import { leafCrlPoints } from './profile/leaf-crl-points.js';
import { leafExtendedKeyUsage } from './profile/leaf-extended-key-usage.js';
import { leafKeyUsage } from './profile/leaf-key-usage.js';
import { leafPolicies } from './profile/leaf-policies.js';
import { mustStapleWithoutStaple } from './profile/must-staple-without-staple.js';
import { nameTypeNotAllowed } from './profile/name-type-not-allowed.js';
import { notRecommended } from './profile/not-recommended.js';
import { onionName } from './profile/onion-name.js';
import { organizationalUnit } from './profile/organizational-unit.js';
import { publicSuffixName } from './profile/public-suffix-name.js';
import { reservedName } from './profile/reserved-name.js';
import { rootProfile } from './profile/root-profile.js';
import { sanMissing } from './profile/san-missing.js';
import { sctForm } from './profile/sct-form.js';
import { serialNumber } from './profile/serial-number.js';
import { subjectCountry } from './profile/subject-country.js';
import { subjectEncoding } from './profile/subject-encoding.js';
import { subjectLength } from './profile/subject-length.js';
import { subjectOfDv } from './profile/subject-of-dv.js';
import { subjectOfOvIv } from './profile/subject-of-ov-iv.js';
import { subjectOrder } from './profile/subject-order.js';
import { subjectPlaceholder } from './profile/subject-placeholder.js';
import { validityMargin } from './profile/validity-margin.js';
import { backdated } from './time/backdated.js';
import { lifetimeExceedsLimit } from './time/lifetime-exceeds-limit.js';
import { discouragedAlgorithm } from './crypto/discouraged-algorithm.js';
import { notPostQuantumReady } from './crypto/not-post-quantum-ready.js';
import { distrustedIssuer } from './trust/distrusted-issuer.js';
import { incompleteChain } from './trust/incomplete-chain.js';
import { privateCertificateOnPublicName } from './trust/private-certificate-on-public-name.js';
import { publicCertificateOnPrivateName } from './trust/public-certificate-on-private-name.js';
import { trustedBySome } from './trust/trusted-by-some.js';
import { unneededRootSent } from './trust/unneeded-root-sent.js';
import { wrongChainOrder } from './trust/wrong-chain-order.js';
import type { Rule } from './rule.js';
import { revoked } from './revocation/revoked.js';
import { ownCertificateExpiring } from './self/own-certificate-expiring.js';
import { ruleFailed } from './self/rule-failed.js';
import { selfSigned } from './trust/self-signed.js';
import { shadow } from './authority/shadow.js';
import { renewalFailing } from './time/renewal-failing.js';
import { sharedPrime } from './crypto/shared-prime.js';
import { storeBlocked } from './self/store-blocked.js';
import { storeDamaged } from './self/store-damaged.js';
import { surveyNeverRun } from './self/survey-never-run.js';
import { storeSpooling } from './self/store-spooling.js';
import { tlsCompression } from './crypto/tls-compression.js';
import { tooFewScts } from './profile/too-few-scts.js';
import { unauthorizedIssuer } from './authority/unauthorized-issuer.js';
import { unexplainedIssuance } from './authority/unexplained-issuance.js';
import { unknownAlgorithm } from './crypto/unknown-algorithm.js';
import { unreadableCertificate } from './profile/unreadable-certificate.js';
import { untrustedChain } from './trust/untrusted-chain.js';
import { weakCipherSuite } from './crypto/weak-cipher-suite.js';
import { weakKey } from './crypto/weak-key.js';
import { weakKeyExchange } from './crypto/weak-key-exchange.js';
import { weakProtocol } from './crypto/weak-protocol.js';
import { weakSignature } from './crypto/weak-signature.js';

/** Every rule there is: first what is served or issued, then what Certglass says of the logs and of itself. */
export const rules: readonly Rule[] = [
  expired,
  notYetValid,
  expiring,
  chainExpiring,
  hostnameMismatch,
  untrustedChain,
  wrongChainOrder,
  unneededRootSent,
  trustedBySome,
  publicCertificateOnPrivateName,
  privateCertificateOnPublicName,
  incompleteChain,
  distrustedIssuer,
  revoked,
  badOcspStaple,
  tooFewScts,
  selfSigned,
  compromisedKey,
  sharedPrime,
  weakKey,
  weakSignature,
  unknownAlgorithm,
  malformedCertificate,
  unreadableCertificate,
  caAiaCrlPoints,
  caConstraintForm,
  caExtendedKeyUsage,
  caFlagOnLeaf,
  caKeyUsage,
  caPolicies,
  caSubject,
  certificateVersion,
  commonNameNotInSan,
  constrainedCa,
  derForm,
  dnsLabelForm,
  emailInSubject,
  evSubject,
  leafAia,
  leafBasicConstraints,
  leafCaExtensions,
  leafCrlPoints,
  leafExtendedKeyUsage,
  leafKeyUsage,
  leafPolicies,
  mustStapleWithoutStaple,
  nameTypeNotAllowed,
  notRecommended,
  onionName,
  organizationalUnit,
  publicSuffixName,
  reservedName,
  rootProfile,
  sanMissing,
  sctForm,
  serialNumber,
  subjectCountry,
  subjectEncoding,
  subjectLength,
  subjectOfDv,
  subjectOfOvIv,
  subjectOrder,
  subjectPlaceholder,
  validityMargin,
  backdated,
  lifetimeExceedsLimit,
  shadow,
  unauthorizedIssuer,
  weakProtocol,
  notPostQuantumReady,
  discouragedAlgorithm,
  weakCipherSuite,
  weakKeyExchange,
  noForwardSecrecy,
  insecureRenegotiation,
  tlsCompression,
  longLivedTickets,
  keyReuse,
  unexplainedIssuance,
  unused,
  notInUse,
  issuedOutOfHours,
  ownerMissing,
  wildcardRisk,
  deployGap,
  predictedOutage,
  watchedName,
  issuanceBurst,
  lookAlikeDomain,
  certificateChanged,
  issuerChanged,
  keyChanged,
  downgrade,
  newEndpoint,
  endpointGone,
  unreachable,
  renewalFailing,
  caaAbsent,
  caaChanged,
  caaForbidsIssuer,
  caaUnknownCritical,
  caaUnsignedZone,
  danglingName,
  ocspMustStapleMissing,
  revocationUnknown,
  revokedStillServed,
  renewalWindowMoved,
  renewalWindowPassed,
  crlUnreachable,
  crlExpired,
  ctLogLagging,
  ctLogMisbehaving,
  ctLogUnreachable,
  ctLogNotFollowed,
  ctLogListUnavailable,
  ctCanaryMissing,
  ctRecallLow,
  inventoryIncomplete,
  inventoryStale,
  jobFailed,
  deliveryFailed,
  reviewOverdue,
  alertChannelUntested,
  storeBlocked,
  storeDamaged,
  surveyNeverRun,
  storeSpooling,
  ownCertificateExpiring,
  ruleFailed,
];
