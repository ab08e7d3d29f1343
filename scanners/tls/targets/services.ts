import type { StarttlsKind } from '../../../src/model/target.js';

/** MX or SRV records that stand for the servers of a domain. */
export interface Service {
  readonly record: 'mx' | 'srv';
  /** Name of the records: the domain, or `_service._proto.domain`. */
  readonly name: string;
}

/**
 * The domain whose service is asked for: what a client knows for certain and looks for in the certificate, whatever
 * server the records name (RFC 6125 section 6.2.1, RFC 6120 section 13.7.2.1).
 */
export function domainOf({ record, name }: Service): string {
  return record === 'mx' ? name : name.replace(/^(_[^.]+\.)+/, '');
}

/** Services with TLS from the first byte, by their names in SRV records, without the underscore. */
const direct: readonly string[] = [
  ...[
    'https',
    'imaps',
    'pop3s',
    'submissions',
    'smtps',
    'ldaps',
    'ftps',
    'nntps',
    'ircs',
    'sips',
    'turns',
    'stuns',
  ],
  ...['xmpps-client', 'xmpps-server', 'caldavs', 'carddavs', 'amqps', 'secure-mqtt', 'mqtts', 'telnets'],
];

/** Services that begin in plain text. */
const upgraded: Readonly<Record<string, StarttlsKind>> = {
  smtp: 'smtp',
  submission: 'smtp',
  lmtp: 'lmtp',
  imap: 'imap',
  pop3: 'pop3',
  sieve: 'sieve',
  nntp: 'nntp',
  ftp: 'ftp',
  irc: 'irc',
  ldap: 'ldap',
  gc: 'ldap', // the global catalogue of Active Directory
  'xmpp-client': 'xmpp-client',
  'xmpp-server': 'xmpp-server',
  jabber: 'xmpp-server', // RFC 3920 section 14.4
  postgresql: 'postgres',
  postgres: 'postgres',
  mysql: 'mysql',
  'ms-sql-s': 'mssql',
  'ms-wbt-server': 'rdp',
  rdp: 'rdp',
};

/**
 * How the servers of a service begin, by the name of the service (RFC 2782; IANA service names): the protocol to upgrade, null
 * for TLS from the first byte, undefined where the name says nothing and the port decides.
 */
export function starttlsOfService({ record, name }: Service): StarttlsKind | null | undefined {
  if (record === 'mx') return 'smtp';
  const service = /^_([^.]+)\./.exec(name)?.[1] ?? '';
  if (direct.includes(service)) return null;
  return Object.hasOwn(upgraded, service) ? upgraded[service] : undefined;
}
