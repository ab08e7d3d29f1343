import { openWorld, leafOf, serving, weak } from '../judging/world.js';
import type { OpenStore } from '../../src/store/index.js';
import { openFixture } from '../delivery/outbox-fixture.js';
import {
  certificate,
  ctEntry,
  inventoryItem,
  minutes,
  noon,
  observation,
  position,
} from '../store/sample.js';

/** One flow of facts into the store. */
export interface Flow {
  readonly name: string;
  /** The fault comes while the store is opened, not while it is used. */
  readonly faultsTheOpening?: true;
  /** Does the work, and answers the keys of what was acknowledged. */
  act(store: OpenStore): Promise<readonly string[]>;
  /** Keys of what is there, one that is there twice twice. */
  found(store: OpenStore): Promise<readonly string[]>;
}

const all = { limit: 1_000, cursor: null } as const;
const weakLeaf = leafOf('weak.example.com', weak);

/** An act is repeated as the service would repeat it, and counts once it went through. */
async function until(work: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries += 1)
    try {
      await work();
      return;
    } catch (error) {
      if (tries === 3) throw error;
    }
}

/** The flows that the torture run breaks, write by write. */
export const flowList: readonly Flow[] = [
  {
    name: 'observation to finding',
    async act(store) {
      const world = await openWorld({}, store);
      await world.pipeline.take({
        kind: 'observations',
        observations: [serving('weak.example.com', weakLeaf, noon)],
      });
      await world.pipeline.drained();
      return [...world.findings().map(({ id }) => id), noon.toISOString()];
    },
    async found({ reader }) {
      const findings = await reader.listFindings({}, all);
      const looks = await reader.listObservations({ host: 'weak.example.com' }, all);
      return [
        ...findings.items.map(({ id }) => id),
        ...looks.items.map((look) => look.observedAt.toISOString()),
      ];
    },
  },
  {
    name: 'CT batch to position',
    async act(store) {
      const entries = [1, 2, 3].map((index) =>
        ctEntry(`e${index}.example.com`, index, { certificate: certificate(`e${index}.example.com`) }),
      );
      await store.writeCtEntries(entries);
      await store.writeCtPosition(position({ verifiedIndex: 4 }));
      return [...entries.map(({ leafIndex }) => `entry ${leafIndex}`), 'position 4'];
    },
    async found(store) {
      const entries = await store.reader.listCtMatches({}, all);
      const positions = await store.ctPositions();
      return [
        ...entries.items.map(({ leafIndex }) => `entry ${leafIndex}`),
        ...positions.map(({ verifiedIndex }) => `position ${verifiedIndex}`),
      ];
    },
  },
  {
    name: 'decision to delivery',
    async act(store) {
      const fixture = openFixture(store);
      const finding = await fixture.open('alert.example.com');
      await fixture.later(60_000);
      const [first] = await fixture.stored(finding);
      const ids = new Set(fixture.channel.messages.map(({ id }) => id));
      if (ids.size > 1) throw new Error(`${ids.size} messages with different ids`);
      if (fixture.channel.messages.length === 0) throw new Error('nobody was alerted');
      return [`${first?.id} ${first?.state}`];
    },
    async found({ reader }) {
      const { items } = await reader.listDeliveries({}, all);
      return items.map(({ id, state }) => `${id} ${state}`);
    },
  },
  {
    name: 'inventory import',
    async act(store) {
      const run = {
        startedAt: noon,
        finishedAt: minutes(1),
        complete: true,
        items: 3,
        errors: [],
        notes: [],
      };
      const items = ['one', 'two', 'three'].map((name) => inventoryItem('files', name));
      await until(() =>
        store.writeInventory({ source: 'files', startedAt: noon }, items, () => ({
          ...run,
          source: 'files',
        })),
      );
      return items.map(({ reference }) => reference);
    },
    async found({ reader }) {
      const { items } = await reader.listInventory({}, all);
      return items.map(({ reference }) => reference);
    },
  },
  {
    name: 'migration',
    faultsTheOpening: true,
    async act(store) {
      await store.writeObservations([observation('migrated.example.com')]);
      return ['migrated.example.com'];
    },
    async found({ reader }) {
      const { items } = await reader.listObservations({}, all);
      return items.map(({ target }) => target.host);
    },
  },
];
