import type { OpenStore } from '../../../src/store/index.js';
import { notInUse } from '../../../src/rules/authority/not-in-use.js';
import { inventoryItem } from '../../store/sample.js';
import { testFleetRule } from '../fleet-support.js';
import { backend, leafOf, logged } from '../fleet/renewals.js';
import { aPolicy, later } from '../support.js';

const served = leafOf('served', ['served.example.com'], [-20, 70]);
const byKey = leafOf('by key', ['served.example.com'], [-30, 60]);
const idle = leafOf('idle', ['served.example.com'], [-20, 70]);
const fresh = leafOf('fresh', ['fresh.example.com'], [-5, 70]);
const expired = leafOf('expired', ['expired.example.com'], [-90, -1]);

/** Two imports: one ten days ago, and one now that also has what is fresh. */
async function fill(store: OpenStore): Promise<void> {
  await store.writeObservations([backend('served.example.com', 1, served)]);
  await store.writeCtEntries(logged(idle, expired));
  const only = { sha1: null, tbsSha256: null, issuerSha256: null, serialNumber: null, inUseBy: [] };
  const old = [
    inventoryItem('files', 'served', { ...only, sha256: served.sha256, spkiSha256: null }),
    inventoryItem('files', 'by key', { ...only, sha256: byKey.sha256, spkiSha256: served.spkiSha256 }),
    inventoryItem('files', 'idle', { ...only, sha256: idle.sha256, spkiSha256: idle.spkiSha256 }),
    inventoryItem('files', 'expired', { ...only, sha256: expired.sha256, spkiSha256: null }),
    inventoryItem('files', 'used elsewhere', { inUseBy: ['load balancer 7'] }),
  ];
  const all = [...old, inventoryItem('files', 'fresh', { ...only, sha256: fresh.sha256, spkiSha256: null })];
  for (const [days, items] of [[-10, old] as const, [-1, all] as const]) {
    const run = { source: 'files', startedAt: later(days), finishedAt: later(days), complete: true };
    await store.writeInventory(run, items, () => ({ ...run, items: items.length, errors: [], notes: [] }));
  }
}

testFleetRule(notInUse, fill, [
  {
    name: 'flags a managed certificate that no endpoint serves',
    subject: 'files idle.pem',
    expected: {
      title: 'served.example.com is in the inventory and served nowhere',
      certificateSha256: idle.sha256,
      ownership: { owner: 'team-a', environment: 'production', tags: ['pci'] },
      details: { endpointCount: 1, heldSince: later(-10) },
    },
  },
  { name: 'passes what is served', subject: 'files served.pem', expected: 'pass' },
  { name: 'passes what is known by its key', subject: 'files by key.pem', expected: 'pass' },
  { name: 'passes what has expired', subject: 'files expired.pem', expected: 'pass' },
  { name: 'passes what says itself what uses it', subject: 'files used elsewhere.pem', expected: 'pass' },
  { name: 'waits some days for a new one', subject: 'files fresh.pem', expected: 'pass' },
  {
    name: 'as many as the policy says, and no longer',
    subject: 'files fresh.pem',
    policy: aPolicy({ unusedAfterDays: 1 }),
    expected: {},
  },
  {
    name: 'says nothing while no endpoint answers',
    subject: 'files idle.pem',
    at: later(7),
    expected: 'pass',
  },
]);
