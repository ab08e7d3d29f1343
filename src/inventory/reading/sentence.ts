import { printable } from '../../lib/printable.js';

const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'symbolic links go round in a circle',
  EIO: 'the disk or network file system failed',
  ESTALE: 'the network file system failed',
};

/** Says in one printable line what of `place` could not be read, and why. Contents never appear in it. */
export function sentence(place: string, problem: unknown): string {
  const code = problem instanceof Error && 'code' in problem ? String(problem.code) : '';
  const reason = problem instanceof Error ? (words[code] ?? (code || problem.message)) : String(problem);
  return `${printable(place, 1_000)}: ${printable(reason, 300)}`;
}
