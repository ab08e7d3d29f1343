import { readFileSync } from 'node:fs';

/**
 * Process id and, where the system tells, when that process started, since ids are used again. Empty when there is no such process,
 * or it has ended and only waits to be collected.
 */
export function processIdentity(pid: number): string {
  if (!Number.isSafeInteger(pid) || pid <= 0) return '';
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return '';
  }
  // The fields after the command name, which may hold spaces and brackets: the first is the state, the twentieth the start time.
  const fields = readOr(`/proc/${pid}/stat`, '').split(') ').at(-1)?.split(' ') ?? [];
  return fields[0] === 'Z' || fields[0] === 'X' ? '' : `${pid} ${fields[19] ?? ''}`;
}

/** Text of a file, or `otherwise` when it cannot be read. */
export function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
}
