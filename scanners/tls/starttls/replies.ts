import { RefusedError, type Conversation } from './conversation.js';

/** A reply with a code of three digits. */
export interface Reply {
  readonly code: string;
  /** Its lines as they came, code included. */
  readonly lines: readonly string[];
  /** All of it on one line. */
  readonly text: string;
}

/**
 * Reads a reply of one line or several: `220-...` is followed by any lines up to the first that begins with the same code
 * and a space (RFC 959 section 4.2), or is the code alone (RFC 5321 section 4.2). Throws when the first line is no reply.
 */
export async function readReply(conversation: Conversation): Promise<Reply> {
  const first = await conversation.line();
  const [, code = '', mark = ''] = /^(\d{3})([ -]|$)/.exec(first) ?? [];
  if (code === '') throw new RefusedError(first);
  const lines = [first];
  while (mark === '-' && (lines.length === 1 || !isLast(lines.at(-1) ?? '', code)))
    lines.push(await conversation.line());
  const text = lines.map((line, index) => (index === 0 ? line : withoutCode(line, code)).trim()).join(' ');
  return { code, lines, text };
}

function isLast(line: string, code: string): boolean {
  return line === code || line.startsWith(`${code} `);
}

function withoutCode(line: string, code: string): string {
  return line.startsWith(code) ? line.slice(code.length + 1) : line;
}

/** The next reply that is not preliminary (1yz: "expect another reply", RFC 959 section 4.2.1). */
export async function finalReply(conversation: Conversation): Promise<Reply> {
  for (;;) {
    const reply = await readReply(conversation);
    if (!reply.code.startsWith('1')) return reply;
  }
}

/** The next reply, when its code is one of `codes`; throws with the server's words when it is another. */
export async function expectReply(conversation: Conversation, ...codes: readonly string[]): Promise<Reply> {
  const reply = await finalReply(conversation);
  if (!codes.includes(reply.code)) throw new RefusedError(reply.text);
  return reply;
}

/**
 * A line together with the literals it announces, `{12}` or `{12+}` at its end and then that many octets (RFC 9051 section
 * 4.3, RFC 5804 section 1.2): what stands in a literal is no line of its own.
 */
export async function withLiterals(conversation: Conversation, line: string): Promise<string> {
  let text = line;
  for (;;) {
    const [mark = '', size = '0'] = /\{(\d{1,6})\+?\}$/.exec(text) ?? [];
    if (mark === '') return text;
    const literal = Number(size) === 0 ? '' : (await conversation.bytes(Number(size))).toString('latin1');
    text = `${text.slice(0, -mark.length)}${literal}${await conversation.line()}`;
  }
}
