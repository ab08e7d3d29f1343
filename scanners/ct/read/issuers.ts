import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hash } from 'node:crypto';
import { replaceFile } from '../../../src/lib/replace-file.js';
import type { ReadProblem } from '../../../src/model/certificate.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import type { FoundEntry } from '../decode/found-entry.js';
import type { LogReader } from './log-reader.js';

/** Issuers remembered in memory; all logs together have some thousands. */
const remembered = 4096;
/** Certificates of one chain that are fetched, of the 2,047 it may name; real ones have four. */
const longestChain = 16;
/** Fetched at a time, whoever wants them. */
const mostUnderway = 256;
/** Longest wait for issuers before an entry goes on without their bytes. */
const patienceMs = 2_000;

/** Issuing certificates of static-ct-api logs, by fingerprint, kept for ever. */
export interface IssuerCache {
  /** The entries with the certificates of their chains, as far as they can be had in two seconds; never rejects for want of one. */
  complete(
    entries: readonly FoundEntry[],
    reader: LogReader,
    signal: AbortSignal,
  ): Promise<readonly FoundEntry[]>;
}

/** A cache in memory and, where `folder` is given, on disk. */
export function createIssuerCache(folder: string | null): IssuerCache {
  const known = new Map<string, Buffer>();
  const underway = new Map<string, Promise<Buffer | null>>();

  async function load(sha256: string, reader: LogReader, signal: AbortSignal): Promise<Buffer | null> {
    const stored = folder === null ? null : await readStored(folder, sha256);
    const der = stored ?? (await reader.issuer(sha256, signal));
    if (der === null) return null;
    if (known.size >= remembered) known.clear();
    known.set(sha256, der);
    if (stored === null && folder !== null) await replaceFile(join(folder, `${sha256}.der`), der);
    return der;
  }

  /** Requests for the same issuer are one; a failure is forgotten, so that the next entry tries again. */
  function get(sha256: string, reader: LogReader, signal: AbortSignal): Promise<Buffer | null> {
    const ready = known.get(sha256);
    if (ready !== undefined) return Promise.resolve(ready);
    const running = underway.get(sha256);
    if (running !== undefined) return running;
    if (underway.size >= mostUnderway) return Promise.resolve(null);
    const started = load(sha256, reader, signal)
      .catch(() => null)
      .finally(() => underway.delete(sha256));
    underway.set(sha256, started);
    return started;
  }

  return {
    async complete(entries, reader, signal) {
      const missing = entries.filter((entry) => entry.chain.length > entry.chainCertificates.length);
      const wanted = [...new Set(missing.flatMap((entry) => entry.chain.slice(0, longestChain)))];
      if (wanted.length > 0)
        await within(patienceMs, Promise.all(wanted.map((sha256) => get(sha256, reader, signal))));
      return entries.map((entry) => withKeyCheck(withChain(entry, known)));
    },
  };
}

function withChain(entry: FoundEntry, known: ReadonlyMap<string, Buffer>): FoundEntry {
  if (entry.chainCertificates.length === entry.chain.length) return entry;
  const ders = entry.chain.map((sha256) => known.get(sha256)).filter((der) => der !== undefined);
  return { ...entry, chainCertificates: ders.map((der) => readCertificate(new Uint8Array(der))) };
}

/**
 * The log says by issuer_key_hash which key is to issue the certificate (RFC 6962 section 3.2): that of the first certificate of the
 * chain, or of the second where the first is a Precertificate Signing Certificate.
 */
function withKeyCheck(entry: FoundEntry): FoundEntry {
  const { issuerKeyHash, chain, chainCertificates, certificate } = entry;
  if (issuerKeyHash === null || chain.length === 0 || chainCertificates.length < chain.length) return entry;
  if (chainCertificates.slice(0, 2).some(({ spkiSha256 }) => spkiSha256 === issuerKeyHash)) return entry;
  return { ...entry, certificate: { ...certificate, problems: [...certificate.problems, wrongIssuerKey] } };
}

const wrongIssuerKey: ReadProblem = {
  code: 'issuer-key-mismatch',
  message: 'the issuer key hash the log signed is of no key in the chain it serves',
  fatal: false,
};

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, patience]);
  clearTimeout(timer);
}

async function readStored(folder: string, sha256: string): Promise<Buffer | null> {
  try {
    const der = await readFile(join(folder, `${sha256}.der`));
    return hash('sha256', der, 'hex') === sha256 ? der : null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
