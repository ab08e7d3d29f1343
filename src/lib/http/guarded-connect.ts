import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { connect as connectTcp, isIP, type LookupFunction, type NetConnectOpts, type Socket } from 'node:net';
import { connect as connectTls, rootCertificates, type ConnectionOptions } from 'node:tls';
import type { buildConnector } from 'undici';
import { addressGuard, type AddressRules } from './address-guard.js';
import { destination, type Destination } from './destination.js';
import { BlockedAddressError } from './errors.js';
import { openTunnel } from './tunnel.js';

/** What the guarded client may connect to, and how. */
export interface OutboundRules extends AddressRules {
  /** Ports that may be connected to; null means any. URLs found in certificates get `[80, 443]`. */
  readonly ports: readonly number[] | null;
  /** PEM of further authorities to trust beside Node's own; null means Node's own alone. */
  readonly ca: string | null;
  /** Shown to servers that ask for a client certificate. Both in PEM. */
  readonly clientCertificate?: ClientCertificate | null;
  /**
   * HTTP proxy, for example `http://user:password@proxy:3128`, chosen by the operator and therefore not checked itself. Targets are
   * checked before they are given to it as far as this machine can resolve them; names that it cannot resolve are the proxy's.
   */
  readonly proxy?: string | null;
}

/** A certificate chain and its private key, in PEM. */
export interface ClientCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** Resolves a name to all its addresses, as `dns.lookup` with `all` does. */
export type ResolveAll = (
  hostname: string,
  callback: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void,
) => void;

/** The system's resolver. */
export const resolveBySystem: ResolveAll = (hostname, callback) =>
  systemLookup(hostname, { all: true }, callback);

/** How a connector behaves beside its rules. */
export interface ConnectorOptions {
  readonly connectTimeoutMs: number;
  /** Once aborted, connections under way are given up. */
  readonly signal?: AbortSignal;
  /** Replaceable for tests. */
  readonly resolve?: ResolveAll;
  /** Opens a TCP connection. Replaceable for tests. */
  readonly dial?: (options: NetConnectOpts) => Socket;
}

/** Throws {@link BlockedAddressError} for an address or port that the rules forbid; names pass, they are judged when they are resolved. */
export function checkDestination(rules: OutboundRules): (to: Destination) => void {
  const blocked = addressGuard(rules);
  return ({ host, port }) => {
    const reason = isIP(host) ? blocked(host) : null;
    if (reason !== null) throw new BlockedAddressError(reason);
    if (rules.ports !== null && !rules.ports.includes(port))
      throw new BlockedAddressError(`port ${port} is not among the allowed ports`);
  };
}

/**
 * An undici connector that connects to allowed addresses only. Two checks, for neither covers the other: literals never
 * pass through `lookup`, and names are judged by every address they resolve to, at connect time (DNS rebinding).
 */
export function guardedConnector(rules: OutboundRules, options: ConnectorOptions): buildConnector.connector {
  const check = checkDestination(rules);
  const dial = options.dial ?? connectTcp;
  const lookup = guardedLookup(addressGuard(rules), options.resolve ?? resolveBySystem);
  return ({ hostname, port, protocol }, callback) => {
    const to = destination(hostname, port, protocol);
    try {
      check(to);
    } catch (error) {
      return callback(error as Error, null);
    }
    const { host } = to;
    if (rules.proxy) return throughProxy(rules, rules.proxy, to, lookup, options, callback);
    const socket = dial({ host, port: to.port, lookup, noDelay: true, keepAlive: true });
    if (!to.isTls) return settle(socket, 'connect', options, callback);
    settle(connectTls({ socket, ...tlsOptions(rules, host) }), 'secureConnect', options, callback, socket);
  };
}

/** Trust and identity for TLS with `host`. */
export function tlsOptions({ ca, clientCertificate }: OutboundRules, host: string): ConnectionOptions {
  return {
    ALPNProtocols: ['http/1.1'],
    servername: isIP(host) ? '' : host,
    // With an empty server name Node checks the certificate against `host`.
    host,
    ...(ca === null ? {} : { ca: [...rootCertificates, ca] }),
    ...(clientCertificate ? { cert: clientCertificate.certificate, key: clientCertificate.key } : {}),
  };
}

function throughProxy(
  rules: OutboundRules,
  proxy: string,
  to: Destination,
  lookup: LookupFunction,
  options: ConnectorOptions,
  callback: buildConnector.Callback,
): void {
  const tunnel = (): void => {
    openTunnel(new URL(proxy), to, rules.ca, options).then(
      (socket) =>
        settle(connectTls({ socket, ...tlsOptions(rules, to.host) }), 'secureConnect', options, callback),
      (error: Error) => callback(error, null),
    );
  };
  if (isIP(to.host)) return tunnel();
  lookup(to.host, { all: true }, (error) => {
    if (error instanceof BlockedAddressError) callback(error, null);
    else tunnel();
  });
}

/** Resolves to the allowed addresses only; an error when there is none. */
export function guardedLookup(
  blocked: (address: string) => string | null,
  resolve: ResolveAll,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const open = addresses.filter(({ address }) => blocked(address) === null);
      const [first] = open;
      if (first === undefined) return callback(refusal(hostname, addresses, blocked), '', 0);
      if (options.all) return callback(null, [...open]);
      callback(null, first.address, first.family);
    });
  };
}

/** Calls back once: connected, failed, too late or given up. `carrier` is the TCP connection below a TLS one. */
function settle(
  socket: Socket,
  connected: 'connect' | 'secureConnect',
  { connectTimeoutMs, signal }: ConnectorOptions,
  callback: buildConnector.Callback,
  carrier?: Socket,
): void {
  const end = (reason: Error): void => {
    socket.destroy(reason);
    carrier?.destroy();
  };
  const giveUp = (): void => end(new Error('given up while connecting'));
  const timer = setTimeout(
    () => end(new Error(`no connection within ${connectTimeoutMs} ms`)),
    connectTimeoutMs,
  );
  let settled = false;
  const settleOnce = (error: Error | null): void => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    signal?.removeEventListener('abort', giveUp);
    if (error === null) callback(null, socket);
    else callback(error, null);
  };
  signal?.addEventListener('abort', giveUp, { once: true });
  // The error listeners stay: undici attaches its own only after the callback's turn.
  socket.on('error', settleOnce).once(connected, () => settleOnce(null));
  carrier?.on('error', settleOnce);
}

function refusal(
  hostname: string,
  addresses: readonly LookupAddress[],
  blocked: (address: string) => string | null,
): Error {
  const reasons = addresses.slice(0, 4).map(({ address }) => blocked(address));
  return new BlockedAddressError(`${hostname}: ${reasons.join(', ') || 'no address'}`);
}
