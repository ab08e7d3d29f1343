import { jsonLine } from '../lib/json-line.js';
import { printable } from '../lib/printable.js';
import { findService, type RemoteOptions } from './find-service.js';
import { lookOf } from './look.js';
import { getJson } from './remote.js';
import { renderTable } from './table.js';

interface RecallAnswer {
  readonly operators: readonly {
    readonly operator: string;
    readonly expected: number;
    readonly found: number;
  }[];
  readonly missing: readonly {
    readonly sha256: string;
    readonly subject: string;
    readonly log: string;
    readonly signedAt: string;
  }[];
  readonly names: { readonly logged: number; readonly scanned: number };
}

/** `certglass recall`: how much of what is served was read in the logs, and the reverse. Exit code 1 while something is missing. */
export async function printRecall(options: RemoteOptions & { readonly json?: boolean }): Promise<number> {
  const answer = (await getJson(
    findService(options, process.env),
    '/api/v1/ct/recall',
  )) as unknown as RecallAnswer;
  const { operators, missing, names } = answer;
  if (options.json === true) process.stdout.write(`${jsonLine(answer)}\n`);
  else {
    const look = lookOf(process.stdout, process.env);
    process.stdout.write(
      operators.length === 0
        ? 'No certificate served for an owned domain has been logged since reading of the logs began.\n'
        : renderTable(operators, columns, look),
    );
    process.stdout.write(`\n${names.scanned} of ${names.logged} names of logged certificates are scanned.\n`);
    for (const { sha256, subject, log, signedAt } of missing)
      process.stdout.write(`not read: ${sha256} ${printable(subject)}, ${printable(log)} ${signedAt}\n`);
  }
  return missing.length === 0 ? 0 : 1;
}

type Operator = RecallAnswer['operators'][number];

const columns = [
  { title: 'LOG OPERATOR', text: ({ operator }: Operator) => operator, minWidth: 16 },
  { title: 'SIGNED FOR', text: ({ expected }: Operator) => String(expected) },
  { title: 'READ', text: ({ found }: Operator) => String(found) },
  {
    title: 'RECALL',
    text: ({ expected, found }: Operator) => `${Math.floor((1_000 * found) / expected) / 10} %`,
  },
];
