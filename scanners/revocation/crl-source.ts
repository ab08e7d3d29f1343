import { readCrlBundle } from '../../src/x509/revocation/crl-bundle.js';
import { readPathCrl, type PathCrl } from '../../src/x509/revocation/crl.js';
import { nameText } from '../../src/x509/path/name.js';
import { DerError } from '../../src/x509/read/der.js';
import type { RevocationConfig } from './config.js';
import type { CrlFiles, CrlRecord } from './crl-file.js';
import { nextAfterFailure, nextAfterSuccess } from './crl-schedule.js';
import type { Fetched, Fetcher } from './fetcher.js';

/** A list as it is now. */
export interface LoadedCrl {
  readonly record: CrlRecord;
  /** null when no usable list was ever had. */
  readonly crl: PathCrl | null;
}

/** Why a list may not replace the one kept, in one clause; null when it may. */
export type Accept = (crl: PathCrl) => string | null;

/** Lists by URL: fetched when they are due, kept on disk, read from there otherwise. */
export interface CrlSource {
  isDue(url: string, now: Date): Promise<boolean>;
  /** Asks the server if the list is due. What it brings replaces the list kept only if it is accepted and not older. */
  load(url: string, accept: Accept, now: Date, signal: AbortSignal): Promise<LoadedCrl>;
}

interface SourceParts {
  readonly config: RevocationConfig;
  readonly fetcher: Fetcher;
  readonly files: CrlFiles;
  /** From 0 to 1; spreads requests. */
  readonly random: () => number;
}

/** Lists fetched by `fetcher` and kept in `files`. */
export function createCrlSource(
  config: RevocationConfig,
  fetcher: Fetcher,
  files: CrlFiles,
  random: () => number = Math.random,
): CrlSource {
  const parts: SourceParts = { config, fetcher, files, random };
  return {
    async isDue(url, now) {
      const record = await files.record(url);
      return record === null || record.nextAtMs <= now.getTime();
    },
    async load(url, accept, now, signal) {
      const before = (await files.record(url)) ?? neverAsked(url, now.getTime());
      if (before.nextAtMs <= now.getTime()) {
        const fresh = await fetchList(parts, before, accept, now, signal);
        if (fresh !== null) return fresh;
      }
      return kept(files, (await files.record(url)) ?? before, now);
    },
  };
}

/** The list on disk. What is gone or damaged is forgotten: the next request is not conditional, and due. */
async function kept(files: CrlFiles, record: CrlRecord, now: Date): Promise<LoadedCrl> {
  const der = await files.list(record);
  const crl = der === null ? null : readList(der);
  if (crl !== null && typeof crl !== 'string') return { record, crl };
  if (record.sha256 === null) return { record, crl: null };
  const lost = { ...record, sha256: null, etag: null, lastModified: null, nextAtMs: now.getTime() };
  await files.save(lost, null);
  return { record: lost, crl: null };
}

/** Asks the server; null when it brought no list to replace the one kept. */
async function fetchList(
  { config, fetcher, files, random }: SourceParts,
  before: CrlRecord,
  accept: Accept,
  now: Date,
  signal: AbortSignal,
): Promise<LoadedCrl | null> {
  const nowMs = now.getTime();
  const succeeded = (record: CrlRecord): CrlRecord => ({
    ...record,
    goodAtMs: nowMs,
    failures: 0,
    problem: null,
    nextAtMs: nextAfterSuccess(record, nowMs, config, random()),
  });
  const failed = async (problem: string, retryAfterMs: number | null = null): Promise<null> => {
    const failures = before.failures + 1;
    const nextAtMs = nextAfterFailure(failures, nowMs, retryAfterMs, random());
    await files.save({ ...before, problem, failures, nextAtMs }, null);
    return null;
  };
  const maxBytes = Math.floor(config.maxCrlMegabytes * 1_000_000);
  const fetched = await fetcher.fetch({ url: before.url, maxBytes, headers: validatorsOf(before), signal });
  if (!fetched.ok) return failed(fetched.reason, fetched.retryAfterMs);
  if (fetched.answer.status === 304) {
    if (before.sha256 === null) return failed('HTTP status 304 without a list to compare');
    await files.save(succeeded(before), null);
    return null;
  }
  const crl = readList(fetched.answer.body);
  if (typeof crl === 'string') return failed(crl);
  const fault = accept(crl) ?? olderThan(crl, before);
  if (fault !== null) return failed(fault);
  const record = succeeded({ ...before, ...factsOf(crl), ...headersOf(fetched) });
  await files.save(record, crl.sha256 === before.sha256 ? null : crl.der);
  return { record, crl };
}

function factsOf(
  crl: PathCrl,
): Pick<CrlRecord, 'sha256' | 'bytes' | 'issuer' | 'thisUpdateMs' | 'nextUpdateMs'> {
  const { sha256, der, issuer, thisUpdateMs, nextUpdateMs } = crl;
  return { sha256, bytes: der.length, issuer: nameText(issuer), thisUpdateMs, nextUpdateMs };
}

function neverAsked(url: string, nowMs: number): CrlRecord {
  return {
    url,
    sha256: null,
    bytes: 0,
    issuer: null,
    thisUpdateMs: null,
    nextUpdateMs: null,
    etag: null,
    lastModified: null,
    goodAtMs: null,
    nextAtMs: nowMs,
    failures: 0,
    firstAtMs: nowMs,
    problem: null,
  };
}

function validatorsOf({ sha256, etag, lastModified }: CrlRecord): Readonly<Record<string, string>> {
  if (sha256 === null) return {};
  return {
    ...(etag === null ? {} : { 'if-none-match': etag }),
    ...(lastModified === null ? {} : { 'if-modified-since': lastModified }),
  };
}

function headersOf(
  fetched: Extract<Fetched, { readonly ok: true }>,
): Pick<CrlRecord, 'etag' | 'lastModified'> {
  const one = (name: string): string | null => {
    const value = fetched.answer.headers[name];
    // What would break out of its line is not sent back.
    return typeof value === 'string' && /^[\x20-\x7e]{1,200}$/.test(value) ? value : null;
  };
  return { etag: one('etag'), lastModified: one('last-modified') };
}

/** The list in an answer: DER, or PEM, which some servers send although RFC 5280 section 4.2.1.13 asks for DER. */
function readList(body: Uint8Array): PathCrl | string {
  const [der] = readCrlBundle(body);
  if (der === undefined) return 'the answer holds no list';
  try {
    return readPathCrl(der);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return `the answer is no list: ${error.message}`;
  }
}

/** Lists travel over plain HTTP, where an old one can be replayed. */
function olderThan(crl: PathCrl, before: CrlRecord): string | null {
  if (before.thisUpdateMs === null || before.sha256 === null || crl.thisUpdateMs === null) return null;
  return crl.thisUpdateMs < before.thisUpdateMs ? 'the server sent an older list than before' : null;
}
