import { constants, type X509Certificate } from 'node:crypto';
import {
  connect,
  createSecureContext,
  type ConnectionOptions,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import type { TlsFacts } from '../../../src/model/observation.js';
import type { Target } from '../../../src/model/target.js';
import type { Authentication } from './fast-probe.js';
import { alertName } from '../wire/alerts.js';
import {
  errorCode,
  failure,
  networkFailure,
  withConnection,
  type Connection,
  type ConnectionResult,
  type Route,
} from '../wire/connection.js';
import { groupFromOpenssl } from '../wire/groups.js';
import { maxCertificates, type ByteLimits } from '../wire/server-flight.js';
import { startTls } from '../starttls/index.js';

const tls13Suites =
  'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256';

/**
 * One context for each kind of question: each connection would otherwise build its own and keep it until garbage
 * collection. Security level 0, TLS 1.0 and unsafe renegotiation are permitted because a scanner collects first and judges later.
 */
function contextFor({ authentication = 'any', newest = 'TLSv1.3' }: FullProbeOptions): SecureContext {
  const question = `${authentication} to ${newest}`;
  const known = contexts.get(question);
  if (known !== undefined) return known;
  const keys = { any: 'ALL', RSA: 'aRSA', ECDSA: 'aECDSA' }[authentication];
  const sigalgs = { any: null, RSA: rsaSchemes, ECDSA: ecdsaSchemes }[authentication];
  const context = createSecureContext({
    ciphers: `${tls13Suites}:${keys}:!aNULL:!PSK:!SRP:@SECLEVEL=0`,
    minVersion: 'TLSv1',
    maxVersion: newest,
    secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT | paddedHello,
    ...(sigalgs === null ? {} : { sigalgs }),
  });
  contexts.set(question, context);
  return context;
}

/** SSL_OP_TLSEXT_PADDING of OpenSSL (ssl.h), which Node does not name: see the padding of our own hellos. */
const paddedHello = 0x10;

const contexts = new Map<string, SecureContext>();
const rsaSchemes =
  'rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:rsa_pss_rsae_sha512:RSA+SHA256:RSA+SHA384:RSA+SHA512:RSA+SHA1';
const ecdsaSchemes = 'ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ECDSA+SHA1:ed25519:ed448';

/** What a full probe may vary. */
export interface FullProbeOptions {
  /** OpenSSL limits single messages; this limits what a server may send in all. */
  readonly limits: ByteLimits;
  /** Protocols offered by ALPN; none sends no extension. */
  readonly alpn: readonly string[];
  /** Which keys the server is asked to show a certificate for; default any. */
  readonly authentication?: Authentication;
  /** The newest version offered; default TLS 1.3. */
  readonly newest?: 'TLSv1.2' | 'TLSv1.3';
  /** Told the lifetime of the session ticket the server issues, in seconds. */
  onTicket?(lifetimeSeconds: number | null): void;
}

/**
 * A whole handshake by node:tls that verifies nothing and keeps what was served, in the order served. The certificate is
 * kept also when the handshake fails after it came, for example for want of a client certificate.
 */
export function fullProbe(
  target: Target,
  route: Route,
  options: FullProbeOptions,
): Promise<ConnectionResult> {
  let known: () => ConnectionResult | null = () => null;
  return withConnection(route, {
    isRaw: false,
    begin: (connection) =>
      startTls(target, connection, (ready) => (known = handshake(target, ready, options))),
    cut: () => known(), // what came before the end counts, also while we linger
  });
}

/** Begins a handshake; what it returns tells what is known of it by now. */
function handshake(
  target: Target,
  connection: Connection,
  options: FullProbeOptions,
): () => ConnectionResult | null {
  const { socket, stream } = connection;
  const finish = (end: ConnectionResult): void => connection.finish(end);
  let ocspResponse: Uint8Array | null = null;
  let look: ConnectionResult | null = null;
  const connectOptions: ConnectionOptions & { requestOCSP: boolean } = {
    socket: stream,
    secureContext: contextFor(options),
    rejectUnauthorized: false,
    requestOCSP: true,
    servername: target.serverName ?? '',
    ...(options.alpn.length > 0 ? { ALPNProtocols: [...options.alpn] } : {}),
  };
  const tlsSocket = connect(connectOptions);
  connection.cover(tlsSocket);
  // Read at once: the chain can be had a single time, and is gone after the event (nodejs/node issue 65579).
  tlsSocket.on('OCSPResponse', (response: Buffer) => (ocspResponse = response));
  tlsSocket.once('secureConnect', () => {
    const chain = servedChain(tlsSocket);
    const tls = tlsFacts(tlsSocket, ocspResponse);
    const made = chain.length > 0 ? { outcome: 'ok' as const, detail: null, tls, chain } : noCertificate(tls);
    look = made;
    if (tls.version !== 'TLSv1.3' && options.onTicket === undefined) return finish(made);
    lingerForAlert(tlsSocket, () => finish(made));
  });
  tlsSocket.on('error', (error) => {
    if (look !== null) return finish(afterHandshake(look, error));
    const chain = servedChain(tlsSocket);
    if (chain.length === 0) return finish(handshakeFailure(error));
    const asked = isForWantOfCertificate(error) ? true : null;
    const tls = { ...tlsFacts(tlsSocket, ocspResponse), clientCertificateRequested: asked };
    finish({ outcome: 'ok', detail: errorText(error), tls, chain });
  });
  tlsSocket.on('session', (session: Buffer) => options.onTicket?.(ticketLifetime(session)));
  const watch = setInterval(() => {
    if (socket.bytesRead > options.limits.maxBytes + options.limits.maxCertificateBytes)
      finish(look ?? failure('too-large', `${socket.bytesRead} bytes without a certificate`));
  }, watchMs);
  socket.once('close', () => clearInterval(watch));
  const known = (): ConnectionResult | null => look ?? unfinished(tlsSocket, ocspResponse);
  tlsSocket.on('end', () => {
    if (look === null) finish(known() ?? { ...failure('closed', null), isTransient: true });
  });
  return known;
}

/** The certificate of a handshake that stopped after it; null when none has come. */
function unfinished(socket: TLSSocket, ocspResponse: Uint8Array | null): ConnectionResult | null {
  const chain = servedChain(socket);
  if (chain.length === 0) return null;
  return { outcome: 'ok', detail: 'the handshake did not end', tls: tlsFacts(socket, ocspResponse), chain };
}

/** How often the bytes received are counted, in ms. */
const watchMs = 50;

/** How long to wait for what a TLS 1.3 server says after the handshake, in ms. */
const lingerMs = 300;

/**
 * In TLS 1.3 the client is done before the server has looked at its certificate: a server that demands one says so only
 * afterwards, by an alert. One that is content sends session tickets, closes, or stays silent.
 */
function lingerForAlert(socket: TLSSocket, done: () => void): void {
  const timer = setTimeout(done, lingerMs);
  const stop = (): void => {
    clearTimeout(timer);
    done();
  };
  socket.once('session', stop).once('end', stop).once('data', stop);
  socket.once('close', () => clearTimeout(timer)).once('error', () => clearTimeout(timer));
  socket.end();
}

function afterHandshake(look: ConnectionResult, error: Error): ConnectionResult {
  const asked = isForWantOfCertificate(error);
  const tls = look.tls === null ? null : { ...look.tls, clientCertificateRequested: asked ? true : null };
  return { ...look, detail: errorText(error), tls };
}

function noCertificate(tls: TlsFacts): ConnectionResult {
  return { outcome: 'no-certificate', detail: 'the handshake ended without a certificate', tls, chain: [] };
}

/** The chain as served: leaf, then every issuer in the order received. To be called once per socket. */
function servedChain(socket: TLSSocket): Uint8Array[] {
  const chain: Uint8Array[] = [];
  try {
    let certificate: X509Certificate | undefined = socket.getPeerX509Certificate();
    while (certificate !== undefined && chain.length < maxCertificates) {
      chain.push(certificate.raw);
      certificate = certificate.issuerCertificate;
    }
  } catch (error) {
    // A certificate that Node cannot open: the caller asks again with the fast probe, which does not open it.
    if (!(error instanceof Error)) throw error;
    return [];
  }
  return chain;
}

function tlsFacts(socket: TLSSocket, ocspResponse: Uint8Array | null): TlsFacts {
  const cipher = socket.getCipher() as { standardName?: string } | undefined;
  const key = socket.getEphemeralKeyInfo() as { type?: string; name?: string; size?: number } | null;
  const group =
    key?.name === undefined ? (key?.type === 'DH' ? `DH-${key.size}` : null) : groupFromOpenssl(key.name);
  return {
    version: socket.getProtocol(),
    cipher: cipher?.standardName ?? null,
    group,
    alpn: typeof socket.alpnProtocol === 'string' ? socket.alpnProtocol : null,
    clientCertificateRequested: null,
    ocspResponse,
  };
}

/** Number of the TLS alert in an OpenSSL error; undefined when it is no alert from the peer. */
function alertNumber(error: Error): number | undefined {
  const match = /SSL alert number (\d+)/.exec(error.message);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

/** The alert's name, or OpenSSL's reason without addresses of its memory. */
function errorText(error: Error): string {
  const alert = alertNumber(error);
  if (alert !== undefined) return alertName(alert);
  return 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message;
}

function isForWantOfCertificate(error: Error): boolean {
  const number = alertNumber(error);
  return number !== undefined && [40, 41, 42, 46, 49, 116].includes(number);
}

function handshakeFailure(error: Error): ConnectionResult {
  const alert = alertNumber(error);
  if (alert !== undefined) return failure('alert', alertName(alert));
  const code = errorCode(error);
  if (code === 'ERR_SSL_EXCESSIVE_MESSAGE_SIZE') return failure('too-large', errorText(error));
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || code.startsWith('ERR_OSSL'))
    return failure('protocol-error', errorText(error));
  return networkFailure(error);
}

/** The ticket lifetime hint, [9] INTEGER in OpenSSL's SSL_SESSION (ssl/ssl_asn1.c); null when the session has none. */
function ticketLifetime(session: Buffer): number | null {
  const bytes = withoutHost(session);
  const [, lengthOctet = 0] = bytes;
  for (let at = 2 + (lengthOctet & 0x80 ? lengthOctet & 0x7f : 0); at + 2 <= bytes.length;) {
    const tag = bytes.readUInt8(at);
    const octets = bytes.readUInt8(at + 1);
    const header = 2 + (octets & 0x80 ? octets & 0x7f : 0);
    if (octets === 0x80 || at + header > bytes.length) return null;
    const size = octets & 0x80 ? bytes.readUIntBE(at + 2, Math.min(6, header - 2)) : octets;
    // [9] EXPLICIT INTEGER
    if (tag === 0xa9 && size >= 3 && at + header + size <= bytes.length)
      return bytes.readUIntBE(at + header + 2, Math.min(6, size - 2));
    at += header + size;
  }
  return null;
}

/** Newer versions of Node put `NUL nodejs:tls:session:1 NUL`, a length of two octets and the host before the session. */
function withoutHost(session: Buffer): Buffer {
  if (session[0] !== 0) return session;
  const name = session.indexOf(0, 1);
  return name < 0 || name + 3 > session.length
    ? session
    : session.subarray(name + 3 + session.readUInt16BE(name + 1));
}
