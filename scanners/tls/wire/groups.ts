/** Named groups of the IANA registry by value (RFC 8446 section 4.2.7, RFC 8422, RFC 7919, and the ML-KEM drafts). */
const names: Readonly<Record<number, string>> = {
  1: 'sect163k1',
  2: 'sect163r1',
  3: 'sect163r2',
  4: 'sect193r1',
  5: 'sect193r2',
  6: 'sect233k1',
  7: 'sect233r1',
  8: 'sect239k1',
  9: 'sect283k1',
  10: 'sect283r1',
  11: 'sect409k1',
  12: 'sect409r1',
  13: 'sect571k1',
  14: 'sect571r1',
  15: 'secp160k1',
  16: 'secp160r1',
  17: 'secp160r2',
  18: 'secp192k1',
  19: 'P-192',
  20: 'secp224k1',
  21: 'P-224',
  22: 'secp256k1',
  23: 'P-256',
  24: 'P-384',
  25: 'P-521',
  26: 'brainpoolP256r1',
  27: 'brainpoolP384r1',
  28: 'brainpoolP512r1',
  29: 'X25519',
  30: 'X448',
  31: 'brainpoolP256r1tls13',
  32: 'brainpoolP384r1tls13',
  33: 'brainpoolP512r1tls13',
  41: 'curveSM2',
  256: 'ffdhe2048',
  257: 'ffdhe3072',
  258: 'ffdhe4096',
  259: 'ffdhe6144',
  260: 'ffdhe8192',
  512: 'MLKEM512',
  513: 'MLKEM768',
  514: 'MLKEM1024',
  4587: 'SecP256r1MLKEM768',
  4588: 'X25519MLKEM768',
  4589: 'SecP384r1MLKEM1024',
  25497: 'X25519Kyber768Draft00',
};

/** Every group known here, ascending. */
export const allGroups: readonly number[] = Object.keys(names).map(Number);

/** Name of a group, or its value as `0x001d`. */
export function groupName(value: number): string {
  return names[value] ?? `0x${value.toString(16).padStart(4, '0')}`;
}

/** OpenSSL's names of curves, where they differ from ours. */
const opensslNames: Readonly<Record<string, string>> = {
  prime192v1: 'P-192',
  secp192r1: 'P-192',
  secp224r1: 'P-224',
  prime256v1: 'P-256',
  secp256r1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
};

/** Our name for what OpenSSL calls a curve or group. */
export function groupFromOpenssl(name: string): string {
  return opensslNames[name] ?? name;
}
