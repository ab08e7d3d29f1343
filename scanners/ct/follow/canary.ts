import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { replaceFile } from '../../../src/lib/replace-file.js';
import type { CtEntry } from '../../../src/model/ct-entry.js';
import { concernsDomain } from '../../../src/x509/read/names.js';
import type { CtConfig } from '../config.js';
import type { IncidentBoard } from '../../incident-board.js';
import { domainName } from '../match/watch-list.js';

/** Watches for the operator's own test certificates, which prove that everything from a log to an alert works. */
export interface Canary {
  /** Takes note of stored entries. Never rejects: the entries are stored, whatever becomes of the note. */
  saw(entries: readonly CtEntry[]): Promise<void>;
  /** Reports that none came for too long, or that one came. */
  tell(board: IncidentBoard): Promise<void>;
}

/** A canary as configured; without a domain it does nothing. `folder` remembers the last sight over restarts. */
export async function openCanary(
  config: CtConfig['canary'],
  folder: string | null,
  now: () => Date,
  logger: Logger,
): Promise<Canary> {
  const domain = config.domain === null ? null : domainName(config.domain);
  const file = folder === null ? null : join(folder, 'canary.json');
  let seenMs = (file === null ? null : await load(file)) ?? now().getTime();
  return {
    async saw(entries) {
      const seen = domain !== null && entries.some((entry) => entry.verified && isFor(entry, domain));
      if (!seen) return;
      seenMs = now().getTime();
      if (file === null) return;
      await replaceFile(file, JSON.stringify({ seenMs })).catch((error: unknown) =>
        logger.error({ file, error: String(error) }, 'canary not noted; the next one is'),
      );
    },
    async tell(board) {
      if (domain === null) return;
      const hours = (now().getTime() - seenMs) / 3_600_000;
      const details = { domain, lastSeenAt: new Date(seenMs).toISOString(), everyHours: config.everyHours };
      await board.set(
        'ct-canary-missing',
        { kind: 'self', key: domain },
        hours > config.everyHours ? details : null,
      );
    },
  };
}

function isFor(entry: CtEntry, domain: string): boolean {
  return entry.certificate.names.some((name) => concernsDomain(name, domain));
}

async function load(file: string): Promise<number | null> {
  try {
    const { seenMs } = JSON.parse(await readFile(file, 'utf8')) as { seenMs?: unknown };
    return typeof seenMs === 'number' ? seenMs : null;
  } catch {
    return null; // Never written, or damaged: then the time counts from now.
  }
}
