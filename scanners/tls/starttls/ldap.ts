import { RefusedError, type Dialogue } from './conversation.js';

/** RFC 4511 section 4.14: the extended operation 1.3.6.1.4.1.1466.20037; resultCode 0 consents. */
export const ldap: Dialogue = async (conversation) => {
  const name = Buffer.from('1.3.6.1.4.1.1466.20037');
  const operation = Buffer.concat([Buffer.of(0x80, name.length), name]);
  const body = Buffer.concat([Buffer.of(2, 1, 1, 0x77, operation.length), operation]);
  conversation.send(Buffer.concat([Buffer.of(0x30, body.length), body]));
  for (;;) {
    const message = await conversation.until((bytes) => berLength(bytes));
    const [id, operation] = children(contents(message));
    if (id?.tag !== 0x02 || operation === undefined) throw notLdap();
    const isOurs = integer(id.body) === 1;
    if (!isOurs && integer(id.body) !== 0) continue; // another operation's answer
    const refusal = refusalIn(operation.body);
    // Only an ExtendedResponse to our message consents; anything else, a Notice of Disconnection (section 4.4.1) say, does not.
    if (isOurs && operation.tag === 0x78 && refusal === null) return;
    throw new RefusedError(refusal ?? 'the answer is not that to StartTLS');
  }
};

/** What a result other than success says (LDAPResult, section 4.1.9); null for success. Throws when it is no result. */
function refusalIn(body: Buffer): string | null {
  const [code, , diagnostic, ...more] = children(body);
  if (code?.tag !== 0x0a) throw notLdap();
  const number = integer(code.body);
  if (number === 0) return null;
  const referral = more.find(({ tag }) => tag === 0xa3);
  const links = referral === undefined ? [] : children(referral.body).map(text);
  const said = [diagnostic === undefined ? '' : text(diagnostic), ...links].filter((part) => part !== '');
  const name = resultNames[number];
  return [`resultCode ${number}${name === undefined ? '' : ` (${name})`}`, ...said].join(': ');
}

/** Result codes of section 4.1.9 that a StartTLS may end with. */
const resultNames: Readonly<Record<number, string>> = {
  1: 'operationsError',
  2: 'protocolError',
  3: 'timeLimitExceeded',
  7: 'authMethodNotSupported',
  8: 'strongerAuthRequired',
  10: 'referral',
  11: 'adminLimitExceeded',
  12: 'unavailableCriticalExtension',
  13: 'confidentialityRequired',
  48: 'inappropriateAuthentication',
  50: 'insufficientAccessRights',
  51: 'busy',
  52: 'unavailable',
  53: 'unwillingToPerform',
  80: 'other',
};

/** One BER element. */
interface Element {
  readonly tag: number;
  readonly body: Buffer;
}

function text({ body }: Element): string {
  return body.toString('latin1');
}

/** A whole number of up to six octets; NaN for any other. */
function integer(body: Buffer): number {
  return body.length >= 1 && body.length <= 6 ? body.readIntBE(0, body.length) : NaN;
}

function notLdap(): RefusedError {
  return new RefusedError('the answer is not that of LDAP');
}

/** Length of the first BER element, header included; 0 while it is not whole. Throws when it cannot become one. */
function berLength(bytes: Buffer): number {
  if (bytes.length > 0 && bytes[0] !== 0x30) throw notLdap();
  const size = contentSize(bytes);
  if (size === null) return 0;
  const [header, content] = size;
  if (content > 65_000) throw notLdap();
  return bytes.length >= header + content ? header + content : 0;
}

/** Size of the header and of the contents; null while the header is not whole. Definite lengths only (section 5.1). */
function contentSize(bytes: Buffer): [header: number, content: number] | null {
  const first = bytes[1];
  if (first === undefined) return null;
  if (first < 0x80) return [2, first];
  const octets = first & 0x7f;
  if (octets === 0 || octets > 4) throw notLdap();
  return bytes.length < 2 + octets ? null : [2 + octets, bytes.readUIntBE(2, octets)];
}

function contents(element: Buffer): Buffer {
  return element.subarray(contentSize(element)?.[0] ?? 0);
}

function children(body: Buffer): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < body.length;) {
    const [header, content] = contentSize(body.subarray(at)) ?? [0, -1];
    if (content < 0 || at + header + content > body.length) throw notLdap();
    found.push({ tag: body.readUInt8(at), body: body.subarray(at + header, at + header + content) });
    at += header + content;
  }
  return found;
}
