import { hash } from 'node:crypto';
import { fromBase64, MalformedError, readBytes } from './bytes.js';
import { hashBytes } from './merkle.js';
import type { LogKey } from './log-key.js';
import type { TreeHead } from './tree-head.js';

/** Longest checkpoint read; real ones have four signature lines and under 1 KB. */
export const maxCheckpointBytes = 64 * 1024;

/** Most signature lines looked at; C2SP signed-note asks for at least 16. */
const maxSignatures = 128;

/** One signature line of a signed note. */
interface NoteSignature {
  readonly name: string;
  /** keyid[4] || signature */
  readonly bytes: Buffer;
}

/**
 * Reads a static-ct-api checkpoint (C2SP static-ct-api, signed-note) and takes from it the signature line of `origin` and
 * `key`; all other lines, also those under the same name, are ignored. The signature is not verified yet
 * ({@link ./tree-head.js verifyTreeHead}). Throws {@link MalformedError}, also when no line is by this key.
 */
export function parseCheckpoint(bytes: Uint8Array, origin: string, key: LogKey): TreeHead {
  const { text, signatures } = parseNote(bytes);
  const [noteOrigin, size, root, ...rest] = text.split('\n');
  if (rest.length !== 1 || rest[0] !== '')
    throw new MalformedError('checkpoint: not exactly three lines of text');
  if (noteOrigin !== origin)
    throw new MalformedError(
      `checkpoint: origin is ${JSON.stringify(noteOrigin)}, not ${JSON.stringify(origin)}`,
    );
  const rootHash = fromBase64(root ?? '', 'checkpoint root');
  if (rootHash.length !== hashBytes) throw new MalformedError(`checkpoint root: ${rootHash.length} bytes`);
  const keyId = checkpointKeyId(origin, key);
  const line = signatures.find(
    ({ name, bytes: signed }) => name === origin && signed.subarray(0, 4).equals(keyId),
  );
  if (line === undefined) throw new MalformedError('checkpoint: no signature line by the log key');
  const reader = readBytes(line.bytes.subarray(4), 'RFC6962NoteSignature');
  const timestampMs = reader.u64();
  return { treeSize: parseSize(size ?? ''), timestampMs, rootHash, signature: reader.take(reader.left()) };
}

/** SHA-256(origin || 0x0A || 0x05 || log id), first 4 bytes (C2SP static-ct-api, "Checkpoints"). */
export function checkpointKeyId(origin: string, key: Pick<LogKey, 'logIdBytes'>): Buffer {
  const input = Buffer.concat([Buffer.from(`${origin}\n\u0005`, 'utf8'), key.logIdBytes]);
  return hash('sha256', input, 'buffer').subarray(0, 4);
}

function parseSize(text: string): number {
  const size = Number(text);
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text) || !Number.isSafeInteger(size))
    throw new MalformedError('checkpoint: size is not a decimal number');
  return size;
}

function parseNote(bytes: Uint8Array): { text: string; signatures: readonly NoteSignature[] } {
  if (bytes.length > maxCheckpointBytes) throw new MalformedError(`signed note: ${bytes.length} bytes`);
  const note = decodeUtf8(bytes);

  if (/[\u0000-\u0009\u000b-\u001f\u007f]/.test(note))
    throw new MalformedError('signed note: control character');
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) throw new MalformedError('signed note: no signature block');
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > maxSignatures) throw new MalformedError(`signed note: ${lines.length} signatures`);
  return { text: note.slice(0, split + 1), signatures: lines.map(parseSignatureLine) };
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new MalformedError('signed note: not UTF-8', { cause });
  }
}

function parseSignatureLine(line: string): NoteSignature {
  const [dash, name, base64, ...rest] = line.split(' ');
  if (dash !== '\u2014' || !name || base64 === undefined || rest.length > 0)
    throw new MalformedError('signed note: bad signature line');
  const bytes = fromBase64(base64, 'note signature');
  if (bytes.length < 5) throw new MalformedError('note signature: too short');
  return { name, bytes };
}
