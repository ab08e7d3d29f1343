import type { OtherCheck } from './key-check.js';

/**
 * Names what is neither judged nor known here: an algorithm without a name in this program (its key could be anything), and
 * DSA, whose use for signing ended (FIPS 186-5, preface).
 */
export const keyAlgorithm: OtherCheck = ({ facts }) => {
  if (/^\d/.test(facts.type))
    return {
      code: 'key-algorithm-unknown',
      message: `the public key's algorithm ${facts.type} is not known, so the key was not checked`,
      severity: 'notice',
      source: 'CA/Browser Forum Baseline Requirements section 7.1.3.1',
    };
  if (facts.type !== 'DSA') return null;
  return {
    code: 'key-algorithm-withdrawn',
    message: `the public key is for DSA${facts.bits === null ? '' : ` of ${facts.bits} bits`}, which was withdrawn`,
    severity: 'error',
    source: 'FIPS 186-5',
  };
};
