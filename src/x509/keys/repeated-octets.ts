import type { KeyProblem, OtherCheck, RsaCheck } from './key-check.js';

/** So many equal octets in a row come by chance once in 2^116 keys of 4096 bits; a generator without entropy makes them. */
const leastRun = 16;

/** RSA moduli with one octet repeated {@link leastRun} times or more; zeros have a check of their own, which needs fewer. */
export const rsaRepeatedOctets: RsaCheck = ({ modulusOctets }) => judge('rsa-repeated-octets', modulusOctets);

/** The same of every other kind of key. */
export const repeatedOctets: OtherCheck = ({ publicKey }) => judge('key-repeated-octets', publicKey);

function judge(code: string, octets: Uint8Array): KeyProblem | null {
  const { run, octet } = longestRun(octets);
  const isSaidElsewhere = octet === 0 && code === 'rsa-repeated-octets';
  if (run < leastRun || isSaidElsewhere) return null;
  const hex = octet.toString(16).padStart(2, '0');
  return {
    code,
    message: `the octet ${hex} comes ${run} times in a row in the public key`,
    severity: 'critical',
    source: 'badkeys, pattern check; NIST SP 800-133 revision 2 section 4',
  };
}

function longestRun(octets: Uint8Array): { readonly run: number; readonly octet: number } {
  let longest = { run: 0, octet: 0 };
  let run = 0;
  for (let at = 0; at < octets.length; at += 1) {
    const octet = octets[at] ?? 0;
    run = at > 0 && octets[at - 1] === octet ? run + 1 : 1;
    if (run > longest.run) longest = { run, octet };
  }
  return longest;
}
