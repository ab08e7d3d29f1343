import { join, resolve } from 'node:path';
import { processIdentity, readOr } from '../process-identity.js';

/** File in an embedded data folder that names the service process whose engine opened it last. */
export const serviceFile = 'certglass-service';

/** Where the engine keeps its data below `store.dataDir`. */
export function engineFolder(dataDir: string): string {
  return join(resolve(dataDir), 'engine');
}

/** Who has an embedded data folder; null for what is not alive. */
export interface FolderOwner {
  readonly enginePid: number | null;
  readonly servicePid: number | null;
}

/** The living processes that have the folder; the engine writes its id into `status`, which is also its lock. */
export function folderOwner(dataDir: string): FolderOwner {
  const enginePid = Number(/PID: (\d+)/.exec(readOr(join(dataDir, 'status'), ''))?.[1] ?? 0);
  const identity = readOr(join(dataDir, serviceFile), '');
  const servicePid = Number(identity.split(' ')[0]);
  return {
    enginePid: enginePid === process.pid || processIdentity(enginePid) === '' ? null : enginePid,
    servicePid: identity !== '' && processIdentity(servicePid) === identity ? servicePid : null,
  };
}

/**
 * One sentence when a living service has the folder with its engine, null otherwise. Tells within milliseconds what opening the
 * engine would find out; that no one has the folder, only opening it can tell.
 */
export function inUse(dataDir: string): string | null {
  const owner = folderOwner(dataDir);
  return owner.enginePid === null || owner.servicePid === null ? null : inUseBy(dataDir, owner);
}

/** The sentence that says who has the folder. */
export function inUseBy(dataDir: string, { enginePid, servicePid }: FolderOwner): string {
  return (
    `the data folder ${dataDir} is in use by another Certglass (service process ${servicePid ?? 'unknown'}, ` +
    `engine process ${enginePid ?? 'unknown'}); stop that one, or choose another store.dataDir`
  );
}
