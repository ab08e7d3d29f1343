import { once } from 'node:events';

/** Where lines go; a promise holds the reader back until the line is out. */
export interface TailOutput {
  out(line: string): Promise<void>;
  error(line: string): void;
}

/** Standard output and standard error. */
export const terminal: TailOutput = {
  async out(line) {
    if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
  },
  error: (line) => void process.stderr.write(`${line}\n`),
};
