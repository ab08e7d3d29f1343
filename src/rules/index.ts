import { badOcspStaple } from './bad-ocsp-staple.js';
import { compromisedKey } from './compromised-key.js';
import { ctCanaryMissing } from './ct-canary-missing.js';
import { ctLogLagging } from './ct-log-lagging.js';
import { ctLogListUnavailable } from './ct-log-list-unavailable.js';
import { ctLogMisbehaving } from './ct-log-misbehaving.js';
import { ctLogUnreachable } from './ct-log-unreachable.js';
import { deliveryFailed } from './delivery-failed.js';
import { expired } from './expired.js';
import { expiring } from './expiring.js';
import { hostnameMismatch } from './hostname-mismatch.js';
import { insecureRenegotiation } from './insecure-renegotiation.js';
import { inventoryIncomplete } from './inventory-incomplete.js';
import { inventoryStale } from './inventory-stale.js';
import { jobFailed } from './job-failed.js';
import { longLivedTickets } from './long-lived-tickets.js';
import { malformedCertificate } from './malformed-certificate.js';
import { noForwardSecrecy } from './no-forward-secrecy.js';
import { notYetValid } from './not-yet-valid.js';
import type { Rule } from './rule.js';
import { revoked } from './revoked.js';
import { ruleFailed } from './rule-failed.js';
import { selfSigned } from './self-signed.js';
import { shadow } from './shadow.js';
import { sharedPrime } from './shared-prime.js';
import { storeBlocked } from './store-blocked.js';
import { storeDamaged } from './store-damaged.js';
import { storeSpooling } from './store-spooling.js';
import { tlsCompression } from './tls-compression.js';
import { tooFewScts } from './too-few-scts.js';
import { unauthorizedIssuer } from './unauthorized-issuer.js';
import { unknownAlgorithm } from './unknown-algorithm.js';
import { unreadableCertificate } from './unreadable-certificate.js';
import { untrustedChain } from './untrusted-chain.js';
import { weakCipherSuite } from './weak-cipher-suite.js';
import { weakKey } from './weak-key.js';
import { weakKeyExchange } from './weak-key-exchange.js';
import { weakProtocol } from './weak-protocol.js';
import { weakSignature } from './weak-signature.js';

/** Every rule there is: first what is served or issued, then what Certglass says of the logs and of itself. */
export const rules: readonly Rule[] = [
  expired,
  notYetValid,
  expiring,
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
  ctLogLagging,
  ctLogMisbehaving,
  ctLogUnreachable,
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
