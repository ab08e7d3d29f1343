import { printable } from '../lib/printable.js';
import { findService, type RemoteOptions } from './find-service.js';
import { getJson } from './remote.js';

/** Options of `certglass audit verify`. */
export interface AuditOptions extends RemoteOptions {
  readonly json?: boolean;
  readonly evidence?: string;
}

interface Chain {
  readonly chain: string;
  readonly first: number;
  readonly number: number;
  readonly hash: string;
  readonly entries: number;
}

interface Check {
  readonly ok: boolean;
  readonly chains: readonly Chain[];
  readonly earlier: number;
  readonly faults: readonly string[];
}

/** `certglass audit verify`: 0 when the audit trail is as it was written, 1 when not. */
export async function verifyAudit(options: AuditOptions): Promise<number> {
  const remote = findService(options, process.env);
  const ends = options.evidence === undefined ? [null] : await endsOf(options.evidence);
  const checks: Check[] = [];
  for (const end of ends) {
    const query = end === null ? '' : `?${new URLSearchParams({ end }).toString()}`;
    checks.push((await getJson(remote, `/api/v1/audit/verify${query}`)) as unknown as Check);
  }
  const faults = [...new Set(checks.flatMap((check) => check.faults))];
  const last = checks.at(-1);
  if (options.json === true)
    process.stdout.write(`${JSON.stringify({ ...last, ok: faults.length === 0, faults })}\n`);
  else if (last !== undefined) print(last, faults);
  return faults.length === 0 ? 0 : 1;
}

function print({ chains, earlier }: Check, faults: readonly string[]): void {
  for (const { chain, first, number, entries, hash } of chains)
    process.stdout.write(`chain ${chain}: ${entries} entries, ${first} to ${number}, ends with ${hash}\n`);
  if (earlier > 0) process.stdout.write(`${earlier} entries from before the trail was chained\n`);
  for (const fault of faults) process.stderr.write(`certglass: ${printable(fault, 2_000)}\n`);
  process.stdout.write(
    faults.length === 0
      ? 'The audit trail is as it was written.\n'
      : `${faults.length} faults: the audit trail is not as it was written.\n`,
  );
}

/** Ends of the audit trail in an export, which has to verify itself. */
async function endsOf(file: string): Promise<readonly (string | null)[]> {
  const { verifyEvidence } = await import('../reports/evidence/verify.js');
  const { faults, auditEnds } = await verifyEvidence(file, null);
  if (faults[0] !== undefined) throw new Error(`${file} cannot be relied on: ${faults[0]}`);
  const ends = auditEnds.map(({ chain, number, hash }) => `${chain}:${number}:${hash}`);
  return ends.length === 0 ? [null] : ends;
}
