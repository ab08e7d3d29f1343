import { RefusedError, type Conversation, type Dialogue } from './conversation.js';

/** PostgreSQL's SSLRequest: length 8, code 80877103; answered by one byte, S or N, or by an error. */
export const postgres: Dialogue = async (conversation) => {
  conversation.send(Buffer.from('0000000804d2162f', 'hex'));
  const answer = (await conversation.bytes(1)).toString('latin1');
  if (answer === 'E') throw new RefusedError(await postgresError(conversation));
  if (answer !== 'S')
    throw new RefusedError(answer === 'N' ? 'the server answered N' : `the server answered "${answer}"`);
};

/**
 * ErrorResponse after its `E`: a length of four octets, then fields, each a letter and a text that ends with NUL: M the
 * message, D detail, H hint, C the SQLSTATE. Servers before 7.4 send the text alone.
 */
async function postgresError(conversation: Conversation): Promise<string> {
  const size = (bytes: Buffer): number => (bytes.length < 4 ? 0 : bytes.readUInt32BE(0));
  const isOld = (bytes: Buffer): boolean => size(bytes) > 30_000;
  const answer = await conversation.until((bytes) =>
    isOld(bytes) ? bytes.indexOf(0) + 1 : bytes.length >= size(bytes) ? size(bytes) : 0,
  );
  if (isOld(answer)) return answer.toString('latin1');
  const fields = new Map(
    answer
      .toString('latin1', 4)
      .split('\0')
      .map((field) => [field.slice(0, 1), field.slice(1)]),
  );
  const said = ['M', 'D', 'H'].flatMap((letter) => fields.get(letter) ?? []).join('; ');
  const state = fields.get('C');
  return `the server answered an error: ${said}${state === undefined ? '' : ` (SQLSTATE ${state})`}`;
}

const clientSsl = 0x0800;
/** CLIENT_LONG_PASSWORD, CLIENT_PROTOCOL_41, CLIENT_SSL, CLIENT_SECURE_CONNECTION. */
const mysqlCapabilities = 0x0001 | 0x0200 | clientSsl | 0x8000;

/** MySQL's Protocol::HandshakeV10, answered by Protocol::SSLRequest when the server has CLIENT_SSL. */
export const mysql: Dialogue = async (conversation) => {
  const header = await conversation.bytes(4);
  const size = header.readUIntLE(0, 3);
  if (size < 1 || size > 4096) throw new RefusedError('the greeting is not that of MySQL');
  const greeting = await conversation.bytes(size);
  if (greeting[0] === 0xff && size > 3) throw new RefusedError(mysqlError(greeting));
  const versionEnd = greeting.indexOf(0, 1);
  const capabilitiesAt = versionEnd + 1 + 4 + 8 + 1;
  if (greeting[0] !== 10 || versionEnd < 0 || greeting.length < capabilitiesAt + 2)
    throw new RefusedError('the greeting is not that of MySQL');
  if ((greeting.readUInt16LE(capabilitiesAt) & clientSsl) === 0)
    throw new RefusedError('the server has no CLIENT_SSL');
  const request = Buffer.alloc(4 + 32);
  request.writeUIntLE(32, 0, 3);
  request.writeUInt8((header.readUInt8(3) + 1) & 255, 3);
  request.writeUInt32LE(mysqlCapabilities, 4);
  request.writeUInt32LE(0x0100_0000, 8);
  request.writeUInt8(33, 12);
  conversation.send(request);
};

/** ERR_Packet: 0xff, the number, `#` and the SQLSTATE where the server knows our version already, the message. */
function mysqlError(packet: Buffer): string {
  const hasState = packet[3] === 0x23 && packet.length >= 9;
  const state = hasState ? ` (${packet.toString('latin1', 4, 9)})` : '';
  return `error ${packet.readUInt16LE(1)}${state}: ${packet.toString('latin1', hasState ? 9 : 3)}`;
}

/** Codes of [MS-RDPBCGR] section 2.2.1.2.2. */
const rdpFailures: Readonly<Record<number, string>> = {
  1: 'SSL_REQUIRED_BY_SERVER',
  2: 'SSL_NOT_ALLOWED_BY_SERVER',
  3: 'SSL_CERT_NOT_ON_SERVER',
  4: 'INCONSISTENT_FLAGS',
  5: 'HYBRID_REQUIRED_BY_SERVER',
  6: 'SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER',
};

/** [MS-RDPBCGR] sections 2.2.1.1 and 2.2.1.2: an X.224 connection request for TLS or CredSSP (which begins with TLS). */
export const rdp: Dialogue = async (conversation) => {
  conversation.send(Buffer.from('030000130ee000000000000100080003000000', 'hex'));
  const header = await conversation.bytes(4);
  const size = header.readUInt16BE(2);
  if (header[0] !== 3 || size < 11 || size > 1024) throw new RefusedError('the answer is not that of RDP');
  const answer = await conversation.bytes(size - 4);
  if ((answer.readUInt8(1) & 0xf0) !== 0xd0) throw new RefusedError('the connection was not confirmed');
  const type = answer[7];
  if (type === 3 && answer.length >= 15) throw new RefusedError(rdpFailure(answer.readUInt32LE(11)));
  if (type !== 2 || answer.length < 15 || answer.readUInt32LE(11) === 0)
    throw new RefusedError('the server speaks standard RDP security only');
};

function rdpFailure(code: number): string {
  const name = rdpFailures[code];
  return `RDP_NEG_FAILURE ${code}${name === undefined ? '' : ` (${name})`}`;
}
