import type { Line } from './lines.js';

/** One encapsulated text of a PEM file (RFC 7468). */
export interface PemBlock {
  readonly label: string;
  /** Line of its BEGIN. */
  readonly line: number;
  /** The bytes of a certificate; null for other labels, which are not even decoded, and when `problem` says why not. */
  readonly der: Uint8Array | null;
  readonly problem: string | null;
}

const certificateLabels = new Set(['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE']);
/** Base64 characters; a certificate has some thousands. */
const maxLength = 8_000_000;

interface Open {
  readonly label: string;
  readonly line: number;
  readonly parts: string[];
  length: number;
}

/** Finds the PEM blocks between whatever text. The contents of private keys and other things are dropped unread. */
export async function* pemBlocks(lines: AsyncIterable<Line>): AsyncGenerator<PemBlock, void, undefined> {
  let open: Open | null = null;
  for await (const { number, text, cut } of lines) {
    const [, boundary, label = ''] = /^-----(BEGIN|END) ([^-]{1,80})-----\s*$/.exec(text) ?? [];
    if (boundary === 'BEGIN') {
      if (open !== null) yield failed(open, 'has no END line');
      open = { label, line: number, parts: [], length: 0 };
    } else if (open !== null && boundary === 'END') {
      yield label === open.label ? finished(open) : failed(open, `ends as ${label}`);
      open = null;
    } else if (open !== null && certificateLabels.has(open.label)) {
      open.length += text.length;
      if (cut || open.length > maxLength) {
        yield failed(open, `is longer than ${maxLength} characters`);
        open = null;
      } else open.parts.push(text.replace(/\s+/g, ''));
    }
  }
  if (open !== null) yield failed(open, 'has no END line');
}

function finished(open: Open): PemBlock {
  if (!certificateLabels.has(open.label))
    return { label: open.label, line: open.line, der: null, problem: null };
  const der = decodeBase64(open.parts.join(''));
  if (der === null) return failed(open, 'is not base64');
  return { label: open.label, line: open.line, der, problem: null };
}

function failed({ label, line }: Open, problem: string): PemBlock {
  return { label, line, der: null, problem };
}

/** Strict base64 with padding; null for anything else, and for nothing. */
export function decodeBase64(text: string): Uint8Array | null {
  if (text === '' || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null;
  return Buffer.from(text, 'base64');
}
