import { gzipSync } from 'node:zlib';
import { makeLogSigner, type Head, type LogSigner } from './ct-log-head.js';

/** What one request asks for. */
export interface LogRequest {
  readonly kind: 'head' | 'entries' | 'consistency' | 'hash-tile' | 'proof' | 'issuer';
  readonly path: string;
  /** Counts requests of this kind, from 0. */
  readonly count: number;
}

/** An answer about to be sent. `body` null with status 0 cuts the connection. */
export interface LogAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
  /** Bytes sent before the connection is cut. */
  readonly cutAt?: number;
  /** Told as the length of the body, which does not come. */
  readonly announcedBytes?: number;
  /** One byte every 200 ms. */
  readonly slow?: boolean;
  /** Repeat `body` until the client gives up or this many bytes are out. */
  readonly endlessBytes?: number;
}

const foreign = makeLogSigner();

/** Faults of the tree head: what is signed, and by whom (faults.md L1, L2, L7). */
export const headFaults = {
  /** Same size, other root, properly signed. */
  fork: (head: Head) => ({ ...head, root: flipped(head.root) }),
  /** Far in the future. */
  future: (head: Head) => ({ ...head, timestampMs: head.timestampMs + 86_400_000 }),
  /** Not signed anew for three days. */
  expired: (head: Head) => ({ ...head, timestampMs: head.timestampMs - 3 * 86_400_000 }),
} as const satisfies Record<string, (head: Head) => Head>;

/** Faults of the signature (L2). */
export const signatureFaults = {
  'bad-signature': (signature: Buffer) => flipped(signature),
  'no-signature': () => Buffer.alloc(0),
} as const satisfies Record<string, (signature: Buffer) => Buffer>;

/** The key that signs under the fault `foreign-key` (L2: wrong log id). */
export const foreignSigner: LogSigner = foreign;

/** Faults of the page asked for: which entries are served instead (L4). */
export const pageFaults = {
  short: (start: number, end: number) => [start, Math.max(start + 1, start + Math.floor((end - start) / 3))],
  empty: (start: number) => [start, start],
  repeat: (start: number, end: number) => [Math.max(0, start - (end - start)), start],
  'wrong-range': (start: number, end: number) => [start + 1, end + 1],
  'too-many': (start: number, end: number) => [start, end + 3],
} as const satisfies Record<string, (start: number, end: number) => readonly number[]>;

const bomb = gzipSync(Buffer.alloc(256 * 1024 * 1024));
const deepJson = Buffer.alloc(10 * 1024 * 1024, '[');
const spaces = Buffer.alloc(65_536, 0x20);

/** Faults of the answer, whatever it was (L5, L6, L7). */
export const answerFaults = {
  gzip: (answer: LogAnswer) =>
    answer.body === null
      ? answer
      : {
          ...answer,
          headers: { ...answer.headers, 'content-encoding': 'gzip' },
          body: gzipSync(answer.body),
        },
  'gzip-bomb': (answer: LogAnswer) => ({
    ...answer,
    headers: { ...answer.headers, 'content-encoding': 'gzip' },
    body: bomb,
  }),
  'endless-body': (answer: LogAnswer) => ({
    ...answer,
    body: spaces,
    endlessBytes: 2 ** 30,
  }),
  'deep-json': (answer: LogAnswer) => ({ ...answer, body: deepJson }),
  'slow-body': (answer: LogAnswer) => ({ ...answer, slow: true }),
  truncated: (answer: LogAnswer) => ({ ...answer, cutAt: Math.floor((answer.body?.length ?? 0) / 2) }),
  corrupt: (answer: LogAnswer) => ({
    ...answer,
    body: answer.body === null ? null : flippedMiddle(answer.body),
  }),
  garbage: (answer: LogAnswer) => ({ ...answer, body: Buffer.from('<html>service unavailable</html>') }),
  'redirect-loop': (answer: LogAnswer, request: LogRequest) => redirect(answer, request.path),
  down: () => ({ status: 0, headers: {}, body: null }),
  unavailable: () => ({ status: 503, headers: {}, body: Buffer.from('busy') }),
  flapping: (answer: LogAnswer, request: LogRequest) =>
    request.count % 2 === 0 ? { status: 503, headers: {}, body: Buffer.alloc(0) } : answer,
  'rate-limited': () => ({ status: 429, headers: {}, body: Buffer.from('<html>429</html>') }),
} as const satisfies Record<string, (answer: LogAnswer, request: LogRequest) => LogAnswer>;

/** A 3xx answer to `location`. */
export function redirect(answer: LogAnswer, location: string): LogAnswer {
  return { ...answer, status: 302, headers: { location }, body: Buffer.alloc(0) };
}

/** Every fault that can be switched on by name. */
export type LogFault =
  | keyof typeof headFaults
  | keyof typeof signatureFaults
  | keyof typeof pageFaults
  | keyof typeof answerFaults
  | 'foreign-key'
  | 'bad-consistency'
  | 'no-partials';

/** Faults that pass by themselves when the request is repeated: what `faultShare` picks from. */
export const passingFaults: readonly LogFault[] = [
  'short',
  'empty',
  'repeat',
  'wrong-range',
  'too-many',
  'truncated',
  'garbage',
  'down',
  'unavailable',
  'rate-limited',
  'bad-consistency',
  'gzip',
];

/** The bytes with one bit of the last one changed. */
export function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length - 1]! ^= 1;
  return copy;
}

/** One base64 digit or byte in the middle replaced by another one. */
function flippedMiddle(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const at = Math.floor(copy.length / 2);
  copy[at] = copy[at] === 0x41 ? 0x42 : 0x41;
  return copy;
}

const anywhere = [
  'truncated',
  'garbage',
  'corrupt',
  'down',
  'unavailable',
  'rate-limited',
  'redirect-loop',
  'gzip',
  'gzip-bomb',
  'deep-json',
  'endless-body',
] as const satisfies readonly LogFault[];

/** Every fault that passes when the request is repeated, by the kind of request it fits; a fork is none, and one that drips takes too long. */
export const transientFaults = {
  head: [...anywhere, 'bad-signature', 'no-signature', 'foreign-key', 'future', 'expired'],
  entries: [...anywhere, 'short', 'empty', 'repeat', 'wrong-range', 'too-many'],
  tile: anywhere,
  proof: [...anywhere, 'bad-consistency'],
} as const satisfies Record<string, readonly LogFault[]>;
