import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Name of the file in the data folder by which commands find the running service. */
export const addressFileName = 'service.json';

/** What the file holds. */
export interface ServiceAddress {
  readonly url: string;
  /** Bearer token with the role admin, good while this process runs. */
  readonly token: string;
  readonly pid: number;
  readonly startedAt: string;
}

/** The file by which commands of the same user find the running service and may use it. */
export interface AddressFile {
  readonly token: string;
  write(url: string): void;
  /** Takes the file away; the token ends with the process. */
  remove(): void;
}

/** Makes the token; the file is written, readable by the owner alone, once the address is known. */
export function createAddressFile(dataDir: string): AddressFile {
  const path = join(dataDir, addressFileName);
  const token = `cgl_local_${randomBytes(32).toString('base64url')}`;
  return {
    token,
    write(url) {
      mkdirSync(dataDir, { recursive: true });
      const address: ServiceAddress = { url, token, pid: process.pid, startedAt: new Date().toISOString() };
      writeFileSync(path, `${JSON.stringify(address)}\n`, { mode: 0o600 });
      // The mode above counts for new files only.
      chmodSync(path, 0o600);
    },
    remove: () => rmSync(path, { force: true }),
  };
}
