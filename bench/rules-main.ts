import { join } from 'node:path';
import { openLedger } from '../src/judging/finding-ledger.js';
import { createJudging } from '../src/judging/judging.js';
import { defaultPolicy } from '../src/rules/config.js';
import { rules } from '../src/rules/index.js';
import { worseThan } from '../src/rules/worse-than.js';
import { storeConfig } from '../src/store/config.js';
import { openStore } from '../src/store/index.js';
import { createTrust } from '../src/trust/trust.js';
import { readCertificate } from '../src/x509/read/read-certificate.js';
import { issueCa } from '../test/support/pki.js';
import { log } from '../test/store/sample.js';
import { observationOf, weakLeaf } from './rules-data.js';

/** What a process that judges tells its parent. */
export interface RulesFigures {
  readonly openSeconds: number;
  readonly fullSeconds: readonly number[];
  readonly freshSeconds: number;
  readonly changedSeconds: number;
  readonly nothingSeconds: number;
  readonly peakMiB: number;
  readonly cpuSeconds: number;
  readonly findings: number;
}

/** Judges a filled store in a process of its own: the memory measured is that of the service, without the engine. */
async function main(folder: string, endpoints: number, changed: number): Promise<RulesFigures> {
  const openedAt = performance.now();
  const store = await openStore(storeConfig.parse({ dataDir: folder }), log);
  const ledger = await openLedger(store, worseThan);
  const policy = { ...defaultPolicy, ownedDomains: ['example.com'] };
  const validate = await createTrust({ store: 'none', files: [join(folder, 'root.pem')] }, () => undefined);
  const { pipeline, clock, evaluator } = createJudging({
    store,
    ledger,
    policy,
    rules,
    readCertificate,
    validate,
    keyWatch: {
      evidence: () => Promise.resolve({ compromised: new Set(), sharedPrimes: new Map() }),
      unsettledRules: () => [],
    },
    inventorySources: [],
    scannedSince: () => Promise.resolve(null),
    version: 'bench',
    onFindings: () => undefined,
    signal: new AbortController().signal,
    log,
  });
  const openSeconds = (performance.now() - openedAt) / 1_000;
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const startedAt = performance.now();
    await work();
    return (performance.now() - startedAt) / 1_000;
  };
  const issuer = issueCa();
  const fullSeconds = [await timed(() => pipeline.evaluate())];
  let slowest = 0;
  let isRunning = true;
  const full = timed(() => pipeline.evaluate()).finally(() => (isRunning = false));
  for (let n = 10_000_000; isRunning; n += 1) {
    const chain = [weakLeaf(n, issuer)];
    const before = ledger.open.size;
    slowest = Math.max(
      slowest,
      await timed(async () => {
        await pipeline.take({ kind: 'observations', observations: [observationOf(n, chain, new Date())] });
        while (ledger.open.size === before) await new Promise((resolve) => setTimeout(resolve, 10));
      }),
    );
  }
  fullSeconds.push(await full);
  const fresh: ReturnType<typeof observationOf>[] = [];
  for await (const { target, chain } of store.endpoints()) {
    if (fresh.length === changed || fresh.length === endpoints) break;
    const der = [...(await store.certificates(chain)).values()];
    fresh.push({ ...observationOf(0, der.map(readCertificate), new Date()), target });
  }
  await store.writeObservations(fresh);
  const keys = fresh.map(({ target }) => `${target.host}|${target.address}|443|${target.host}|`);
  const changedSeconds = await timed(() => evaluator.endpoints(keys, new Date()));
  await clock.tick(new Date());
  const nothingSeconds = await timed(() => clock.tick(new Date()));
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const figures = {
    openSeconds,
    fullSeconds,
    freshSeconds: slowest,
    changedSeconds,
    nothingSeconds,
    peakMiB: maxRSS / 1_024,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    findings: ledger.open.size,
  };
  await store.close();
  return figures;
}

const [folder = '', endpoints = '0', changed = '0'] = process.argv.slice(2);
process.send?.(await main(folder, Number(endpoints), Number(changed)));
process.disconnect?.();
