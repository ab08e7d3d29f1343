import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { scannerKinds } from '../../scanners/index.js';
import type { Memory, Scanner, ScannerSet, Sink, Surroundings } from '../../scanners/scanner.js';
import type { Config } from '../config/config.js';
import type { RunningScans } from './jobs.js';

/** The scanners of all kinds. */
export interface Scanners {
  readonly all: readonly Scanner[];
  /** Applies what of a new configuration can change while scanners run. */
  reload(config: Config): void;
}

interface ScannersDependencies {
  readonly config: Config;
  readonly memory: Memory;
  /** Where scans that are running report how far they are. */
  readonly running: RunningScans;
  readonly log: Logger;
}

/** Creates the scanners that the configuration asks for. Nothing is contacted yet. */
export async function createScanners({
  config,
  memory,
  running,
  log,
}: ScannersDependencies): Promise<Scanners> {
  const { dataDir } = config.store;
  const sets = await Promise.all(
    scannerKinds.map(async (kind) => {
      const surroundings: Surroundings = {
        log,
        folder: join(dataDir, kind.id),
        ownedDomains: config.policy.ownedDomains,
        resolvers: config.scan.dns.servers,
        memory,
        onProgress(scanId, name, progress) {
          if (progress === null) running.delete(scanId);
          else running.set(scanId, { name, progress });
        },
      };
      const { create } = kind as AnyKind;
      return { id: kind.id, set: await create(config[kind.id], surroundings) };
    }),
  );
  return {
    all: sets.flatMap(({ set }) => set.scanners),
    reload: (next) => sets.forEach(({ id, set }) => set.reload?.(next[id])),
  };
}

/** A kind takes exactly the section of its own id; the compiler cannot see the pairing. */
interface AnyKind {
  create(section: unknown, surroundings: Surroundings): Promise<ScannerSet<unknown>>;
}

/** Wait before a scanner that failed is begun again, and how long it has to run before it counts as well again. */
const againMs = 60_000;

/**
 * Runs a scanner until `signal` is aborted or its work is done, and again after a failure. `onEnd` receives the failure in one
 * sentence, or null when the scanner is well.
 */
export async function runAlways(
  scanner: Scanner,
  sink: Sink,
  onEnd: (scanner: Scanner, failure: string | null) => Promise<void>,
  signal: AbortSignal,
  log: Logger,
  waitMs = againMs,
): Promise<void> {
  while (!signal.aborted) {
    const well = setTimeout(() => void onEnd(scanner, null), waitMs);
    try {
      await scanner.run(sink, signal);
      if (!signal.aborted) await onEnd(scanner, null);
      return;
    } catch (error) {
      if (signal.aborted) return;
      log.error({ scanner: scanner.name, err: error }, 'scanner failed');
      await onEnd(scanner, error instanceof Error ? error.message : String(error));
    } finally {
      clearTimeout(well);
    }
    await delay(waitMs, undefined, { signal }).catch(() => undefined);
  }
}
