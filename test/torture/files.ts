import fs, { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { createToken, openCredentials } from '../../src/api/access/credentials.js';
import { replaceFile } from '../../src/lib/replace-file.js';
import { temporaryFolder } from '../store/sample.js';
import type { TorturePart } from './part.js';

type Call = (...given: unknown[]) => unknown;
type Module = Record<string, Call>;
const disk = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });

/** Runs work in which one function of a module fails the n-th time, or does its work and fails all the same; true when it was called that often. */
async function broken(
  module: Module,
  name: string,
  n: number,
  isDone: boolean,
  work: () => unknown,
): Promise<{ readonly hit: boolean; readonly acknowledged: boolean }> {
  const real = module[name] as Call;
  let calls = 0;
  module[name] = (...given) => {
    calls += 1;
    if (calls !== n) return real(...given);
    if (isDone) void real(...given);
    throw disk;
  };
  syncBuiltinESMExports();
  try {
    await work();
    return { hit: calls >= n, acknowledged: true };
  } catch {
    return { hit: calls >= n, acknowledged: false };
  } finally {
    module[name] = real;
    syncBuiltinESMExports();
  }
}

/** The n-th call to the file system fails, or is done and fails all the same, while a token is made and while the configuration is saved. */
export const files: TorturePart = {
  name: 'files',
  async run() {
    const counts = { runs: 0, acknowledged: 0, lost: 0, half: 0 };
    const wrong: string[] = [];
    for (const isDone of [false, true]) {
      for (const name of ['openSync', 'writeSync', 'fsyncSync', 'closeSync', 'renameSync'])
        for (let n = 1, isHit = true; isHit && n < 20; n += 1) {
          const folder = temporaryFolder();
          const complaints: string[] = [];
          const open = (): ReturnType<typeof openCredentials> =>
            openCredentials(folder, (sentence) => complaints.push(sentence));
          const token = {
            name: 'ci',
            role: 'reader',
            scope: null,
            expiresAt: null,
            createdBy: 'test',
          } as const;
          const credentials = open();
          const { hit, acknowledged } = await broken(fs as unknown as Module, name, n, isDone, () =>
            createToken(credentials, token, new Date()),
          );
          isHit = hit;
          const there = open().tokens.all().size;
          counts.runs += 1;
          if (acknowledged) counts.acknowledged += 1;
          if (acknowledged && there !== 1) counts.lost += 1;
          counts.half += complaints.length;
          if ((acknowledged && there !== 1) || complaints.length > 0)
            wrong.push(`token, ${name} ${n}, done ${isDone}: ${there} there; ${complaints.join('; ')}`);
        }
      for (const name of ['mkdir', 'open', 'rename'])
        for (let n = 1, isHit = true; isHit && n < 20; n += 1) {
          const folder = temporaryFolder();
          const path = join(folder, 'certglass.yaml');
          writeFileSync(path, 'old');
          const { hit, acknowledged } = await broken(promises as unknown as Module, name, n, isDone, () =>
            replaceFile(path, 'new'),
          );
          isHit = hit;
          const text = readFileSync(path, 'utf8');
          counts.runs += 1;
          if (acknowledged) counts.acknowledged += 1;
          if (acknowledged && text !== 'new') counts.lost += 1;
          if (text !== 'old' && text !== 'new') counts.half += 1;
          if ((acknowledged && text !== 'new') || !/^(old|new)$/.test(text))
            wrong.push(`configuration, ${name} ${n}, done ${isDone}: ${text}; ${readdirSync(folder).join()}`);
        }
    }
    return { counts, wrong };
  },
};
