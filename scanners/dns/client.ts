import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { getServers } from 'node:dns';
import { connect, isIPv6 } from 'node:net';
import { decodeAnswer, encodeQuestion, type DnsMessage, type RecordType } from './message.js';

/** Asks resolvers, as DNS itself: Node's resolver tells neither DNSSEC's verdict nor an unknown critical CAA property. */
export interface DnsClient {
  /** The first answer with a usable code (no error, or no such name). Rejects when no server gives one in time. */
  ask(name: string, type: RecordType, signal: AbortSignal): Promise<DnsMessage>;
}

/** Which resolvers are asked, and for how long each. */
export interface DnsClientOptions {
  /** Empty: those of the system. */
  readonly servers: readonly string[];
  readonly timeoutMs: number;
}

interface Server {
  readonly address: string;
  readonly port: number;
}

const tries = 2;
const maxTcpBytes = 65_535;
const codes = ['no error', 'FORMERR', 'SERVFAIL', 'no such name', 'NOTIMP', 'REFUSED'];
const noError = 0;
const noSuchName = 3;

/** A client of the configured resolvers, or of the system's. Opens a socket for each question, from a random port. */
export function createDnsClient({ servers, timeoutMs }: DnsClientOptions): DnsClient {
  const list = (servers.length > 0 ? servers : getServers()).map(readServer);

  return {
    async ask(name, type, signal) {
      const problems = new Set<string>();
      for (let attempt = 0; attempt < tries; attempt += 1)
        for (const server of list) {
          signal.throwIfAborted();
          try {
            const answer = await askOnce(server, name, type, timeoutMs);
            if (answer.rcode === noError || answer.rcode === noSuchName) return answer;
            problems.add(codes[answer.rcode] ?? `code ${answer.rcode}`);
          } catch (error) {
            problems.add(error instanceof Error ? error.message : String(error));
          }
        }
      throw new Error([...problems].join(', ') || 'there is no resolver to ask');
    },
  };
}

/** `address`, `address:port`, `[IPv6]:port`. */
function readServer(text: string): Server {
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([0-9.]+))(?::(\d+))?$/.exec(text) ?? [];
  return { address: bracketed ?? plain ?? text, port: Number(port ?? 53) };
}

/** Over UDP; over TCP when the answer was cut short (RFC 7766). */
async function askOnce(
  server: Server,
  name: string,
  type: RecordType,
  timeoutMs: number,
): Promise<DnsMessage> {
  const id = randomInt(65_536);
  const question = encodeQuestion(id, name, type);
  const read = (bytes: Buffer): DnsMessage => decodeAnswer(bytes, id, name, type);
  const short = await overUdp(server, question, read, timeoutMs);
  return short.truncated ? read(await overTcp(server, question, timeoutMs)) : short;
}

/** Answers that do not fit the question may be forged: the right one is waited for. */
function overUdp(
  { address, port }: Server,
  question: Buffer,
  read: (bytes: Buffer) => DnsMessage,
  timeoutMs: number,
): Promise<DnsMessage> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    let fault: Error | null = null;
    const end = (finish: () => void): void => {
      clearTimeout(timer);
      socket.close();
      finish();
    };
    const timer = setTimeout(() => end(() => reject(fault ?? new Error('no answer in time'))), timeoutMs);
    socket.on('error', (error) => end(() => reject(error)));
    socket.on('message', (bytes) => {
      try {
        const answer = read(bytes);
        end(() => resolve(answer));
      } catch (error) {
        fault = error instanceof Error ? error : new Error(String(error));
      }
    });
    socket.connect(port, address, () => socket.send(question));
  });
}

function overTcp({ address, port }: Server, question: Buffer, timeoutMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port });
    const timer = setTimeout(() => socket.destroy(new Error('no answer in time over TCP')), timeoutMs);
    let received = Buffer.alloc(0);
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      const wanted = received.length < 2 ? maxTcpBytes : received.readUInt16BE(0);
      if (received.length - 2 < wanted) return;
      resolve(received.subarray(2, 2 + wanted));
      socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => {
      clearTimeout(timer);
      reject(new Error('the resolver closed the connection'));
    });
    socket.write(Buffer.concat([Buffer.from([question.length >> 8, question.length & 255]), question]));
  });
}
