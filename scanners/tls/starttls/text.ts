import { RefusedError, type Conversation, type Dialogue, type Party } from './conversation.js';
import { expectReply, finalReply, withLiterals } from './replies.js';

/** RFC 3207. */
export const smtp: Dialogue = (conversation, party) => mail(conversation, party, 'EHLO');

/** RFC 2033 with RFC 3207. */
export const lmtp: Dialogue = (conversation, party) => mail(conversation, party, 'LHLO');

async function mail(
  conversation: Conversation,
  { localAddress }: Party,
  greeting: 'EHLO' | 'LHLO',
): Promise<void> {
  await expectReply(conversation, '220');
  conversation.send(`${greeting} [${localAddress.includes(':') ? 'IPv6:' : ''}${localAddress}]\r\n`);
  const { lines, text } = await expectReply(conversation, '250');
  if (!lines.some((line) => /^(250[ -])?STARTTLS(\s|$)/i.test(line)))
    throw new RefusedError(`STARTTLS is not offered: ${text}`);
  conversation.send('STARTTLS\r\n');
  await expectReply(conversation, '220');
}

/** RFC 4217; a server of before it may only know the mechanism SSL. 334 consents too (RFC 2228 section 3). */
export const ftp: Dialogue = async (conversation) => {
  await expectReply(conversation, '220');
  conversation.send('AUTH TLS\r\n');
  const reply = await finalReply(conversation);
  if (reply.code === '234' || reply.code === '334') return;
  if (reply.code !== '504') throw new RefusedError(reply.text);
  conversation.send('AUTH SSL\r\n');
  await expectReply(conversation, '234', '334');
};

/** RFC 4642. */
export const nntp: Dialogue = async (conversation) => {
  await expectReply(conversation, '200', '201');
  conversation.send('STARTTLS\r\n');
  await expectReply(conversation, '382');
};

function expect(line: string, pattern: RegExp): void {
  if (!pattern.test(line)) throw new RefusedError(line);
}

/** RFC 2595 section 4. */
export const pop3: Dialogue = async (conversation) => {
  expect(await conversation.line(), /^\+OK(\s|$)/i);
  conversation.send('STLS\r\n');
  expect(await conversation.line(), /^\+OK(\s|$)/i);
};

/** RFC 9051 section 6.2.1. Untagged responses and continuations before the answer are skipped, with their literals. */
export const imap: Dialogue = async (conversation) => {
  expect(await conversation.line(), /^\* (OK|PREAUTH)\b/i);
  conversation.send('a1 STARTTLS\r\n');
  for (;;) {
    const line = await conversation.line();
    if (/^\* BYE\b/i.test(line) || !/^[*+]( |$)/.test(line)) return expect(line, /^a1 OK\b/i);
    // The free text of a status response may end like a literal (section 7.1).
    if (!/^(\*|\+) (OK|NO|BAD)\b/i.test(line)) await withLiterals(conversation, line);
  }
};

/** RFC 5804 section 2.2 (ManageSieve): capabilities, then OK; the command, then OK. */
export const sieve: Dialogue = async (conversation) => {
  for (const command of ['', 'STARTTLS\r\n']) {
    conversation.send(command);
    let line = await withLiterals(conversation, await conversation.line());
    // Capabilities are strings, quoted or literal; only the end of the reply is a word of its own.
    while (!/^(OK|NO|BYE)\b/i.test(line) && (line.startsWith('"') || isCapability(line)))
      line = await withLiterals(conversation, await conversation.line());
    expect(line, /^OK\b/i);
  }
};

function isCapability(line: string): boolean {
  return /^[A-Z]+("| |$)/.test(line);
}

/** The STARTTLS of IRC (IRCv3 capability "tls"): 670 consents, 691 and the numbers of errors do not. Lines may carry tags. */
export const irc: Dialogue = async (conversation) => {
  conversation.send('STARTTLS\r\n');
  for (;;) {
    const line = await conversation.line();
    const [, word = '', rest = ''] = /^(?:@\S* +)?(?::\S* +)?(\S+) *(.*)$/.exec(line) ?? [];
    if (word === '670') return;
    if (word.toUpperCase() === 'PING') conversation.send(`PONG ${rest}\r\n`);
    if (word.toUpperCase() === 'ERROR' || /^[4-6]\d\d$/.test(word)) throw new RefusedError(line);
  }
};
