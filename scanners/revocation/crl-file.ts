import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../../src/lib/replace-file.js';

/** What is remembered of one list beside its bytes. */
export interface CrlRecord {
  readonly url: string;
  /** SHA-256 of the DER kept; null when none is. */
  readonly sha256: string | null;
  readonly bytes: number;
  readonly issuer: string | null;
  readonly thisUpdateMs: number | null;
  readonly nextUpdateMs: number | null;
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** When the list kept was last confirmed by the server; null: never. */
  readonly goodAtMs: number | null;
  /** Not asked again before. */
  readonly nextAtMs: number;
  readonly failures: number;
  /** When it was first asked for. */
  readonly firstAtMs: number;
  /** Why the last request brought no usable list; null when it did. */
  readonly problem: string | null;
}

/** Lists on disk, a file of DER and one of facts for each URL; without a folder only the facts, in memory. */
export interface CrlFiles {
  record(url: string): Promise<CrlRecord | null>;
  /** DER as it was kept; null when there is none, or it is damaged. */
  list(record: CrlRecord): Promise<Buffer | null>;
  /** `der` null keeps the list there is. Bytes go first: facts never speak of a list that is not there. */
  save(record: CrlRecord, der: Uint8Array | null): Promise<void>;
  /** Forgets lists that no certificate names any more. */
  keepOnly(urls: ReadonlySet<string>): Promise<void>;
}

/** Files in `folder`; null keeps lists in memory, for one-off questions. */
export async function openCrlFiles(folder: string | null): Promise<CrlFiles> {
  const records = new Map<string, CrlRecord>();
  const lists = new Map<string, Uint8Array>();
  if (folder !== null) await mkdir(folder, { recursive: true });
  const path = (url: string, ending: string): string => join(folder ?? '', `${nameOf(url)}.${ending}`);

  return {
    async record(url) {
      const known = records.get(url);
      if (known !== undefined || folder === null) return known ?? null;
      const record = await readRecord(path(url, 'json'), url);
      if (record !== null) records.set(url, record);
      return record;
    },
    async list({ url, sha256 }) {
      if (sha256 === null) return null;
      const kept = lists.get(url);
      if (kept !== undefined) return Buffer.from(kept.buffer, kept.byteOffset, kept.length);
      if (folder === null) return null;
      const der = await readFile(path(url, 'crl')).catch(() => null);
      return der !== null && sha256Of(der) === sha256 ? der : null;
    },
    async save(record, der) {
      if (folder === null && der !== null) lists.set(record.url, der);
      if (folder !== null) {
        if (der !== null) await replaceFile(path(record.url, 'crl'), der);
        await replaceFile(path(record.url, 'json'), JSON.stringify(record));
      }
      records.set(record.url, record);
    },
    async keepOnly(urls) {
      for (const url of [...records.keys()].filter((known) => !urls.has(known))) {
        records.delete(url);
        lists.delete(url);
        if (folder === null) continue;
        await rm(path(url, 'json'), { force: true });
        await rm(path(url, 'crl'), { force: true });
      }
    },
  };
}

/** Lower-case hex SHA-256. */
export function sha256Of(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function nameOf(url: string): string {
  return sha256Of(url).slice(0, 32);
}

/** Facts that cannot be read are none: the list is fetched again. */
async function readRecord(path: string, url: string): Promise<CrlRecord | null> {
  try {
    const record = JSON.parse(await readFile(path, 'utf8')) as CrlRecord;
    return record.url === url && typeof record.nextAtMs === 'number' ? record : null;
  } catch {
    return null;
  }
}
