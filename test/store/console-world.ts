import { openStore, type OpenStore } from '../../src/store/index.js';
import {
  certificate,
  ctEntry,
  delivery,
  embeddedConfig,
  finding,
  hash,
  inventoryItem,
  log,
  minutes,
  noon,
  observation,
  position,
  temporaryFolder,
} from './sample.js';

/** Minutes of a day. */
export const dayMinutes = 1_440;
/** Names of `old` and `young`. */
export const names = ['shop.example.com', 'www.shop.example.com'];
/** Was renewed by `young`; host b serves it still. */
export const old = certificate('old', {
  names,
  spkiSha256: hash('spki shared'),
  notBefore: minutes(-80 * dayMinutes),
  notAfter: minutes(10 * dayMinutes),
});
/** What replaced `old`. */
export const young = certificate('young', {
  names,
  notBefore: minutes(-5 * dayMinutes),
  notAfter: minutes(85 * dayMinutes),
});
/** Its precertificate, which the log has. */
export const youngPre = certificate('young-pre', {
  ...young,
  sha256: hash('pre'),
  sha1: hash('pre').slice(0, 40),
  isPrecertificate: true,
});
/** A precertificate alone. */
export const lone = certificate('lone.example.org', { isPrecertificate: true, names: ['lone.example.org'] });
/** Has the key of `old`. */
export const twin = certificate('twin.example.net', { spkiSha256: hash('spki shared') });

/** A store with a little of what the console shows. */
export async function openWorld(): Promise<OpenStore> {
  const store = await openStore(embeddedConfig(temporaryFolder()), log);
  const look = (host: string, leaf: typeof old, minute: number) =>
    observation(host, { certificate: leaf, chain: [leaf], observedAt: minutes(minute) });
  await store.writeObservations([look('a.shop.example.com', young, 1), look('b.shop.example.com', old, 2)]);
  await store.writeObservations([
    look('c.example.net', twin, 3),
    observation('d.example.net', { outcome: 'timeout', certificate: null, chain: [], tls: null }),
  ]);
  await store.writeCtPosition(position());
  await store.writeCtEntries([
    ctEntry('x', 1, { certificate: youngPre, entryType: 'precertificate' }),
    ctEntry('lone', 2, {
      certificate: lone,
      timestamp: minutes(5),
      matches: [{ watch: 'look-alike', item: 'example.org', value: 'lone.example.org', reason: 'near' }],
    }),
    ctEntry('all', 3, { matches: [{ watch: 'all', item: '*', value: '', reason: null }] }),
  ]);
  await store.writeInventory(
    { source: 'files:a', startedAt: noon },
    [inventoryItem('files:a', 'old', { owner: 'team-a', labels: { env: 'prod' } })],
    () => ({
      source: 'files:a',
      startedAt: noon,
      finishedAt: noon,
      complete: true,
      items: 1,
      errors: [],
      notes: [],
    }),
  );
  await store.writeFindings([
    finding('1', {
      host: 'a.shop.example.com',
      severity: 'critical',
      cause: 'c1',
      dueAt: minutes(50),
      owner: 'team-a',
      openedAt: minutes(1),
    }),
    finding('2', {
      host: 'b.shop.example.com',
      severity: 'error',
      cause: 'c1',
      dueAt: minutes(40),
      certificateSha256: old.sha256,
      openedAt: minutes(2),
    }),
    finding('3', {
      host: 'c.example.net',
      severity: 'critical',
      cause: 'c2',
      dueAt: minutes(10),
      tags: ['edge'],
      openedAt: minutes(3),
      rule: 'weak-key',
    }),
    finding('4', {
      dueAt: null,
      host: 'c.example.net',
      severity: 'notice',
      cause: 'c3',
      state: 'silenced',
      openedAt: minutes(4),
    }),
    finding('5', {
      dueAt: null,
      host: null,
      cause: 'c4',
      state: 'resolved',
      resolution: 'fixed',
      resolvedAt: minutes(9),
      revision: 2,
    }),
  ]);
  await store.writeDeliveries([delivery('email', '1'), delivery('chat', '2')]);
  await store.writeAudit(
    [0, 1, 1, 2].map((minute, n) => ({
      at: minutes(minute),
      actor: n % 2 === 0 ? 'ada' : 'otto',
      action: 'scan.start',
      subject: `s${n}`,
      details: { n },
    })),
  );
  return store;
}

/** Asks for a page. */
export const page = (limit: number, cursor: string | null = null) => ({ limit, cursor });
