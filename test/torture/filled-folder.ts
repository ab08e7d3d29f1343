import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { createToken, openCredentials } from '../../src/api/access/credentials.js';
import { signingKey } from '../../src/reports/evidence/signing-key.js';
import { replaceFile } from '../../src/lib/replace-file.js';
import { openStore } from '../../src/store/index.js';
import { fill } from '../store/filled.js';
import { embeddedConfig, temporaryFolder } from '../store/sample.js';

const silent = pino({ level: 'silent' });
/** Looks that {@link fill} stores. */
export const looksStored = 13;
let filled: Promise<string> | null = null;

async function make(): Promise<string> {
  const folder = temporaryFolder();
  const store = await openStore(embeddedConfig(folder), silent);
  await fill(store);
  await store.backup('monday');
  await store.close();
  const credentials = openCredentials(folder, () => undefined);
  const token = { name: 'ci', role: 'reader', scope: null, expiresAt: null, createdBy: 'test' } as const;
  createToken(credentials, token, new Date());
  await signingKey(folder);
  await replaceFile(join(folder, 'shared-primes.json'), '[]');
  return folder;
}

/** A new copy of a data folder with a little of everything, closed in order, and a backup `monday`. */
export async function filledFolder(): Promise<string> {
  filled ??= make();
  const copy = temporaryFolder();
  cpSync(await filled, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}
