/**
 * The TLS cipher suites of the IANA registry, and older drafts that servers still speak, by their two octets. Written as
 * runs: from the first value on, every key exchange with every cipher, in the registry's own order.
 */
const names = new Map<number, string>();

function run(first: number, keyExchanges: string, ciphers: string): void {
  let value = first;
  for (const keyExchange of keyExchanges.split(' ')) {
    for (const cipher of ciphers.split(' ')) {
      names.set(value, `TLS_${keyExchange}_WITH_${cipher}`);
      value += 1;
    }
  }
}

const certificateKinds = 'RSA DH_DSS DH_RSA DHE_DSS DHE_RSA DH_anon';
const gcm = 'AES_128_GCM_SHA256 AES_256_GCM_SHA384';

// RFC 5246 appendix A.5 and its forerunners.
run(0x0000, 'NULL', 'NULL_NULL');
run(0x0001, 'RSA', 'NULL_MD5 NULL_SHA');
run(0x0003, 'RSA_EXPORT', 'RC4_40_MD5');
run(0x0004, 'RSA', 'RC4_128_MD5 RC4_128_SHA');
run(0x0006, 'RSA_EXPORT', 'RC2_CBC_40_MD5');
run(0x0007, 'RSA', 'IDEA_CBC_SHA');
for (const [index, keyExchange] of certificateKinds.split(' ').entries()) {
  const first = keyExchange === 'DH_anon' ? 0x0019 : 0x0008 + index * 3;
  run(first, `${keyExchange}_EXPORT`, 'DES40_CBC_SHA');
  run(first + 1, keyExchange, 'DES_CBC_SHA 3DES_EDE_CBC_SHA');
}
run(0x0017, 'DH_anon_EXPORT', 'RC4_40_MD5');
run(0x0018, 'DH_anon', 'RC4_128_MD5');
run(0x002f, certificateKinds, 'AES_128_CBC_SHA');
run(0x0035, certificateKinds, 'AES_256_CBC_SHA');
run(0x003b, 'RSA', 'NULL_SHA256 AES_128_CBC_SHA256 AES_256_CBC_SHA256');
run(0x003e, 'DH_DSS DH_RSA DHE_DSS', 'AES_128_CBC_SHA256');
run(0x0067, 'DHE_RSA', 'AES_128_CBC_SHA256');
run(0x0068, 'DH_DSS DH_RSA DHE_DSS DHE_RSA', 'AES_256_CBC_SHA256');
run(0x006c, 'DH_anon', 'AES_128_CBC_SHA256 AES_256_CBC_SHA256');
// RFC 2712 (Kerberos) and the draft of 56-bit export suites.
run(0x001e, 'KRB5', 'DES_CBC_SHA 3DES_EDE_CBC_SHA RC4_128_SHA IDEA_CBC_SHA');
run(0x0022, 'KRB5', 'DES_CBC_MD5 3DES_EDE_CBC_MD5 RC4_128_MD5 IDEA_CBC_MD5');
run(
  0x0026,
  'KRB5_EXPORT',
  'DES_CBC_40_SHA RC2_CBC_40_SHA RC4_40_SHA DES_CBC_40_MD5 RC2_CBC_40_MD5 RC4_40_MD5',
);
run(0x0060, 'RSA_EXPORT1024', 'RC4_56_MD5 RC2_CBC_56_MD5 DES_CBC_SHA');
run(0x0063, 'DHE_DSS_EXPORT1024', 'DES_CBC_SHA');
run(0x0064, 'RSA_EXPORT1024 DHE_DSS_EXPORT1024', 'RC4_56_SHA');
run(0x0066, 'DHE_DSS', 'RC4_128_SHA');
// RFC 4785, 4279, 5487, 5489, 8442: pre-shared keys.
run(0x002c, 'PSK DHE_PSK RSA_PSK', 'NULL_SHA');
run(0x008a, 'PSK DHE_PSK RSA_PSK', 'RC4_128_SHA 3DES_EDE_CBC_SHA AES_128_CBC_SHA AES_256_CBC_SHA');
run(0x00a8, 'PSK DHE_PSK RSA_PSK', gcm);
run(0x00ae, 'PSK DHE_PSK RSA_PSK', 'AES_128_CBC_SHA256 AES_256_CBC_SHA384 NULL_SHA256 NULL_SHA384');
run(0xc033, 'ECDHE_PSK', 'RC4_128_SHA 3DES_EDE_CBC_SHA AES_128_CBC_SHA AES_256_CBC_SHA AES_128_CBC_SHA256');
run(0xc038, 'ECDHE_PSK', 'AES_256_CBC_SHA384 NULL_SHA NULL_SHA256 NULL_SHA384');
run(0xd001, 'ECDHE_PSK', `${gcm} AES_128_CCM_8_SHA256`);
run(0xd005, 'ECDHE_PSK', 'AES_128_CCM_SHA256');
// RFC 5932 and 6367 (Camellia), 4162 (SEED), 6209 (ARIA).
run(0x0041, certificateKinds, 'CAMELLIA_128_CBC_SHA');
run(0x0084, certificateKinds, 'CAMELLIA_256_CBC_SHA');
run(0x00ba, certificateKinds, 'CAMELLIA_128_CBC_SHA256');
run(0x00c0, certificateKinds, 'CAMELLIA_256_CBC_SHA256');
run(0x0096, certificateKinds, 'SEED_CBC_SHA');
const ariaCbc = 'ARIA_128_CBC_SHA256 ARIA_256_CBC_SHA384';
const ariaGcm = 'ARIA_128_GCM_SHA256 ARIA_256_GCM_SHA384';
const camelliaCbc = 'CAMELLIA_128_CBC_SHA256 CAMELLIA_256_CBC_SHA384';
const camelliaGcm = 'CAMELLIA_128_GCM_SHA256 CAMELLIA_256_GCM_SHA384';
const ellipticKinds = 'ECDHE_ECDSA ECDH_ECDSA ECDHE_RSA ECDH_RSA';
const gcmKinds = `RSA DHE_RSA DH_RSA DHE_DSS DH_DSS DH_anon ${ellipticKinds}`;
run(0xc03c, `${certificateKinds} ${ellipticKinds}`, ariaCbc);
run(0xc050, gcmKinds, ariaGcm);
run(0xc064, 'PSK DHE_PSK RSA_PSK', ariaCbc);
run(0xc06a, 'PSK DHE_PSK RSA_PSK', ariaGcm);
run(0xc070, 'ECDHE_PSK', ariaCbc);
run(0xc072, ellipticKinds, camelliaCbc);
run(0xc07a, gcmKinds, camelliaGcm);
run(0xc08e, 'PSK DHE_PSK RSA_PSK', camelliaGcm);
run(0xc094, 'PSK DHE_PSK RSA_PSK ECDHE_PSK', camelliaCbc);
// RFC 5288, 5289, 8422, 5054, 6655, 7251, 7905: GCM, elliptic curves, SRP, CCM, ChaCha20.
run(0x009c, 'RSA DHE_RSA DH_RSA DHE_DSS DH_DSS DH_anon', gcm);
run(
  0xc001,
  'ECDH_ECDSA ECDHE_ECDSA ECDH_RSA ECDHE_RSA ECDH_anon',
  'NULL_SHA RC4_128_SHA 3DES_EDE_CBC_SHA AES_128_CBC_SHA AES_256_CBC_SHA',
);
run(0xc01a, 'SRP_SHA SRP_SHA_RSA SRP_SHA_DSS', '3DES_EDE_CBC_SHA');
run(0xc01d, 'SRP_SHA SRP_SHA_RSA SRP_SHA_DSS', 'AES_128_CBC_SHA');
run(0xc020, 'SRP_SHA SRP_SHA_RSA SRP_SHA_DSS', 'AES_256_CBC_SHA');
run(0xc023, ellipticKinds, 'AES_128_CBC_SHA256 AES_256_CBC_SHA384');
run(0xc02b, ellipticKinds, gcm);
run(0xc09c, 'RSA DHE_RSA', 'AES_128_CCM AES_256_CCM');
run(0xc0a0, 'RSA DHE_RSA', 'AES_128_CCM_8 AES_256_CCM_8');
run(0xc0a4, 'PSK DHE_PSK', 'AES_128_CCM AES_256_CCM');
run(0xc0a8, 'PSK PSK_DHE', 'AES_128_CCM_8 AES_256_CCM_8');
run(0xc0ac, 'ECDHE_ECDSA', 'AES_128_CCM AES_256_CCM AES_128_CCM_8 AES_256_CCM_8');
run(0xcca8, 'ECDHE_RSA ECDHE_ECDSA DHE_RSA PSK ECDHE_PSK DHE_PSK RSA_PSK', 'CHACHA20_POLY1305_SHA256');
run(0xcc13, 'ECDHE_RSA ECDHE_ECDSA DHE_RSA', 'CHACHA20_POLY1305_OLD_SHA256');
// RFC 9189, its forerunners, and the private values of Netscape's FIPS suites.
run(0xc100, 'GOSTR341112_256', 'KUZNYECHIK_CTR_OMAC MAGMA_CTR_OMAC 28147_CNT_IMIT');
run(0x0080, 'GOSTR341094 GOSTR341001', '28147_CNT_IMIT');
run(0xff85, 'GOSTR341112_256', '28147_CNT_IMIT_OLD');
run(0xfefe, 'RSA_FIPS', 'DES_CBC_SHA 3DES_EDE_CBC_SHA');
// RFC 8446 appendix B.4, RFC 8998.
for (const [index, name] of [
  'AES_128_GCM_SHA256',
  'AES_256_GCM_SHA384',
  'CHACHA20_POLY1305_SHA256',
  'AES_128_CCM_SHA256',
  'AES_128_CCM_8_SHA256',
].entries())
  names.set(0x1301 + index, `TLS_${name}`);
names.set(0x00c6, 'TLS_SM4_GCM_SM3').set(0x00c7, 'TLS_SM4_CCM_SM3');

/** Every suite to TLS 1.2 that a server might choose, signalling values apart, ascending. */
export const legacyCipherSuites: readonly number[] = [...names.keys()]
  .filter((value) => value !== 0 && !isTls13Suite(value))
  .sort((x, y) => x - y);

/** The suites of TLS 1.3. */
export const tls13CipherSuites: readonly number[] = [...names.keys()].filter(isTls13Suite);

function isTls13Suite(value: number): boolean {
  return value >> 8 === 0x13 || value === 0x00c6 || value === 0x00c7;
}

/** IANA name of a suite (`TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`), or its value as `0xc02f` when it has none here. */
export function cipherSuiteName(value: number): string {
  return names.get(value) ?? `0x${value.toString(16).padStart(4, '0')}`;
}

/** Value of a suite by its IANA name; undefined when there is none here. */
export function cipherSuiteByName(name: string): number | undefined {
  byName ??= new Map([...names].map(([value, text]) => [text, value]));
  return byName.get(name);
}

let byName: Map<string, number> | undefined;
