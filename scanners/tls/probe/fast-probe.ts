import type { TlsFacts } from '../../../src/model/observation.js';
import type { Target } from '../../../src/model/target.js';
import { randomBytes } from 'node:crypto';
import {
  cipherSuiteByName,
  cipherSuiteName,
  legacyCipherSuites,
  tls13CipherSuites,
} from '../wire/cipher-suites.js';
import {
  clientHello,
  extensions,
  helloTemplate,
  versionName,
  versions,
  type Extension,
} from '../wire/client-hello.js';
import { ask } from '../wire/ask.js';
import type { ConnectionResult, Route } from '../wire/connection.js';
import type { ByteLimits, Ending, ServerFlight } from '../wire/server-flight.js';

/** Which keys the server is asked to show a certificate for. */
export type Authentication = 'any' | 'RSA' | 'ECDSA';

const ciphers = [
  'AES_128_GCM_SHA256 AES_256_GCM_SHA384 CHACHA20_POLY1305_SHA256 AES_128_CBC_SHA256 AES_256_CBC_SHA384',
  'AES_256_CBC_SHA256 AES_128_CBC_SHA AES_256_CBC_SHA CAMELLIA_128_CBC_SHA CAMELLIA_256_CBC_SHA AES_128_CCM',
  'AES_256_CCM AES_128_CCM_8 AES_256_CCM_8 ARIA_128_GCM_SHA256 ARIA_256_GCM_SHA384 SEED_CBC_SHA IDEA_CBC_SHA',
  '3DES_EDE_CBC_SHA RC4_128_SHA RC4_128_MD5 DES_CBC_SHA NULL_SHA256 NULL_SHA',
]
  .join(' ')
  .split(' ');

/** Suites with a certificate, from the best to the worst: a server that follows the client shows its usual choice. */
function offered(keyExchanges: readonly string[]): number[] {
  const names = ciphers.flatMap((cipher) =>
    keyExchanges.map((keyExchange) => `TLS_${keyExchange}_WITH_${cipher}`),
  );
  const exported = keyExchanges.map((keyExchange) => `TLS_${keyExchange}_EXPORT_WITH_DES40_CBC_SHA`);
  const suites = [...names, ...exported, 'TLS_RSA_EXPORT_WITH_RC4_40_MD5'].flatMap(
    (name) => cipherSuiteByName(name) ?? [],
  );
  return [...suites, renegotiationScsv];
}

/** TLS_EMPTY_RENEGOTIATION_INFO_SCSV, RFC 5746 section 3.3. */
export const renegotiationScsv = 0x00ff;

const suitesFor: Readonly<Record<Authentication, readonly number[]>> = {
  any: offered(['ECDHE_ECDSA', 'ECDHE_RSA', 'DHE_RSA', 'RSA', 'DHE_DSS']),
  RSA: offered(['ECDHE_RSA', 'DHE_RSA', 'RSA']),
  ECDSA: offered(['ECDHE_ECDSA']),
};

/** Signature schemes of RFC 8446 section 4.2.3 and the pairs of hash and signature before it, SHA-1 and MD5 included. */
export const signatureSchemes = [
  0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501,
  0x0601, 0x0303, 0x0301, 0x0203, 0x0201, 0x0402, 0x0302, 0x0202, 0x0101,
];

const commonExtensions: readonly Extension[] = [
  extensions.supportedGroups([29, 23, 24, 25, 30, 28, 27, 26, 22, 21, 19, 256, 257]),
  extensions.ecPointFormats,
  extensions.signatureAlgorithms(signatureSchemes),
  extensions.extendedMasterSecret,
];

const templates = new Map<Authentication, (serverName: string | null) => Buffer>();

/** The hello of the fast probe: TLS 1.2 and below, nearly every suite that brings a certificate. */
export function fastHello(serverName: string | null, authentication: Authentication = 'any'): Buffer {
  const known = templates.get(authentication);
  if (known !== undefined) return known(serverName);
  const template = helloTemplate({
    version: versions['TLSv1.2'],
    cipherSuites: suitesFor[authentication],
    extensions: commonExtensions,
  });
  templates.set(authentication, template);
  return template(serverName);
}

/**
 * Asks for the certificate with a hand-built ClientHello up to TLS 1.2, where it travels in clear, and closes as soon as it
 * is there: about a fifth of the CPU time of a whole handshake, and certificates that OpenSSL refuses are received byte for
 * byte. A server that speaks TLS 1.3 only answers with the alert protocol_version.
 */
export async function fastProbe(
  target: Target,
  route: Route,
  limits: ByteLimits,
  authentication: Authentication = 'any',
): Promise<ConnectionResult> {
  const hello = fastHello(target.serverName, authentication);
  const { ending, flight, isTransient } = await ask(target, route, hello, limits, 'certificate');
  const { outcome, detail } = ending;
  return { outcome, detail, tls: tlsFacts(flight), chain: flight.certificates ?? [], isTransient };
}

/**
 * How a server takes a plain hello of TLS 1.3: for a third of the cost of a full probe it tells whether one that ended the
 * connection without a word would talk to that.
 */
export async function tls13Ending(target: Target, route: Route, limits: ByteLimits): Promise<Ending> {
  const hello = clientHello({
    version: versions['TLSv1.2'],
    cipherSuites: tls13CipherSuites,
    sessionId: randomBytes(32), // middlebox compatibility, RFC 8446 appendix D.4
    extensions: [
      ...extensions.serverName(target.serverName),
      ...commonExtensions,
      extensions.supportedVersions([versions['TLSv1.3']]),
      extensions.pskKeyExchangeModes,
      extensions.keyShare([[29, randomBytes(32)]]), // any 32 octets are a key of X25519 (RFC 7748 section 5)
    ],
  });
  return (await ask(target, route, hello, limits, 'serverHello')).ending;
}

/** Suites that need no certificate: anonymous ones and those with pre-shared keys. */
const anonymousSuites = legacyCipherSuites.filter((suite) =>
  /_anon_|^TLS_(DHE_|ECDHE_)?PSK_/.test(cipherSuiteName(suite)),
);

/** Asks a server that refused every suite with a certificate for one without; null when it refuses that too. */
export async function anonymousProbe(
  target: Target,
  route: Route,
  limits: ByteLimits,
): Promise<ConnectionResult | null> {
  const hello = clientHello({
    version: versions['TLSv1.2'],
    cipherSuites: [...anonymousSuites, renegotiationScsv],
    extensions: [...extensions.serverName(target.serverName), ...commonExtensions],
  });
  const { flight } = await ask(target, route, hello, limits, 'serverHello');
  const tls = tlsFacts(flight);
  if (tls === null) return null;
  return { outcome: 'no-certificate', detail: `the server accepts ${tls.cipher} only`, tls, chain: [] };
}

function tlsFacts({ serverHello }: ServerFlight): TlsFacts | null {
  if (serverHello === null) return null;
  return {
    version: versionName(serverHello.version) ?? null,
    cipher: cipherSuiteName(serverHello.cipherSuite),
    group: null,
    alpn: null,
    clientCertificateRequested: null,
    ocspResponse: null,
  };
}
