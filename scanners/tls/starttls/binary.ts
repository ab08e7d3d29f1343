import { RefusedError } from './conversation.js';
import type { Dialogue } from './text.js';

/** PostgreSQL's SSLRequest: length 8, code 80877103; answered by one byte, S or N. */
export const postgres: Dialogue = async (conversation) => {
  conversation.send(Buffer.from('0000000804d2162f', 'hex'));
  const answer = (await conversation.bytes(1)).toString('latin1');
  if (answer !== 'S')
    throw new RefusedError(answer === 'N' ? 'the server answered N' : `the server answered "${answer}"`);
};

const clientSsl = 0x0800;
/** CLIENT_LONG_PASSWORD, CLIENT_PROTOCOL_41, CLIENT_SSL, CLIENT_SECURE_CONNECTION. */
const mysqlCapabilities = 0x0001 | 0x0200 | clientSsl | 0x8000;

/** MySQL's Protocol::HandshakeV10, answered by Protocol::SSLRequest when the server has CLIENT_SSL. */
export const mysql: Dialogue = async (conversation) => {
  const header = await conversation.bytes(4);
  const greeting = await conversation.bytes(Math.min(header.readUIntLE(0, 3), 4096));
  if (greeting[0] === 0xff) throw new RefusedError(greeting.toString('latin1', 3, 203));
  const versionEnd = greeting.indexOf(0, 1);
  const capabilitiesAt = versionEnd + 1 + 4 + 8 + 1;
  if (greeting[0] !== 10 || versionEnd < 0 || greeting.length < capabilitiesAt + 2)
    throw new RefusedError('the greeting is not that of MySQL');
  if ((greeting.readUInt16LE(capabilitiesAt) & clientSsl) === 0)
    throw new RefusedError('the server has no CLIENT_SSL');
  const request = Buffer.alloc(4 + 32);
  request.writeUIntLE(32, 0, 3);
  request.writeUInt8(1, 3);
  request.writeUInt32LE(mysqlCapabilities, 4);
  request.writeUInt32LE(0x0100_0000, 8);
  request.writeUInt8(33, 12);
  conversation.send(request);
};

/** RFC 4511 section 4.14: the extended operation 1.3.6.1.4.1.1466.20037; resultCode 0 consents. */
export const ldap: Dialogue = async (conversation) => {
  const name = Buffer.from('1.3.6.1.4.1.1466.20037');
  const operation = Buffer.concat([Buffer.of(0x80, name.length), name]);
  const body = Buffer.concat([Buffer.of(2, 1, 1, 0x77, operation.length), operation]);
  conversation.send(Buffer.concat([Buffer.of(0x30, body.length), body]));
  const message = await conversation.until((bytes) => berLength(bytes));
  // LDAPMessage { messageID INTEGER, extendedResp [APPLICATION 24] { resultCode ENUMERATED, ... } }
  const operationAt = childAt(message, 0, 0x30);
  const response = operationAt < 0 ? -1 : operationAt + berLength(message.subarray(operationAt));
  const codeAt = response < 0 ? -1 : childAt(message, response, 0x78);
  if (codeAt < 0 || message[codeAt] !== 0x0a) throw new RefusedError('the answer is not that of LDAP');
  const code = message[codeAt + 2] ?? -1;
  if (code !== 0) throw new RefusedError(`resultCode ${code}`);
};

/** Length of the first BER element, header included; 0 while it is not whole. Throws when it cannot become one. */
function berLength(bytes: Buffer): number {
  if (bytes.length > 0 && bytes[0] !== 0x30 && bytes[0] !== 0x02)
    throw new RefusedError('the answer is not that of LDAP');
  const size = contentSize(bytes);
  if (size === null) return 0;
  const [header, content] = size;
  if (content > 65_536) throw new RefusedError('the answer is not that of LDAP');
  return bytes.length >= header + content ? header + content : 0;
}

function contentSize(bytes: Buffer): [header: number, content: number] | null {
  const first = bytes[1];
  if (first === undefined) return null;
  if (first < 0x80) return [2, first];
  const octets = first & 0x7f;
  if (octets === 0 || octets > 4) throw new RefusedError('the answer is not that of LDAP');
  return bytes.length < 2 + octets ? null : [2 + octets, bytes.readUIntBE(2, octets)];
}

/** Where the contents of the element at `at` begin; -1 when its tag is another. */
function childAt(bytes: Buffer, at: number, tag: number): number {
  const size = bytes[at] === tag ? contentSize(bytes.subarray(at)) : null;
  return size === null ? -1 : at + size[0];
}

/** [MS-RDPBCGR] sections 2.2.1.1 and 2.2.1.2: an X.224 connection request for TLS or CredSSP (which begins with TLS). */
export const rdp: Dialogue = async (conversation) => {
  conversation.send(Buffer.from('030000130ee000000000000100080003000000', 'hex'));
  const header = await conversation.bytes(4);
  const size = header.readUInt16BE(2);
  if (header[0] !== 3 || size < 11 || size > 1024) throw new RefusedError('the answer is not that of RDP');
  const answer = await conversation.bytes(size - 4);
  if ((answer.readUInt8(1) & 0xf0) !== 0xd0) throw new RefusedError('the connection was not confirmed');
  const type = answer[7];
  if (type === 3 && answer.length >= 15) throw new RefusedError(`RDP_NEG_FAILURE ${answer.readUInt32LE(11)}`);
  if (type !== 2 || answer.length < 15 || answer.readUInt32LE(11) === 0)
    throw new RefusedError('the server speaks standard RDP security only');
};
