import { open } from 'node:fs/promises';

/** A renewal that failed, as the log tells. */
export interface LoggedFailure {
  readonly at: Date;
  readonly message: string;
}

/** The end of the log that is read. */
const tailBytes = 1_000_000;

/**
 * Failed renewals in certbot's log by lineage, the last of each: lines `DATE TIME,MS:ERROR:certbot...:Failed to renew certificate NAME
 * with error: REASON`. Times are the machine's own.
 */
export async function failuresIn(path: string): Promise<ReadonlyMap<string, LoggedFailure>> {
  const failures = new Map<string, LoggedFailure>();
  const pattern =
    /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d),\d+:[A-Z]+:[^:]*:Failed to renew certificate (\S+) with error: (.*)$/gm;
  for (const { 1: day, 2: time, 3: name = '', 4: message = '' } of (await tailOf(path)).matchAll(pattern)) {
    const at = new Date(`${day}T${time}`);
    if (!Number.isNaN(at.getTime())) failures.set(name, { at, message: message.slice(0, 500) });
  }
  return failures;
}

async function tailOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const length = Math.min(size, tailBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.subarray(0, bytesRead).toString();
  } finally {
    await file.close();
  }
}
