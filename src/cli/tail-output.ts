import { once } from 'node:events';
import { lookOf, type Look } from './look.js';
import { createStatusLine } from './status-line.js';

/** Where lines go; a promise holds the reader back until the line is out. */
export interface TailOutput {
  out(line: string): Promise<void>;
  error(line: string): void;
  /** How far it is, where a person watches. */
  status?(text: () => string): void;
  /** How to write for people; absent: one line an entry, without colour. */
  readonly look?: Look;
}

/** Standard output and standard error. */
export function createTailOutput(): TailOutput {
  const status = createStatusLine(process.stderr);
  return {
    async out(line) {
      status.clear();
      if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
    },
    error(line) {
      status.clear();
      process.stderr.write(`${line}\n`);
    },
    status: (text) => status.update(text),
    ...(process.stdout.isTTY ? { look: lookOf(process.stdout, process.env) } : {}),
  };
}
