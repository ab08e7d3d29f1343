import { join } from 'node:path';
import { EngineProcess } from '../../src/store/embedded/process.js';
import { log } from './sample.js';

/** An embedded engine in `folder`, with a user `reader` whose password is `reader-password`. */
export function openEngine(
  folder: string,
  change: object = {},
  pulseMs?: number,
  keepsExpired?: boolean,
): Promise<EngineProcess> {
  return EngineProcess.open(
    {
      dataDir: join(folder, 'engine'),
      backupDir: join(folder, 'backups'),
      uploadDir: join(folder, 'engine', 'uploads'),
      database: 'certglass',
      port: 0,
      readerPassword: 'reader-password',
      readers: 3,
      memoryMiB: 700,
      queryMemoryMiB: 300,
      querySeconds: 20,
      readerCpuMs: 800,
      maxStatementBytes: 4_194_304,
      maxUploadBytes: 67_108_864,
      ...change,
    },
    log,
    pulseMs,
    keepsExpired,
  );
}
