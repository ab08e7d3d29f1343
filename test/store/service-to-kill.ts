import { openStore } from '../../src/store/index.js';
import { embeddedConfig, log, minutes, observation } from './sample.js';

/** Writes ten looks after ten looks into the folder given and tells its parent how many are acknowledged, until it is killed. */
const store = await openStore(embeddedConfig(String(process.argv[2])), log);
process.on('disconnect', () => process.exit());
for (let written = 0; ; written += 10) {
  process.send?.(written);
  await store.writeObservations(
    Array.from({ length: 10 }, (_, row) =>
      observation('service.example.com', { observedAt: minutes(written + row) }),
    ),
  );
}
