import { isOnCurve } from '../path/curve-point.js';
import { importKey } from '../path/key.js';
import type { OtherCheck } from './key-check.js';

const curveOids: Readonly<Record<string, string>> = {
  'P-256': '1.2.840.10045.3.1.7',
  'P-384': '1.3.132.0.34',
  'P-521': '1.3.132.0.35',
};
const allowedCurves = new Set(Object.keys(curveOids));
const source = 'CA/Browser Forum Baseline Requirements section 6.1.5; RFC 5480 section 2';

/**
 * "For ECDSA key pairs, the CA SHALL ensure that the key represents a valid point on the NIST P-256, NIST P-384 or NIST P-521
 * elliptic curve" (Baseline Requirements section 6.1.5); "implicitCurve and specifiedCurve MUST NOT be used in PKIX" (RFC 5480
 * section 2.1.1), for explicit parameters let an attacker choose the generator (CVE-2020-0601).
 */
export const ecKey: OtherCheck = ({ facts, spki, publicKey }) => {
  if (facts.type !== 'EC') return null;
  if (facts.curve === 'explicit')
    return {
      code: 'ec-explicit-parameters',
      message: 'the elliptic curve is given by explicit parameters instead of its name',
      severity: 'error',
      source: 'RFC 5480 section 2.1.1; CVE-2020-0601',
    };
  if (facts.curve === null || !allowedCurves.has(facts.curve))
    return {
      code: 'ec-curve-not-allowed',
      message: `the elliptic curve is ${facts.curve ?? 'not named'}, not P-256, P-384 or P-521`,
      severity: 'error',
      source,
    };
  const octets = Math.ceil((facts.bits ?? 0) / 8);
  const form = publicKey[0];
  const isEncoded =
    (form === 4 && publicKey.length === 1 + 2 * octets) ||
    ((form === 2 || form === 3) && publicKey.length === 1 + octets);
  if (isEncoded && (isOnCurve(curveOids[facts.curve] ?? '', publicKey) ?? importKey(spki) !== null))
    return null;
  return {
    code: 'ec-point-invalid',
    message: `the public key is no point on ${facts.curve}`,
    severity: 'critical',
    source: 'NIST SP 800-56A revision 3 section 5.6.2.3.3',
  };
};
