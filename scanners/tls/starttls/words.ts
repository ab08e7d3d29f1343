/** Longest words of a server that are kept. */
const maxLength = 500;

/**
 * What a server said, as text: bytes read as Latin-1 become UTF-8 where they are valid UTF-8 (RFC 6531, RFC 6855, RFC 2640),
 * line ends become spaces, and the rest is cut off.
 */
export function words(latin1: string): string {
  const text = isBytes(latin1) ? decode(Buffer.from(latin1, 'latin1')) : latin1;
  const line = text.replace(/[\r\n\0]+/g, ' ').trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}

function isBytes(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 255) return false;
  return true;
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}
