/** One encapsulated text (RFC 7468). */
export interface PemBlock {
  readonly label: string;
  readonly body: string;
  /** It has an END line of its own label. */
  readonly isEnded: boolean;
  /** Offset of its BEGIN in the text. */
  readonly start: number;
}

const boundary = /-----(BEGIN|END) ([^\r\n-]{1,80})-----/g;

/** The blocks of a text in order. One that is not ended, or ended as something else, reaches to the next boundary. */
export function* pemBlocks(text: string): Generator<PemBlock, void, undefined> {
  let open: { readonly label: string; readonly bodyStart: number; readonly start: number } | null = null;
  for (const { 0: whole, 1: kind, 2: label = '', index } of text.matchAll(boundary)) {
    if (open !== null) {
      const isEnded = kind === 'END' && label === open.label;
      yield { label: open.label, body: text.slice(open.bodyStart, index), isEnded, start: open.start };
    }
    open = kind === 'BEGIN' ? { label, bodyStart: index + whole.length, start: index } : null;
  }
  if (open !== null)
    yield { label: open.label, body: text.slice(open.bodyStart), isEnded: false, start: open.start };
}

/**
 * Base64 with any white space in it, also as `\n` written out, after headers such as `Proc-Type: ...` (RFC 1421 section 4.4), which are
 * left out.
 */
export function decodeBase64(body: string): { readonly der: Buffer; readonly problem: string | null } {
  const text = body
    .replace(/^[ \t]*[\w-]+:.*$/gm, '')
    .replace(/\\[rn]/g, '')
    .replace(/\s+/g, '');
  const isClean = text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
  return { der: Buffer.from(text, 'base64'), problem: isClean ? null : 'its PEM block is not clean base64' };
}
