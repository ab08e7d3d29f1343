import { RefusedError, type Conversation } from './conversation.js';

/** Whom a dialogue is about. */
export interface Party {
  /** The host asked for, a name or an address. */
  readonly host: string;
  /** Our own address on this connection. */
  readonly localAddress: string;
}

/** A dialogue that ends where TLS may begin; throws {@link RefusedError} when the server will not. */
export type Dialogue = (conversation: Conversation, party: Party) => Promise<void>;

/** RFC 3207. */
export const smtp: Dialogue = (conversation, party) => mail(conversation, party, 'EHLO');

/** RFC 2033 with RFC 3207. */
export const lmtp: Dialogue = (conversation, party) => mail(conversation, party, 'LHLO');

async function mail(
  conversation: Conversation,
  { localAddress }: Party,
  greeting: 'EHLO' | 'LHLO',
): Promise<void> {
  await reply(conversation, '220');
  conversation.send(`${greeting} [${localAddress.includes(':') ? 'IPv6:' : ''}${localAddress}]\r\n`);
  const capabilities = await reply(conversation, '250');
  if (!capabilities.some((line) => /^250[ -]STARTTLS\b/i.test(line)))
    throw new RefusedError('STARTTLS is not offered');
  conversation.send('STARTTLS\r\n');
  await reply(conversation, '220');
}

/** RFC 4217. */
export const ftp: Dialogue = async (conversation) => {
  await reply(conversation, '220');
  conversation.send('AUTH TLS\r\n');
  await reply(conversation, '234');
};

/** RFC 4642. */
export const nntp: Dialogue = async (conversation) => {
  const greeting = await conversation.line();
  if (!/^20[01]\b/.test(greeting)) throw new RefusedError(greeting);
  conversation.send('STARTTLS\r\n');
  expect(await conversation.line(), /^382\b/);
};

/** Lines of a reply `250-...`, `250 ...` (RFC 5321 section 4.2.1; RFC 959 permits any line between), ended by `code`. */
async function reply(conversation: Conversation, code: string): Promise<string[]> {
  const lines = [await conversation.line()];
  expect(lines[0] ?? '', /^\d{3}([ -]|$)/);
  while (!/^\d{3}( |$)/.test(lines.at(-1) ?? '')) lines.push(await conversation.line());
  if (lines.at(-1)?.startsWith(code) !== true) throw new RefusedError(lines.at(-1));
  return lines;
}

function expect(line: string, pattern: RegExp): void {
  if (!pattern.test(line)) throw new RefusedError(line);
}

/** RFC 2595 section 4. */
export const pop3: Dialogue = async (conversation) => {
  expect(await conversation.line(), /^\+OK/i);
  conversation.send('STLS\r\n');
  expect(await conversation.line(), /^\+OK/i);
};

/** RFC 3501 section 6.2.1. */
export const imap: Dialogue = async (conversation) => {
  expect(await conversation.line(), /^\* (OK|PREAUTH)\b/i);
  conversation.send('a1 STARTTLS\r\n');
  let line = await conversation.line();
  while (line.startsWith('* ') && !/^\* BYE\b/i.test(line)) line = await conversation.line();
  expect(line, /^a1 OK\b/i);
};

/** RFC 5804 section 2.2 (ManageSieve): capabilities, then OK; the command, then OK. */
export const sieve: Dialogue = async (conversation) => {
  for (const command of ['', 'STARTTLS\r\n']) {
    conversation.send(command);
    let line = await conversation.line();
    while (line.startsWith('"')) line = await conversation.line();
    expect(line, /^OK\b/i);
  }
};

/** The STARTTLS of IRCv3 ("tls" capability): 670 consents, 691 and errors do not. */
export const irc: Dialogue = async (conversation) => {
  conversation.send('STARTTLS\r\n');
  for (;;) {
    const line = await conversation.line();
    const [, word = '', rest = ''] = /^(?::\S+ )?(\S+) ?(.*)$/.exec(line) ?? [];
    if (word === '670') return;
    if (word === 'PING') conversation.send(`PONG ${rest}\r\n`);
    if (word === 'ERROR' || /^[4-6]\d\d$/.test(word)) throw new RefusedError(line);
  }
};

/** RFC 6120 section 5.4, from a client. */
export const xmppClient: Dialogue = (conversation, party) => xmpp(conversation, party, 'jabber:client');

/** RFC 6120 section 5.4, between servers. */
export const xmppServer: Dialogue = (conversation, party) => xmpp(conversation, party, 'jabber:server');

async function xmpp(conversation: Conversation, { host }: Party, namespace: string): Promise<void> {
  const streams = 'http://etherx.jabber.org/streams';
  conversation.send(
    `<?xml version='1.0'?><stream:stream xmlns='${namespace}' xmlns:stream='${streams}' to='${host}' version='1.0'>`,
  );
  const features = await until(
    conversation,
    /<\/(\w+:)?features>|<(\w+:)?features\s*\/>|<\/?(\w+:)?(error|stream>)/,
  );
  if (!/<starttls\b/.test(features)) throw new RefusedError('STARTTLS is not offered');
  conversation.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  const answer = await until(conversation, /<(proceed|failure)\b[^>]*>(\s*<\/\1>)?|<\/stream:stream>/);
  if (!answer.includes('<proceed')) throw new RefusedError(answer);
}

/** Text to the end of the first match. */
async function until(conversation: Conversation, pattern: RegExp): Promise<string> {
  const bytes = await conversation.until((received) => {
    const match = pattern.exec(received.toString('latin1'));
    return match === null ? 0 : match.index + match[0].length;
  });
  return bytes.toString('latin1');
}
