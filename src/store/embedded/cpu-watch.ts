import { readFileSync } from 'node:fs';

/** How often the processor time of a query is looked up. */
const everyMs = 100;
/** Linux counts in hundredths of a second. */
const tickMs = 10;

/** A watch over one query. */
export interface CpuWatch {
  /** True once the query was stopped for what it took. */
  readonly isOver: boolean;
  end(): void;
}

/**
 * Calls `kill` once the threads of a query have taken so much processor time. The kernel's count is used, since the engine's own does not
 * move while one operator works; where the kernel does not tell (macOS), the time by the clock counts.
 */
export function watchCpu(
  threads: () => Promise<readonly string[]>,
  cpuMs: number,
  kill: () => void,
): CpuWatch {
  const startedAt = performance.now();
  /** Threads serve one query after the other: what they had taken when first seen here is not this query's. */
  const before = new Map<string, number>();
  const watch = { isOver: false, end: () => clearInterval(timer) };
  const timer = setInterval(() => void check().catch(() => undefined), everyMs);

  async function check(): Promise<void> {
    let taken = 0;
    let isCounted = false;
    for (const thread of await threads()) {
      const total = threadCpuMs(thread);
      if (total === null) continue;
      isCounted = true;
      taken += total - (before.get(thread) ?? before.set(thread, total).get(thread) ?? total);
    }
    const elapsed = isCounted ? taken + everyMs : performance.now() - startedAt;
    if (watch.isOver || elapsed < cpuMs) return;
    watch.isOver = true;
    kill();
  }

  return watch;
}

/** Processor time of a thread of this process, user and system (proc(5), fields 14 and 15); null when not known. */
function threadCpuMs(thread: string): number | null {
  try {
    const fields =
      readFileSync(`/proc/self/task/${thread}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    const ticks = Number(fields[11]) + Number(fields[12]);
    return Number.isFinite(ticks) ? ticks * tickMs : null;
  } catch {
    return null;
  }
}
