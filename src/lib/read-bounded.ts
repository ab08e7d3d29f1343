import { open, type FileHandle } from 'node:fs/promises';

const chunkBytes = 1 << 16;

/**
 * A file's bytes, at most `maxBytes`; pipes and devices, whose size nobody knows, are read likewise. Throws one sentence with the
 * path when it cannot be read or is larger.
 */
export async function readBounded(path: string | Buffer, maxBytes: number): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      return await readAll(file, maxBytes);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new Error(`${path.toString()}: ${sentence(error)}.`, { cause: error });
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

const sentences: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'reading it is not permitted',
  EISDIR: 'it is a folder, not a file',
};

function sentence(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code === undefined ? undefined : sentences[code]) ?? message;
}
