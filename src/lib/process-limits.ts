import { readFileSync } from 'node:fs';

const mebibyte = 1_048_576;

/** Files this process may have open; null where the system does not tell. */
export function openFilesLimit(): number | null {
  return limit('Max open files');
}

/** Address space of this process, MiB (`ulimit -v`); null: unlimited, or the system does not tell. */
export function addressSpaceMiB(): number | null {
  const bytes = limit('Max address space');
  return bytes === null ? null : Math.floor(bytes / mebibyte);
}

/** Processes and threads this user may have; null: unlimited, or the system does not tell. */
export function threadsLimit(): number | null {
  const counts = [limit('Max processes'), numberIn('/sys/fs/cgroup/pids.max')].filter((one) => one !== null);
  return counts.length === 0 ? null : Math.min(...counts);
}

/** Memory that the container or unit may use, MiB; null: all of the machine. */
export function memoryLimitMiB(): number | null {
  const bytes = process.constrainedMemory();
  return bytes > 0 && bytes < 2 ** 53 ? Math.floor(bytes / mebibyte) : null;
}

/** The soft limit of that name in Linux's table; null: unlimited or unknown. */
function limit(name: string): number | null {
  const line = textOf('/proc/self/limits')
    .split('\n')
    .find((one) => one.startsWith(name));
  return readNumber(line?.slice(26).trim().split(/\s+/)[0]);
}

function numberIn(path: string): number | null {
  return readNumber(textOf(path).trim());
}

function readNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
