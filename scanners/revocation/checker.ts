import { join } from 'node:path';
import type { Certificate } from '../../src/model/certificate.js';
import { crlSigner, crlVerdicts, type CrlVerdict } from '../../src/x509/revocation/crl-status.js';
import type { PathCertificate } from '../../src/x509/path/certificate.js';
import { tryRead } from '../../src/x509/path/pool.js';
import { DerError } from '../../src/x509/read/der.js';
import { readCertificate } from '../../src/x509/read/read-certificate.js';
import type { RevocationConfig } from './config.js';
import { openCrlFiles, type CrlRecord } from './crl-file.js';
import { createCrlSource, type Accept } from './crl-source.js';
import { createFetcher } from './fetcher.js';
import { createIssuerPool } from './issuer-pool.js';
import { askResponders, respondersOf } from './responder.js';
import type { ResponderVerdict } from './status.js';

/** What one list says of some certificates. */
export interface CheckedList {
  readonly record: CrlRecord;
  /** By SHA-256 of the certificate; null where there is no list. */
  readonly verdicts: ReadonlyMap<string, CrlVerdict | null>;
}

/** Asks lists and responders about certificates; what the scanner and the command line have in common. */
export interface RevocationChecker {
  /** Adds a certificate of a CA that may be an issuer. */
  addIssuer(der: Uint8Array): void;
  isDue(url: string): Promise<boolean>;
  /** Fetches the list if it is due and reads it for these certificates. `more` gives further issuers' certificates. */
  byList(url: string, ders: readonly Uint8Array[], signal: AbortSignal): Promise<CheckedList>;
  /** What the certificate's responders say; null when it names none that may be asked. */
  byResponder(der: Uint8Array, signal: AbortSignal): Promise<ResponderVerdict | null>;
  /** The issuer that made the certificate's signature, fetched where it was not sent; null when it is not to be had. */
  issuerOf(der: Uint8Array, signal: AbortSignal): Promise<Certificate | null>;
  /** Forgets lists that no certificate names any more. */
  keepOnly(urls: ReadonlySet<string>): Promise<void>;
  close(): Promise<void>;
}

/** Opens connections; close it. `folder` null keeps nothing over restarts. */
export async function openRevocationChecker(
  config: RevocationConfig,
  folder: string | null,
  now: () => Date = () => new Date(),
): Promise<RevocationChecker> {
  const fetcher = createFetcher(config);
  const files = await openCrlFiles(folder === null ? null : join(folder, 'crls'));
  const lists = createCrlSource(config, fetcher, files);
  const issuers = createIssuerPool(
    config.issuers ? fetcher : null,
    folder === null ? null : join(folder, 'issuers'),
    now,
  );

  return {
    addIssuer: (der) => issuers.add(der),
    isDue: (url) => lists.isDue(url, now()),
    keepOnly: (urls) => files.keepOnly(urls),
    close: () => fetcher.close(),
    async byList(url, ders, signal) {
      const subjects = new Map<string, PathCertificate>();
      const signers = new Map<string, PathCertificate>();
      for (const der of ders) {
        const path = tryRead(der);
        if (path instanceof DerError) continue;
        subjects.set(path.sha256, path);
        for (const issuer of await issuers.of(readCertificate(der), path, signal))
          signers.set(issuer.path.sha256, issuer.path);
      }
      const candidates = [...signers.values()];
      const accept: Accept = (crl) =>
        crlSigner(crl, candidates) === null
          ? 'the list is not signed by the issuer of the certificates'
          : null;
      const { record, crl } = await lists.load(url, accept, now(), signal);
      if (crl === null) return { record, verdicts: new Map([...subjects.keys()].map((key) => [key, null])) };
      const found = crlVerdicts(crl, crlSigner(crl, candidates), [...subjects.values()], now());
      return { record, verdicts: new Map([...found].map(([{ sha256 }, verdict]) => [sha256, verdict])) };
    },
    async byResponder(der, signal) {
      const certificate = readCertificate(der);
      const urls = respondersOf(certificate, config);
      if (urls.length === 0) return null;
      const issuer = await issuerOf(der, certificate, signal);
      return askResponders(urls, certificate, issuer, fetcher, now(), signal);
    },
    issuerOf: (der, signal) => issuerOf(der, readCertificate(der), signal),
  };

  async function issuerOf(
    der: Uint8Array,
    certificate: Certificate,
    signal: AbortSignal,
  ): Promise<Certificate | null> {
    const path = tryRead(der);
    if (path instanceof DerError) return null;
    const [issuer] = await issuers.of(certificate, path, signal);
    return issuer?.certificate ?? null;
  }
}
