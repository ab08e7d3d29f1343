import type { CtEntry, CtPosition } from '../../../src/model/ct-entry.js';
import { inventoryFacts, type InventoryItem } from '../../../src/model/inventory-item.js';
import type { Answer } from '../../../src/model/network.js';
import type { Observation } from '../../../src/model/observation.js';
import { stayAt, type SimulatedEndpoint, type World } from './world.js';

/** The scan of all endpoints at this instant. */
export function scanAt(world: World, at: number): readonly Observation[] {
  return world.endpoints.flatMap((endpoint) => observe(endpoint, at));
}

function observe(endpoint: SimulatedEndpoint, at: number): readonly Observation[] {
  const stay = stayAt(endpoint, at);
  if (stay === null) return [];
  const { issuance, version } = stay;
  const isOld = version === 'TLSv1';
  const tls = {
    version,
    cipher: isOld ? 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA' : 'TLS_AES_128_GCM_SHA256',
    group: isOld ? 'P-256' : 'X25519MLKEM768',
    alpn: null,
    clientCertificateRequested: false,
    ocspResponse: null,
  };
  return [
    {
      observedAt: new Date(at),
      scanId: `simulated-${at}`,
      target: endpoint.target,
      outcome: issuance === null ? 'refused' : 'ok',
      detail: null,
      tls: issuance === null ? null : tls,
      certificate: issuance?.certificate ?? null,
      chain: issuance === null ? [] : [issuance.certificate, issuance.authority.certificate],
      durationMs: 12,
    },
  ];
}

/** Entries that the logs got after `since` up to `at`; `counts` numbers them by log, and is moved on. */
export function entriesBetween(
  world: World,
  since: number,
  at: number,
  counts: Map<string, number>,
): readonly CtEntry[] {
  return world.issuances.flatMap(({ loggedAt, logs, certificate, precertificate, authority, matches }) => {
    if (loggedAt === null || loggedAt <= since || loggedAt > at || matches.length === 0) return [];
    return logs.map(({ id }): CtEntry => {
      const leafIndex = counts.get(id) ?? 0;
      counts.set(id, leafIndex + 1);
      return {
        logId: id,
        leafIndex,
        timestamp: new Date(loggedAt),
        entryType: precertificate === null ? 'x509' : 'precertificate',
        certificate: precertificate ?? certificate,
        chain: [authority.certificate.sha256],
        chainCertificates: [authority.certificate],
        verified: true,
        matches,
        leafHash: certificate.sha256,
        seenAt: new Date(at),
      };
    });
  });
}

/** How far the logs are read. */
export function positionsAt(
  world: World,
  at: number,
  counts: ReadonlyMap<string, number>,
): readonly CtPosition[] {
  return world.logs.map(({ id, description, operator }) => {
    const size = counts.get(id) ?? 0;
    return {
      logId: id,
      cursor: 'tail',
      description,
      operator,
      url: `https://${description.split(' ')[0]!.toLowerCase()}.test/2026h2/`,
      protocol: 'static-ct',
      state: 'usable',
      treeSize: size,
      verifiedIndex: size,
      followerState: '{"nodes":[]}',
      lastError: null,
      entriesPerSecond: 0,
      lagSeconds: 0,
      etaSeconds: 0,
      budget: null,
      updatedAt: new Date(at),
    };
  });
}

/** What each inventory source lists at this instant. */
export function inventoriesAt(world: World, at: number): ReadonlyMap<string, readonly InventoryItem[]> {
  const lists = new Map<string, InventoryItem[]>();
  for (const { source, reference, issuance, from, until } of world.held) {
    const list = lists.get(source) ?? [];
    lists.set(source, list);
    if (from > at || at >= until) continue;
    const { sha256, sha1, spkiSha256, tbsSha256, issuerSha256, serialNumber } = issuance.certificate;
    const owner = source.replace('acme:', '');
    list.push({
      ...inventoryFacts({ source, reference, owner, environment: 'production', names: issuance.names }),
      ...{ sha256, sha1, spkiSha256, tbsSha256, issuerSha256, serialNumber },
    });
  }
  return lists;
}

/** Answers of the network that hold at this instant. */
export function answersAt(world: World, at: number): readonly Answer[] {
  return world.answers.flatMap(({ from, until, answer }) =>
    from <= at && at < until ? [{ ...answer, checkedAt: new Date(at) }] : [],
  );
}
