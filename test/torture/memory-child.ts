import { once } from 'node:events';
import { pino } from 'pino';
import { fitted, readResources } from '../../src/cli/resources.js';
import { openStore } from '../../src/store/index.js';
import { embeddedConfig, minutes, observation } from '../store/sample.js';

/** Fills the store in the folder given as fast as it goes, and tells its parent how many looks were acknowledged, or why not. */
const [folder = '', count] = process.argv.slice(2);
await once(process, 'message');
let written = 0;
try {
  const asked = { store: embeddedConfig(folder), scan: { concurrency: 1 } };
  const { config } = fitted(asked, readResources(folder));
  const store = await openStore(config.store, pino({ level: 'silent' }));
  while (written < Number(count)) {
    const looks = Array.from({ length: 100 }, (_, index) =>
      observation(`h${index}.memory.example.com`, { observedAt: minutes(1_000 + written + index) }),
    );
    await store.writeObservations(looks);
    written += looks.length;
  }
  await store.reader.overviewFigures(new Date());
  await store.close();
  process.send?.(`wrote ${written}`);
} catch (error) {
  process.send?.(`memory ${written} ${String(error)}`);
}
process.exit();
