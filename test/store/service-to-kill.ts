import { openStore } from '../../src/store/index.js';
import { certificate, ctEntry, embeddedConfig, finding, log, minutes, observation } from './sample.js';

/**
 * A service that writes into the folder given, under names in the domain given, and tells its parent how many rounds are
 * acknowledged, until it is killed. See kills.ts for what a round holds.
 */
const [folder, domain] = process.argv.slice(2).map(String);
const store = await openStore(embeddedConfig(String(folder)), log);
process.on('disconnect', () => process.exit());
for (let round = 0; ; round += 1) {
  process.send?.(round);
  await Promise.all([
    store.writeObservations(
      Array.from({ length: 10 }, (_, row) =>
        observation(`looks.${domain}`, { observedAt: minutes(round * 10 + row) }),
      ),
    ),
    store.writeCtEntries([
      ctEntry(`r${round}.logged.${domain}`, round, {
        logId: String(domain),
        certificate: certificate(`r${round}.logged.${domain}`),
      }),
    ]),
    store.writeFindings([finding(`r${round}.findings.${domain}`)]),
  ]);
}
