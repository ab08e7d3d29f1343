import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { scannerKinds } from '../../scanners/index.js';
import type { Memory, Scanner, Sink, Surroundings } from '../../scanners/scanner.js';
import type { Config } from '../config/config.js';
import type { RunningScans } from './jobs.js';
import { createKeep } from './keep.js';

interface ScannersDependencies {
  readonly memory: Memory;
  /** Where scans that are running report how far they are. */
  readonly running: RunningScans;
  readonly log: Logger;
}

/** Creates the scanners that a configuration asks for; those whose settings are as before are the same objects. */
export type CreateScanners = (config: Config) => Promise<readonly Scanner[]>;

/** See {@link CreateScanners}. Nothing is contacted by creating them. */
export function scannerFactory({ memory, running, log }: ScannersDependencies): CreateScanners {
  const keep = createKeep();
  return async (config) => {
    const { dataDir } = config.store;
    const sets = scannerKinds.flatMap((kind) => {
      const { ownedDomains } = config.policy;
      const resolvers = config.scan.dns.servers;
      const surroundings: Surroundings = {
        log,
        folder: join(dataDir, kind.id),
        ownedDomains,
        resolvers,
        memory,
        onProgress(scanId, name, progress) {
          if (progress === null) running.delete(scanId);
          else running.set(scanId, { name, progress });
        },
      };
      const { create, parts = (section) => [section] } = kind as AnyKind;
      return parts(config[kind.id]).map((part) =>
        keep(kind.id, [part, ownedDomains, resolvers], () => create(part, surroundings)),
      );
    });
    return (await Promise.all(sets)).flat();
  };
}

/** A kind takes exactly the section of its own id; the compiler cannot see the pairing. */
interface AnyKind {
  parts?(section: unknown): readonly unknown[];
  create(section: unknown, surroundings: Surroundings): Promise<readonly Scanner[]>;
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
