import type { OpenStore } from '../../src/store/index.js';
import { ctEntry, delivery, finding, inventoryItem, minutes, noon, observation, position } from './sample.js';

/** Hosts of the endpoints that {@link fill} writes looks at. */
export const hosts = [
  'a.example.com',
  'b.example.com',
  'example.com',
  'badexample.com',
  'c.example.org',
  'xn--bcher-kva.example',
];

/** Writes a little of everything. */
export async function fill(store: OpenStore): Promise<void> {
  await store.writeObservations(
    hosts.flatMap((host, index) => [
      observation(host, { observedAt: minutes(index) }),
      observation(host, { observedAt: minutes(60 + index), scanId: 'scan-2' }),
    ]),
  );
  await store.writeObservations([
    observation('a.example.com', {
      observedAt: minutes(200),
      target: {
        host: 'a.example.com',
        address: '2001:db8::1',
        port: 8443,
        serverName: null,
        starttls: 'smtp',
      },
      outcome: 'refused',
      certificate: null,
      chain: [],
      tls: null,
    }),
  ]);
  await store.writeFindings([
    ...hosts.map((host, index) => finding(host, { openedAt: minutes(index), lastSeenAt: minutes(index) })),
    finding('weak', {
      rule: 'weak-key',
      severity: 'notice',
      host: null,
      certificateSha256: null,
      openedAt: minutes(2),
    }),
    finding('resolved', { state: 'resolved', revision: 2, resolvedAt: minutes(3), openedAt: minutes(2) }),
  ]);
  await store.writeDeliveries([
    delivery('email', 'a', { createdAt: minutes(1) }),
    delivery('email', 'b', { createdAt: minutes(1) }),
    delivery('email', 'c', { createdAt: minutes(2), state: 'sent', sentAt: minutes(2) }),
    delivery('webhook', 'a'),
  ]);
  await store.writeCtPosition(position());
  await store.writeCtEntries([ctEntry('logged.example.com', 1), ctEntry('logged.example.com', 2)]);
  for (let run = 0; run < 5; run += 1) {
    await store.writeScanRun({
      id: `scan-${run}`,
      name: 'all',
      startedAt: minutes(run % 3),
      finishedAt: minutes(10),
      targets: 1,
      outcomes: { ok: 1 },
      resume: null,
    });
  }
  const items = ['one', 'two', 'three', 'four', 'five'].map((name) => inventoryItem('files', name));
  const run = { startedAt: noon, finishedAt: minutes(1), complete: true, items: 5, errors: [], notes: [] };
  await store.writeInventory({ source: 'files', startedAt: noon }, [...items, ...items], () => ({
    ...run,
    source: 'files',
  }));
  await store.writeInventory(
    { source: 'other', startedAt: noon },
    [inventoryItem('other', 'six', { owner: null })],
    () => ({
      ...run,
      source: 'other',
    }),
  );
}
