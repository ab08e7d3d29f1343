import { createInterface } from 'node:readline';
import { PassThrough, type Readable } from 'node:stream';
import { z } from 'zod';
import type { ChainEnd } from '../../store/audit/chain.js';
import { ChainCheck } from '../../store/audit/check.js';

/** The audit trail of the period, one entry a line. */
export const auditFile = 'data/audit.jsonl';

const line = z.object({
  chain: z.string(),
  number: z.number(),
  at: z.iso.datetime().transform((text) => new Date(text)),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  details: z.record(z.string(), z.unknown()),
  previous: z.string(),
  hash: z.string(),
});

/** What the lines of {@link auditFile} say about themselves. */
export interface AuditLines {
  readonly faults: readonly string[];
  /** Where its chains end: the trail that it was taken from must still hold these entries. */
  readonly ends: readonly ChainEnd[];
}

/** Checks the chain of the exported audit trail while its bytes pass: every hash, every link, every number. */
export async function checkAuditLines(content: Readable): Promise<AuditLines> {
  const check = new ChainCheck({ isPart: true });
  const faults: string[] = [];
  let count = 0;
  for await (const text of createInterface({ input: content.pipe(new PassThrough()), crlfDelay: Infinity })) {
    count += 1;
    if (text === '') continue;
    const entry = line.safeParse(parsed(text));
    if (entry.success) check.take({ ...entry.data, details: JSON.stringify(entry.data.details) });
    else if (faults.length < 100) faults.push(`${auditFile}: line ${count} is no entry of an audit trail`);
  }
  const { chains, faults: broken } = check.result();
  return { faults: [...faults, ...broken.map((fault) => `${auditFile}: ${fault}`)], ends: chains };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
