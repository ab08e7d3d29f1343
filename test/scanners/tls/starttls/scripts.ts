import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { Conversation } from '../../../../scanners/tls/starttls/conversation.js';
import type { StarttlsKind } from '../../../../src/model/target.js';

/** What a scripted server does: say something, or wait for a line or bytes that match. */
export type Step =
  { say: string | Buffer } | { hear: RegExp } | { take: RegExp; bytes: number } | { read: RegExp };

/** Plays a script over a connection; with `isDripping` byte by byte, each in a segment of its own. */
export async function play(socket: Socket, steps: readonly Step[], isDripping = false): Promise<void> {
  const conversation = new Conversation(socket);
  for (const step of steps) {
    if ('say' in step) await tell(socket, step.say, isDripping);
    else if ('hear' in step) assert.match(await conversation.line(), step.hear);
    else if ('take' in step) assert.match((await conversation.bytes(step.bytes)).toString('hex'), step.take);
    else await conversation.until((bytes) => (step.read.test(bytes.toString('latin1')) ? bytes.length : 0));
  }
  conversation.release();
}

async function tell(socket: Socket, said: string | Buffer, isDripping: boolean): Promise<void> {
  if (!isDripping) return void socket.write(said);
  socket.setNoDelay(true);
  for (const byte of Buffer.from(said)) {
    socket.write(Buffer.of(byte));
    await setImmediate();
  }
}

/** Reads MySQL's request and leaves what follows at once, the ClientHello, to TLS. */
export async function playMysql(socket: Socket): Promise<void> {
  socket.write(mysqlGreeting(0xfffe));
  await once(socket, 'readable');
  assert.match((socket.read(36) as Buffer).toString('hex'), /^20000001/);
}

/** Bytes written in hex, with spaces where they help. */
export const hex = (text: string): Buffer => Buffer.from(text.replace(/ /g, ''), 'hex');
/** A step. */
export const say = (say: string | Buffer): Step => ({ say });
/** A step. */
export const hear = (hear: RegExp): Step => ({ hear });

/** MySQL's greeting with these capabilities. */
export function mysqlGreeting(capabilities: number): Buffer {
  const low = Buffer.of(capabilities & 255, capabilities >> 8);
  const body = Buffer.concat([
    Buffer.from('\x0a10.11.6-MariaDB\0', 'latin1'),
    hex('01000000 4142434445464748 00'),
    low,
    hex('21 0200 ff81'),
    Buffer.alloc(30),
  ]);
  return Buffer.concat([Buffer.of(body.length, 0, 0, 0), body]);
}
/** How a server opens its side of a stream (RFC 6120 section 4.7). */
export const xmppOpen =
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='1' version='1.0'>";

/** A connection confirmation of RDP. */
export const rdpConfirm = (negotiation: string): Buffer =>
  hex(`03 00 00 13 0e d0 00 00 12 34 00 ${negotiation}`);
/** The server's PRELOGIN. */
export const tdsPrelogin = (encryption: string): Buffer =>
  hex(`04 01 001a 0000 01 00 00 000b 0006 01 0011 0001 ff 100000000000 ${encryption}`);

