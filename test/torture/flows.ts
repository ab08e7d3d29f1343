import { pino } from 'pino';
import { join } from 'node:path';
import { storeConfig, type StoreConfig } from '../../src/store/config.js';
import { openStore, type OpenStore } from '../../src/store/index.js';
import { noServer, startServer } from '../store/server.js';
import { temporaryFolder } from '../store/sample.js';
import { FaultyDoor, type Fault } from './faulty-door.js';
import { flowList, type Flow } from './flow-list.js';
import type { TorturePart } from './part.js';

/** Writes of one flow at most; a flow that needs more is named as wrong. */
const mostWrites = 200;

interface Counts {
  runs: number;
  acknowledged: number;
  lost: number;
  doubled: number;
}

/**
 * The n-th write of each flow fails, or is stored and answered by a broken connection, for every n; then the store is opened anew and
 * compared with what was acknowledged.
 */
export const flows: TorturePart = {
  name: 'flows',
  async run(quick) {
    const counts: Counts = { runs: 0, acknowledged: 0, lost: 0, doubled: 0 };
    const wrong: string[] = [];
    const folder = temporaryFolder();
    if (noServer !== false) return { counts: { skipped: 1 }, wrong };
    const server = await startServer(folder);
    const door = await FaultyDoor.open(server.url);
    try {
      for (const flow of quick ? flowList.slice(1, 2) : flowList)
        for (const fault of ['fail', 'lie'] as const)
          for (let n = 1; n <= (quick ? 1 : mostWrites); n += 1) {
            const config = configOf(flow, fault, n, door.url, folder);
            const writes = await once({ flow, fault, n, config, door }, counts, wrong).catch(
              (error: unknown) => {
                wrong.push(`${flow.name}, write ${n}, ${fault}: ${String(error)}`);
                return 0;
              },
            );
            if (writes < n) break;
            if (n === mostWrites) wrong.push(`${flow.name}: more than ${mostWrites} writes`);
          }
    } finally {
      await door.close();
      await server.kill();
    }
    return { counts: { flows: flowList.length, ...counts }, wrong };
  },
};

function configOf(flow: Flow, fault: Fault, n: number, url: string, folder: string): StoreConfig {
  const database = `${flow.name.replaceAll(/\W/g, '_')}_${fault}_${n}`;
  return storeConfig.parse({
    mode: 'server',
    url,
    username: 'certglass',
    password: 'secret',
    database,
    dataDir: join(folder, database),
    batch: { ageMs: 0 },
    spool: { afterMs: n % 2 === 0 ? 0 : 2_000 },
  });
}

/** One run of a flow with one fault; answers how many writes there were. */
async function once(
  {
    flow,
    fault,
    n,
    config,
    door,
  }: { flow: Flow; fault: Fault; n: number; config: StoreConfig; door: FaultyDoor },
  counts: Counts,
  wrong: string[],
): Promise<number> {
  const opens = flow.faultsTheOpening === true;
  if (opens) door.arm(fault, n);
  const open = (): Promise<OpenStore> => openStore(config, pino({ level: 'silent' }));
  // What a service that could not start is given: another start.
  const store = await open().catch(() => open());
  if (!opens) door.arm(fault, n);
  const acknowledged = await flow.act(store);
  const writes = door.writes;
  door.arm(fault, 0);
  await store.close();
  const again = await open();
  try {
    while ((await again.health()).spooledBytes > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const found = await flow.found(again);
    const there = new Set(found);
    const lost = acknowledged.filter((key) => !there.has(key));
    counts.runs += 1;
    counts.acknowledged += acknowledged.length;
    counts.lost += lost.length;
    counts.doubled += found.length - there.size;
    if (lost.length > 0) wrong.push(`${flow.name}, write ${n}, ${fault}: lost ${lost.join(', ')}`);
    if (found.length > there.size)
      wrong.push(`${flow.name}, write ${n}, ${fault}: doubled ${found.join(', ')}`);
  } finally {
    await again.close();
  }
  return writes;
}
