import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseLogList } from '../ct/log-list.js';
import { openRootStore, readRootFile } from '../trust/roots.js';
import type { TrustConfig } from '../trust/trust.js';
import type { RootStore } from '../x509/path/root-store.js';
import type { CtLog } from '../x509/sct/sct-report.js';

/** Every root store a certificate can be shown against: the operator's own, then the public ones that this machine has. Read once. */
export function rootStoresOf({ files, store }: TrustConfig): () => Promise<readonly RootStore[]> {
  let read: Promise<readonly RootStore[]> | null = null;
  const readAll = async (): Promise<readonly RootStore[]> => {
    const own = await Promise.all(files.map(readRootFile));
    const kinds = new Set([...(store === 'none' ? [] : [store]), 'mozilla', 'system'] as const);
    const found = await Promise.allSettled([...kinds].map((kind) => openRootStore(kind)));
    return [...own, ...found.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))];
  };
  return () => (read ??= readAll());
}

/** How long the copies of log lists are good enough. */
const keptMs = 600_000;

/** The logs of the log lists that the followers keep a copy of, below this folder; none before the first list was read. */
export function logsBelow(folder: string): () => Promise<readonly CtLog[]> {
  let last: { readonly atMs: number; readonly logs: Promise<readonly CtLog[]> } | null = null;
  return () => {
    if (last === null || Date.now() - last.atMs > keptMs) last = { atMs: Date.now(), logs: readLogs(folder) };
    return last.logs;
  };
}

async function readLogs(folder: string): Promise<readonly CtLog[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const logs = new Map<string, CtLog>();
  for (const name of names) {
    if (!/^log-list-.*\.json$/.test(name)) continue;
    // A damaged copy is replaced when the list is fetched next.
    const list = await readFile(join(folder, name))
      .then(parseLogList, () => null)
      .catch(() => null);
    for (const log of list?.logs ?? []) logs.set(log.logId, log);
  }
  return [...logs.values()];
}
