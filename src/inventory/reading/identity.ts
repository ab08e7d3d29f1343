/** Fingerprints and serials as other systems write them, made canonical. */

/** Bidirectional and zero-width marks, byte order marks, non-breaking spaces: what copying from a dialog brings along. */
const invisible = /[\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Text without the invisible marks that certificate dialogs and spreadsheets add. */
export function visible(text: string): string {
  return text.replace(invisible, '').trim();
}

/**
 * A SHA-256 or SHA-1 fingerprint in hex: upper or lower case, with colons, hyphens or spaces, with a label before `=` (as
 * OpenSSL prints it) or `:` or without, behind invisible marks; or in base64 (as JOSE and Azure write it). null when it is neither of
 * 32 nor of 20 bytes.
 */
export function fingerprint(text: string): { readonly sha256: string } | { readonly sha1: string } | null {
  const plain = visible(text).replace(/^(?:(?:sha-?(?:1|256)|x5t(?:#s256)?)[ a-z]*[:=]|[^=]*=(?=.))\s*/i, '');
  const hex = bareHex(plain) ?? base64Hex(plain);
  if (hex?.length === 64) return { sha256: hex };
  return hex?.length === 40 ? { sha1: hex } : null;
}

function base64Hex(text: string): string | null {
  const isDigest = /^(?:[\w+/-]{27}=?|[\w+/-]{43}=?)$/.test(text);
  return isDigest ? Buffer.from(text, 'base64').toString('hex') : null;
}

/** A SHA-256 in hex, written in any of the ways of {@link fingerprint}; null for anything else. */
export function sha256Hex(text: string): string | null {
  const found = fingerprint(text);
  return found !== null && 'sha256' in found ? found.sha256 : null;
}

/**
 * A serial number as unsigned lower-case hex without leading zeros. A `0x` or separators always mean hex; digits alone are
 * read as `format` says. A minus sign gives the two's complement octets of the certificate. null when unreadable.
 */
export function serialHex(text: string, format: 'hex' | 'decimal'): string | null {
  const trimmed = visible(text);
  const negative = trimmed.startsWith('-');
  const body = negative ? trimmed.slice(1) : trimmed;
  const marked = /^0x/i.test(body) || /[:\s-]/.test(body);
  const hex = marked || format === 'hex' ? bareHex(body.replace(/^0x/i, '')) : decimalToHex(body);
  if (hex === null || hex.length > 512) return null;
  const value = BigInt(`0x${hex}`);
  return negative ? twosComplement(value) : value.toString(16);
}

function bareHex(text: string): string | null {
  const hex = text.replace(/[:\s-]/g, '').toLowerCase();
  return /^[0-9a-f]+$/.test(hex) ? hex : null;
}

function decimalToHex(text: string): string | null {
  return /^\d{1,200}$/.test(text) ? BigInt(text).toString(16) : null;
}

/** Octets of -value as DER writes them (X.690 section 8.3), as hex. */
function twosComplement(value: bigint): string {
  if (value === 0n) return '0';
  let bits = 8n;
  while (value > 1n << (bits - 1n)) bits += 8n;
  return ((1n << bits) - value).toString(16);
}
