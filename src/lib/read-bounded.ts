import { open, type FileHandle } from 'node:fs/promises';

const chunkBytes = 1 << 16;

/**
 * A file's bytes, at most `maxBytes`; pipes and devices, whose size nobody knows, are read likewise. Throws {@link fileError} when it
 * cannot be read or is larger.
 */
export async function readBounded(
  path: string | Buffer,
  maxBytes: number,
  name = path.toString(),
): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      return await readAll(file, maxBytes);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(name, error);
  }
}

/** All bytes of a stream, at most `maxBytes`. Throws {@link fileError}. */
export async function readStreamBounded(
  stream: AsyncIterable<Uint8Array | string>,
  maxBytes: number,
  name: string,
): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of stream) {
      const bytes = Buffer.from(part);
      length += bytes.length;
      if (length > maxBytes) throw tooLarge(maxBytes);
      parts.push(bytes);
    }
  } catch (error) {
    throw fileError(name, error);
  }
  return Buffer.concat(parts);
}

async function readAll(file: FileHandle, maxBytes: number): Promise<Buffer> {
  const facts = await file.stat();
  const size = facts.isFile() ? facts.size : 0;
  if (size > maxBytes) throw tooLarge(maxBytes);
  let bytes = Buffer.allocUnsafe(size + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(bytes, length, bytes.length - length, null);
    if (bytesRead === 0) return bytes.subarray(0, length);
    length += bytesRead;
    if (length > maxBytes) throw tooLarge(maxBytes);
    if (length === bytes.length) bytes = Buffer.concat([bytes], length + Math.max(chunkBytes, length));
  }
}

function tooLarge(maxBytes: number): Error {
  return new Error(`it has more than ${maxBytes} bytes`);
}

const clauses: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'reading it is not permitted',
  EISDIR: 'it is a folder, not a file',
  ELOOP: 'its symbolic links go round in a circle',
};

/** One sentence on why the file of this name could not be read. */
export function fileError(name: string, cause: unknown): Error {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  return new Error(`${name}: ${clauses[code] ?? message}.`, { cause });
}
