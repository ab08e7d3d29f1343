import { badOcspStaple } from './revocation/bad-ocsp-staple.js';
import { chainExpiring } from './time/chain-expiring.js';
import { compromisedKey } from './crypto/compromised-key.js';
import { ctCanaryMissing } from './ct/ct-canary-missing.js';
import { ctLogLagging } from './ct/ct-log-lagging.js';
import { ctLogListUnavailable } from './ct/ct-log-list-unavailable.js';
import { ctLogMisbehaving } from './ct/ct-log-misbehaving.js';
import { ctLogNotFollowed } from './ct/ct-log-not-followed.js';
import { ctLogUnreachable } from './ct/ct-log-unreachable.js';
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
import type { Rule } from './rule.js';
import { revoked } from './revocation/revoked.js';
import { ruleFailed } from './self/rule-failed.js';
import { selfSigned } from './trust/self-signed.js';
import { shadow } from './authority/shadow.js';
import { renewalFailing } from './time/renewal-failing.js';
import { sharedPrime } from './crypto/shared-prime.js';
import { storeBlocked } from './self/store-blocked.js';
import { storeDamaged } from './self/store-damaged.js';
import { storeSpooling } from './self/store-spooling.js';
import { tlsCompression } from './crypto/tls-compression.js';
import { tooFewScts } from './profile/too-few-scts.js';
import { unauthorizedIssuer } from './authority/unauthorized-issuer.js';
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
  shadow,
  unauthorizedIssuer,
  weakProtocol,
  weakCipherSuite,
  weakKeyExchange,
  noForwardSecrecy,
  insecureRenegotiation,
  tlsCompression,
  longLivedTickets,
  keyReuse,
  renewalFailing,
  ctLogLagging,
  ctLogMisbehaving,
  ctLogUnreachable,
  ctLogNotFollowed,
  ctLogListUnavailable,
  ctCanaryMissing,
  inventoryIncomplete,
  inventoryStale,
  jobFailed,
  deliveryFailed,
  storeBlocked,
  storeDamaged,
  storeSpooling,
  ruleFailed,
];
