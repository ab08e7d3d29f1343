import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { Certificate } from '../../src/model/certificate.js';
import { replaceFile } from '../../src/lib/replace-file.js';
import { readBundle } from '../../src/x509/files/bundle.js';
import { DerError } from '../../src/x509/read/der.js';
import { readCertificate } from '../../src/x509/read/read-certificate.js';
import type { PathCertificate } from '../../src/x509/path/certificate.js';
import { importKey } from '../../src/x509/path/key.js';
import { tryRead } from '../../src/x509/path/pool.js';
import { isSignedBy } from '../../src/x509/path/signature.js';
import { sha256Of } from './crl-file.js';
import type { Fetcher } from './fetcher.js';

/** A certificate of a CA, read both ways. */
export interface Issuer {
  readonly certificate: Certificate;
  readonly path: PathCertificate;
}

/** Certificates of issuers: what came in chains, and what was fetched from where certificates say it is. */
export interface IssuerPool {
  /** Adds a certificate of a CA; others are left out. */
  add(der: Uint8Array): void;
  /**
   * Issuers whose key made the certificate's signature; fetched (RFC 5280 section 4.2.2.1) where none is known and `fetch` allows.
   * Never rejects but for an abort.
   */
  of(certificate: Certificate, path: PathCertificate, signal: AbortSignal): Promise<readonly Issuer[]>;
}

/** Real ones have 1 to 2 KB; a PKCS #7 of a few, several. */
const maxIssuerBytes = 64 * 1024;
const maxPerName = 20;
const urlsTried = 3;
const againMs = 3_600_000;

/** Keeps fetched issuers in `folder` (null: in memory); `fetcher` null fetches nothing. */
export function createIssuerPool(
  fetcher: Fetcher | null,
  folder: string | null,
  now: () => Date,
): IssuerPool {
  const byName = new Map<string, Issuer[]>();
  const failedAt = new Map<string, number>();
  const underWay = new Map<string, Promise<void>>();

  function add(der: Uint8Array): void {
    const certificate = readCertificate(der);
    const { subjectSha256 } = certificate;
    if (subjectSha256 === null || !certificate.isCa) return;
    const known = byName.get(subjectSha256) ?? [];
    if (known.length >= maxPerName || known.some((one) => one.certificate.sha256 === certificate.sha256))
      return;
    const path = tryRead(der);
    if (!(path instanceof DerError)) byName.set(subjectSha256, [...known, { certificate, path }]);
  }

  function signersOf({ issuerSha256 }: Certificate, path: PathCertificate): readonly Issuer[] {
    return (byName.get(issuerSha256 ?? '') ?? []).filter((issuer) => hasSigned(issuer.path, path));
  }

  async function fetchFrom(url: string, signal: AbortSignal): Promise<void> {
    const file = folder === null ? null : join(folder, `${sha256Of(url).slice(0, 32)}.der`);
    const kept = file === null ? null : await readFile(file).catch(() => null);
    // A damaged copy is fetched again.
    if (kept !== null && addAll(kept) > 0) return;
    if (fetcher === null || now().getTime() - (failedAt.get(url) ?? -Infinity) < againMs) return;
    const fetched = await fetcher.fetch({ url, maxBytes: maxIssuerBytes, signal });
    if (!fetched.ok || addAll(fetched.answer.body) === 0) return void failedAt.set(url, now().getTime());
    // Where it cannot be kept it is fetched again after the next start.
    if (file !== null) await replaceFile(file, fetched.answer.body).catch(() => undefined);
  }

  function addAll(body: Uint8Array): number {
    const { items } = readBundle(body);
    for (const { der } of items.slice(0, maxPerName)) add(der);
    return items.length;
  }

  /** One request for an address, however many certificates name it. */
  function fetchOnce(url: string, signal: AbortSignal): Promise<void> {
    const running = underWay.get(url) ?? fetchFrom(url, signal).finally(() => underWay.delete(url));
    underWay.set(url, running);
    return running;
  }

  return {
    add,
    async of(certificate, path, signal) {
      for (const url of ['', ...certificate.caIssuerUrls.filter(isPlainHttp).slice(0, urlsTried)]) {
        if (url !== '') await fetchOnce(url, signal);
        const signers = signersOf(certificate, path);
        if (signers.length > 0) return signers;
      }
      return [];
    },
  };
}

/** Fetching an issuer over HTTPS could need that very issuer (RFC 5280 section 8). */
function isPlainHttp(url: string): boolean {
  return /^http:\/\//i.test(url);
}

function hasSigned(
  { spki }: PathCertificate,
  { tbs, signatureAlgorithm, signature }: PathCertificate,
): boolean {
  const key = importKey(spki);
  return key !== null && isSignedBy(tbs, signatureAlgorithm, signature, key);
}
