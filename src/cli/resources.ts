import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { addressSpaceMiB, memoryLimitMiB, openFilesLimit, threadsLimit } from '../lib/process-limits.js';

/** What the system lets this process have; null where it sets no limit, or does not tell. */
export interface Resources {
  readonly openFiles: number | null;
  readonly threads: number | null;
  readonly addressSpaceMiB: number | null;
  readonly memoryMiB: number | null;
  /** Free on the disk of the data folder. */
  readonly freeDiskMiB: number | null;
}

/** What of the configuration takes resources. */
interface Wanted {
  readonly store: {
    readonly mode: string;
    readonly dataDir: string;
    readonly minFreeMiB: number;
    readonly embedded: { readonly memoryMiB: number };
  };
  readonly scan: { readonly concurrency: number };
}

/** Files that a service, and its engine, have open with nothing to do was 164; merges of large tables take more. */
const leastFiles = 256;
/** Of these, what is not for connections of scans. */
const otherFiles = 192;
/** A service and its engine were seen with 65 threads. */
const leastThreads = 128;
/** The engine was seen to open with 3,900 MiB of address space, and not with 2,930. */
const engineAddressSpaceMiB = 3_900;
/** Service and engine were seen to start within 240 MiB. */
const leastMemoryMiB = 256;
const serviceMemoryMiB = 256;
const leastEngineMiB = 256;
/** With less the engine acknowledges nothing. */
const leastDiskMiB = 32;

/** What this process may have, with the disk of `dataDir` (or of the nearest folder above that is there). */
export function readResources(dataDir: string): Resources {
  return {
    openFiles: openFilesLimit(),
    threads: threadsLimit(),
    addressSpaceMiB: addressSpaceMiB(),
    memoryMiB: memoryLimitMiB(),
    freeDiskMiB: freeMiB(dataDir),
  };
}

/** The sentence for a limit of open files with which not even the program's own files can be read; null when it suffices. */
export function tooFewFiles(openFiles: number | null = openFilesLimit()): string | null {
  if (openFiles === null || openFiles >= leastFiles) return null;
  return (
    `this process may have ${openFiles} files open, and Certglass needs at least ${leastFiles}: ` +
    'raise the limit with ulimit -n 1024 (systemd: LimitNOFILE=65536)'
  );
}

/** Throws one sentence, with the number that is needed, for what makes a start hopeless. */
export function refuseScarcity({ store }: Wanted, has: Resources): void {
  const files = tooFewFiles(has.openFiles);
  if (files !== null) throw new Error(files);
  if (has.threads !== null && has.threads < leastThreads)
    throw new Error(
      `this user may have ${has.threads} processes and threads, and the service needs at least ${leastThreads}: ` +
        'raise the limit with ulimit -u (systemd: TasksMax, containers: pids limit)',
    );
  if (store.mode !== 'embedded') return;
  if (has.addressSpaceMiB !== null && has.addressSpaceMiB < engineAddressSpaceMiB)
    throw new Error(
      `this process may have ${has.addressSpaceMiB} MiB of address space (ulimit -v), and the embedded database reserves ` +
        `${engineAddressSpaceMiB}: remove that limit and limit memory instead, or use a ClickHouse server (store.mode: server)`,
    );
  if (has.memoryMiB !== null && has.memoryMiB < leastMemoryMiB)
    throw new Error(
      `memory is limited to ${has.memoryMiB} MiB, and the service with the embedded database needs ${leastMemoryMiB} to start and ` +
        `${store.embedded.memoryMiB + serviceMemoryMiB} to work well: raise the limit, or use a ClickHouse server (store.mode: server)`,
    );
  if (has.freeDiskMiB !== null && has.freeDiskMiB < leastDiskMiB)
    throw new Error(
      `the disk of ${store.dataDir} has ${has.freeDiskMiB} MiB free, and the embedded database needs at least ${leastDiskMiB} to open: free some space`,
    );
}

/** The configuration with what is too much for this process lowered, and a sentence about each change and each shortage. */
export function fitted<C extends Wanted>(config: C, has: Resources): { config: C; notes: readonly string[] } {
  const notes: string[] = [];
  let { scan, store } = config;
  const connections = (has.openFiles ?? Infinity) - otherFiles;
  if (scan.concurrency > connections) {
    notes.push(
      `scan.concurrency is ${connections} instead of ${scan.concurrency}: this process may have ${has.openFiles} files open; ` +
        `raise that to ${scan.concurrency + otherFiles} (ulimit -n, systemd: LimitNOFILE)`,
    );
    scan = { ...scan, concurrency: connections };
  }
  const memoryMiB = Math.max(leastEngineMiB, (has.memoryMiB ?? Infinity) - serviceMemoryMiB);
  if (store.mode === 'embedded' && store.embedded.memoryMiB > memoryMiB) {
    notes.push(
      `store.embedded.memoryMiB is ${memoryMiB} instead of ${store.embedded.memoryMiB}: memory is limited to ${has.memoryMiB} MiB; ` +
        `raise that to ${store.embedded.memoryMiB + serviceMemoryMiB}`,
    );
    store = { ...store, embedded: { ...store.embedded, memoryMiB } };
  }
  if (has.freeDiskMiB !== null && has.freeDiskMiB < store.minFreeMiB)
    notes.push(
      `the disk of ${store.dataDir} has ${has.freeDiskMiB} MiB free: nothing is taken in until there are ${store.minFreeMiB} (store.minFreeMiB)`,
    );
  return { config: { ...config, scan, store }, notes };
}

function freeMiB(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return Math.floor((bavail * bsize) / 1_048_576);
  } catch {
    const above = dirname(folder);
    return above === folder ? null : freeMiB(above);
  }
}
