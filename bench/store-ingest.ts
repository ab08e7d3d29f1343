import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pino } from 'pino';
import type { Certificate } from '../src/model/certificate.js';
import type { Observation } from '../src/model/observation.js';
import { storeConfig } from '../src/store/config.js';
import { openStore, type OpenStore } from '../src/store/index.js';
import { certificate, ctEntry, observation } from '../test/store/sample.js';
import type { Report } from './report.js';
import { engineMemory } from './store-queries.js';

const seconds = Number(process.env['CERTGLASS_BENCH_SECONDS'] ?? 60);
const batchRows = 1_000;
const endpoints = 100_000;

/** How many rows the product's own writer stores in the embedded engine, and how long the service's event loop is held up meanwhile. */
export async function bench(report: Report): Promise<void> {
  // Batches that wait for their answer; the writer gathers them into inserts.
  await measure(report, 'looks', 100_000, 400, makeLooks());
  await measure(report, 'certificates', 20_000, 100, makeCertificates());
}

type Write = (store: OpenStore, batch: number) => Promise<void>;

async function measure(
  report: Report,
  what: string,
  limit: number,
  batchesUnderWay: number,
  write: Write,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'certglass-bench-'));
  const store = await openStore(storeConfig.parse({ dataDir: folder }), pino({ level: 'error' }));
  try {
    let [batch, stored, peakKiB] = [0, 0, 0];
    const lane = async (until: number): Promise<void> => {
      while (performance.now() < until) {
        await write(store, (batch += 1));
        stored += batchRows;
      }
    };
    const run = (ms: number): Promise<unknown> =>
      Promise.all(Array.from({ length: batchesUnderWay }, () => lane(performance.now() + ms)));
    // Code is compiled, and every endpoint is met, before the clock starts.
    await run(3_000);
    stored = 0;
    const delays = monitorEventLoopDelay({ resolution: 1 });
    delays.enable();
    const memory = setInterval(() => (peakKiB = Math.max(peakKiB, engineMemory(folder))), 500);
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    await run(seconds * 1_000);
    const took = (performance.now() - start) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    delays.disable();
    clearInterval(memory);
    report.result(`${what} stored in a second, for ${Math.round(took)} s`, stored / took, `${what}/s`, {
      name: 'limit',
      value: limit,
    });
    report.result(`${what}: event loop of the service held up, p99`, delays.percentile(99) / 1e6, 'ms', {
      name: 'limit',
      value: 20,
    });
    report.result(`${what}: event loop of the service held up, most`, delays.max / 1e6, 'ms');
    report.result(`${what}: processor time of the service`, (user + system) / stored, 'µs each');
    report.result(`${what}: memory of the engine, most`, peakKiB / 1_024, 'MiB');
    report.result(`${what}: memory of the service`, process.memoryUsage().rss / 1_048_576, 'MiB');
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Looks at a hundred thousand endpoints, round after round. */
export function makeLooks(): Write {
  const leaf = certificate('www.example.com', { der: randomBytes(1_200) });
  const fleet = Array.from({ length: endpoints }, (_, n) => {
    const host = `h${n}.dept${n % 997}.example.com`;
    const address = `10.${(n >> 16) % 256}.${(n >> 8) % 256}.${n % 256}`;
    return observation(host, {
      target: { host, address, port: 443, serverName: host, starttls: null },
      certificate: leaf,
      chain: [leaf],
    });
  });
  return (store, batch) => {
    const looks: Observation[] = [];
    for (let row = batch * batchRows; row < (batch + 1) * batchRows; row += 1) {
      const round = Math.floor(row / endpoints);
      const known = fleet[row % endpoints];
      if (known !== undefined)
        looks.push({ ...known, observedAt: new Date(1_763_000_000_000 + round * 3_600_000 + (row % 3_000)) });
    }
    return store.writeObservations(looks);
  };
}

/** Bytes of a certificate's DER that are like others', and those that are its own. */
const [sharedBytes, ownBytes] = [598, 600];

/** Entries of a log, each with a certificate of 1.2 KB that nobody has seen, half of it like others. Made in as little time as can be. */
export function makeCertificates(): Write {
  const like = certificate('www.example.com');
  const likeEntry = ctEntry('www.example.com', 0, { chain: [] });
  const shared = Buffer.from('shared parts of one CA '.repeat(26));
  return (store, batch) => {
    const hashes = randomBytes(batchRows * 178).toString('hex');
    const ders = randomBytes(batchRows * (sharedBytes + ownBytes));
    const entries = [];
    for (let index = 0; index < batchRows; index += 1) {
      const n = batch * batchRows + index;
      const name = `h${n}.dept${n % 997}.example${n % 5_003}.com`;
      const names = [name, `www.${name}`];
      const [own, at] = [index * 356, index * (sharedBytes + ownBytes)];
      shared.copy(ders, at);
      const made: Certificate = {
        ...like,
        der: ders.subarray(at, at + sharedBytes + ownBytes),
        sha256: hashes.slice(own, own + 64),
        spkiSha256: hashes.slice(own + 64, own + 128),
        tbsSha256: hashes.slice(own + 128, own + 192),
        sha1: hashes.slice(own + 256, own + 296),
        serialNumber: hashes.slice(own + 296, own + 332),
        subject: `CN=${name}`,
        commonNames: [name],
        dnsNames: names,
        names,
      };
      entries.push({
        ...likeEntry,
        leafIndex: n,
        certificate: made,
        leafHash: hashes.slice(own + 192, own + 256),
      });
    }
    return store.writeCtEntries(entries);
  };
}
