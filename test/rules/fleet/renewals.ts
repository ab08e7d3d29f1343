import type { Certificate } from '../../../src/model/certificate.js';
import type { Observation } from '../../../src/model/observation.js';
import type { OpenStore } from '../../../src/store/index.js';
import { certificate, ctEntry, hash, inventoryItem, observation } from '../../store/sample.js';
import { later } from '../support.js';

/** A certificate named by `seed` for these names, from one day to another, counted from now. */
export function leafOf(
  seed: string,
  names: readonly string[],
  [from, to]: readonly [number, number],
  change: Partial<Certificate> = {},
): Certificate {
  return certificate(seed, {
    names,
    dnsNames: names,
    notBefore: later(from),
    notAfter: later(to),
    ...change,
  });
}

/** An observation of the `n`th backend of a host. */
export function backend(host: string, n: number, leaf: Certificate): Observation {
  const address = `192.0.2.${n}`;
  return observation(host, {
    target: { host, address, port: 443, serverName: host, starttls: null },
    certificate: leaf,
    chain: [leaf],
    observedAt: later(-0.1),
  });
}

let index = 0;

/** Log entries of certificates, each seen when it begins to be valid. */
export function logged(...leaves: readonly Certificate[]) {
  return leaves.map((leaf) => {
    index += 1;
    const at = leaf.notBefore ?? later(0);
    return ctEntry('x', index, { certificate: leaf, timestamp: at, seenAt: at });
  });
}

/** The precertificate of a certificate. */
export function precertificateOf(leaf: Certificate): Certificate {
  return { ...leaf, sha256: hash(`pre ${leaf.sha256}`), sha1: `pre${leaf.sha1}`, isPrecertificate: true };
}

/** Key of a certificate's issuance. */
export const keyOf = ({ tbsSha256 }: Certificate): string => String(tbsSha256);

/** Writes an inventory that holds these certificates. */
export async function manage(store: OpenStore, ...leaves: readonly Certificate[]): Promise<void> {
  const run = { source: 'files', startedAt: later(-1), finishedAt: later(-1), complete: true };
  const items = leaves.map(({ sha256, tbsSha256 }, at) =>
    inventoryItem('files', `item ${at}`, { sha256, tbsSha256, spkiSha256: null, serialNumber: null }),
  );
  await store.writeInventory(run, items, () => ({ ...run, items: items.length, errors: [], notes: [] }));
}
