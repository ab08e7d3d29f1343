import type { EndpointState } from '../../model/endpoint-state.js';
import { severities } from '../../model/severity.js';
import type { EndpointFacts } from '../console-reader.js';
import type { Database } from '../database.js';
import { dateOfMs } from '../rows/decode.js';

interface LeafColumns {
  readonly sha256: string;
  readonly subject: string;
  readonly issuer: string;
  readonly begins: string | null;
  readonly ends: string | null;
  readonly names: readonly string[];
}

/** Looks up what a page of endpoints served last, and the worst open finding about each, in two queries. */
export async function endpointFacts(
  database: Database,
  endpoints: readonly EndpointState[],
): Promise<(endpoint: EndpointState) => EndpointFacts> {
  if (endpoints.length === 0) return () => ({ leaf: null, worstFinding: null });
  const [leaves, findings] = await Promise.all([
    database.rows<LeafColumns>(
      `SELECT sha256, subject, issuer, not_before_ms AS begins, not_after_ms AS ends, arraySlice(names, 1, 100) AS names
       FROM certificates PREWHERE sha256 IN {hashes:Array(String)} ORDER BY sha256, version DESC LIMIT 1 BY sha256`,
      { hashes: [...new Set(endpoints.flatMap(({ chain }) => chain.slice(0, 1)))] },
    ),
    database.rows<{ key: string; worst: [string, string, number] }>(
      `SELECT subject_key AS key, argMax(tuple(id, toString(rule), toInt8(severity)), severity) AS worst FROM findings FINAL
       WHERE subject_kind = 'endpoint' AND state != 'resolved' AND subject_key IN {keys:Array(String)} GROUP BY key`,
      { keys: endpoints.map(({ key }) => key) },
    ),
  ]);
  const byHash = new Map(leaves.map((row) => [row.sha256, row]));
  const byKey = new Map(findings.map(({ key, worst }) => [key, worst]));
  return ({ key, chain }) => {
    const leaf = byHash.get(chain[0] ?? '');
    const worst = byKey.get(key);
    return {
      leaf:
        leaf === undefined
          ? null
          : {
              subject: leaf.subject,
              issuer: leaf.issuer,
              notBefore: dateOfMs(leaf.begins),
              notAfter: dateOfMs(leaf.ends),
              names: leaf.names,
            },
      worstFinding:
        worst === undefined
          ? null
          : { id: worst[0], rule: worst[1], severity: severities[worst[2] - 1] ?? 'notice' },
    };
  };
}