/** A consenting server of each kind. */
export const good: Readonly<Record<StarttlsKind, readonly Step[]>> = {
  smtp: [
    say('220-mail.example\r\n220 ESMTP\r\n'),
    hear(/^EHLO \[127\.0\.0\.1\]$/),
    say('250-mail\r\n250-PIPELINING\r\n250 STARTTLS\r\n'),
    hear(/^STARTTLS$/),
    say('220 go\r\n'),
  ],
  lmtp: [
    say('220 lmtp\r\n'),
    hear(/^LHLO /),
    say('250-x\r\n250-STARTTLS\r\n250 OK\r\n'),
    hear(/^STARTTLS$/),
    say('220 go\r\n'),
  ],
  imap: [
    say('* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n'),
    hear(/^a1 STARTTLS$/),
    say('* 1 CHATTER\r\na1 OK begin\r\n'),
  ],
  pop3: [say('+OK ready\r\n'), hear(/^STLS$/), say('+OK begin\r\n')],
  ftp: [say('220-Welcome\r\n to this\r\n220 ready\r\n'), hear(/^AUTH TLS$/), say('234 begin\r\n')],
  nntp: [say('201 no posting\r\n'), hear(/^STARTTLS$/), say('382 begin\r\n')],
  sieve: [
    say('"IMPLEMENTATION" "x"\r\n"STARTTLS"\r\nOK "ready"\r\n'),
    hear(/^STARTTLS$/),
    say('OK "begin"\r\n'),
  ],
  irc: [
    hear(/^STARTTLS$/),
    say(':irc NOTICE * :looking up\r\nPING :7\r\n'),
    hear(/^PONG :7$/),
    say(':irc 670 * :begin\r\n'),
  ],
  'xmpp-client': [
    { read: /jabber:client.*to='127\.0\.0\.1'.*>$/s },
    say(
      `${xmppOpen}<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>`,
    ),
    { read: /<starttls[^>]*\/>/ },
    say("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
  ],
  'xmpp-server': [
    { read: /jabber:server.*>$/s },
    say(
      `${xmppOpen}<features xmlns='http://etherx.jabber.org/streams'><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></features>`,
    ),
    { read: /<starttls[^>]*\/>/ },
    say("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'></proceed>"),
  ],
  ldap: [
    { take: /^301d02010177188016312e332e362e312e342e312e313436362e3230303337$/, bytes: 31 },
    say(hex('30 84 0000000c 020101 78 07 0a0100 0400 0400')),
  ],
  postgres: [{ take: /^0000000804d2162f$/, bytes: 8 }, say('S')],
  mysql: [],
  rdp: [{ take: /^030000130ee0/, bytes: 19 }, say(rdpConfirm('02 00 0800 01000000'))],
  mssql: [{ take: /^1201/, bytes: 26 }, say(tdsPrelogin('01'))],
};

/** Servers that refuse, and what the detail has to say. */
export const refusing: readonly (readonly [
  kind: StarttlsKind,
  how: string,
  steps: readonly Step[],
  detail: RegExp,
])[] = [
  ['smtp', 'does not offer it', [say('220 x\r\n'), hear(/^EHLO/), say('250 PIPELINING\r\n')], /not offered/],
  ['smtp', 'is too busy', [say('421 later\r\n')], /421 later/],
  [
    'smtp',
    'takes its offer back',
    [say('220 x\r\n'), hear(/^EHLO/), say('250 STARTTLS\r\n'), hear(/STARTTLS/), say('454 no\r\n')],
    /454 no/,
  ],
  ['smtp', 'is something else', [say('SSH-2.0-x\r\n')], /SSH/],
  ['imap', 'says no', [say('* OK x\r\n'), hear(/STARTTLS/), say('a1 NO not here\r\n')], /NO not here/],
  ['imap', 'says goodbye', [say('* BYE x\r\n')], /BYE/],
  ['pop3', 'says no', [say('+OK x\r\n'), hear(/STLS/), say('-ERR no\r\n')], /-ERR/],
  ['ftp', 'says no', [say('220 x\r\n'), hear(/AUTH/), say('530 no\r\n')], /530/],
  ['nntp', 'says no', [say('200 x\r\n'), hear(/STARTTLS/), say('502 no\r\n')], /502/],
  ['sieve', 'says no', [say('OK\r\n'), hear(/STARTTLS/), say('NO\r\n')], /NO/],
  [
    'irc',
    'does not know the word',
    [hear(/STARTTLS/), say(':irc 421 * STARTTLS :Unknown command\r\n')],
    /421/,
  ],
  ['irc', 'ends', [hear(/STARTTLS/), say('ERROR :Closing\r\n')], /ERROR/],
  [
    'xmpp-client',
    'does not offer it',
    [{ read: />$/ }, say(`${xmppOpen}<stream:features><mechanisms/></stream:features>`)],
    /not offered/,
  ],
  [
    'xmpp-client',
    'fails',
    [
      { read: />$/ },
      say(
        `${xmppOpen}<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>`,
      ),
      { read: /starttls/ },
      say("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
    ],
    /failure/,
  ],
  [
    'ldap',
    'answers unavailable',
    [{ read: /./s }, say(hex('300c 020101 7807 0a0134 0400 0400'))],
    /resultCode 52/,
  ],
  [
    'ldap',
    'is something else',
    [{ read: /./s }, say('HTTP/1.1 400 Bad Request\r\n\r\n')],
    /not that of LDAP/,
  ],
  ['postgres', 'answers N', [{ read: /./s }, say('N')], /answered N/],
  ['mysql', 'has no TLS', [say(mysqlGreeting(0xf7fe))], /CLIENT_SSL/],
  ['mysql', 'bars our host', [say(hex('0f000000 ff 6a04')), say('Host barred.')], /Host barred/],
  [
    'rdp',
    'wants its old security',
    [{ read: /./s }, say(hex('03 00 00 0b 06 d0 00 00 12 34 00'))],
    /standard RDP security/,
  ],
  ['rdp', 'fails', [{ read: /./s }, say(rdpConfirm('03 00 0800 02000000'))], /RDP_NEG_FAILURE 2/],
  ['mssql', 'has no TLS', [{ read: /./s }, say(tdsPrelogin('02'))], /NOT_SUP/],
];
