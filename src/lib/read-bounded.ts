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

async function readAll(file: FileHandle, maxBytes: number): Promise<Buffer> {
  const { size } = await file.stat();
  let bytes = Buffer.allocUnsafe(Math.min(size, maxBytes) + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(bytes, length, bytes.length - length, null);
    if (bytesRead === 0) return bytes.subarray(0, length);
    length += bytesRead;
    if (length > maxBytes) throw new Error(`it has more than ${maxBytes} bytes`);
    if (length === bytes.length) bytes = Buffer.concat([bytes], length + Math.max(chunkBytes, length));
  }
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
