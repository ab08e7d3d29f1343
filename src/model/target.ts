import { isIP } from 'node:net';

/** The plain-text protocols whose upgrade to TLS a scanner can ask for. */
export const starttlsKinds = [
  'smtp',
  'lmtp',
  'imap',
  'pop3',
  'ftp',
  'ldap',
  'postgres',
  'mysql',
  'xmpp-client',
  'xmpp-server',
  'nntp',
  'sieve',
  'rdp',
  'mssql',
  'irc',
] as const;

/** One of {@link starttlsKinds}. */
export type StarttlsKind = (typeof starttlsKinds)[number];

/** What may be asked for: `auto` picks the protocol by port or service, `none` begins with TLS. */
export const starttlsChoices = ['auto', 'none', ...starttlsKinds] as const;

/** One of {@link starttlsChoices}. */
export type StarttlsChoice = (typeof starttlsChoices)[number];

/** One place to look at: a host as the operator wrote it, and the one address and port it stands for. */
export interface Target {
  /** As written by the operator or learned: a host name (A-labels, lower case) or an address. */
  readonly host: string;
  /** Resolved address, canonical text (IPv6 compressed, with the zone where the operator wrote one: `fe80::1%eth0`); null when the name did not resolve. */
  readonly address: string | null;
  readonly port: number;
  /** SNI to send; null sends none. */
  readonly serverName: string | null;
  /** null means TLS from the first byte. */
  readonly starttls: StarttlsKind | null;
}

/** Stable key of an endpoint: `host|address|port|serverName|starttls`, absent parts empty. */
export function endpointKey(target: Target): string {
  const { host, address, port, serverName, starttls } = target;
  return `${host}|${address ?? ''}|${port}|${serverName ?? ''}|${starttls ?? ''}`;
}

/** The target an endpoint's key stands for (see {@link endpointKey}). Neither hosts nor server names hold a `|`; if one did, the host would get it. */
export function targetOfKey(key: string): Target {
  const parts = key.split('|');
  const [address = '', port = '', serverName = '', starttls = ''] = parts.slice(-4);
  return {
    host: parts.slice(0, -4).join('|'),
    address: orNull(address),
    port: Number(port),
    serverName: orNull(serverName),
    starttls: orNull(starttls) as Target['starttls'],
  };
}

/** `host:port`, an IPv6 host in brackets. */
export function hostPort(host: string, port: number): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
