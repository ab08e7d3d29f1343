import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Config } from '../config/config.js';
import type { Ledger } from '../judging/finding-ledger.js';
import type { Pipeline } from '../judging/pipeline.js';
import type { Job } from './schedule.js';

const rule = 'own-certificate-expiring';
const dayMs = 86_400_000;

/** Dependencies of {@link ownCertificateJob}. */
interface OwnCertificateParts {
  readonly ledger: Pick<Ledger, 'open'>;
  readonly pipeline: Pick<Pipeline, 'incident'>;
}

/** Checks the certificate of the console and API at the start and every hour; see {@link judgeOwnCertificate}. */
export function ownCertificateJob(tls: Config['api']['tls'], parts: OwnCertificateParts): Job {
  const name = 'api:own-certificate';
  return {
    name,
    title: 'check the HTTPS certificate of the API',
    cron: '53 * * * *',
    timezone: 'Etc/UTC',
    run: () => judgeOwnCertificate(tls, parts, new Date()),
  };
}

/**
 * Opens `own-certificate-expiring` while less than a third of the certificate's life is left, 30 days at most, and resolves it otherwise;
 * also without HTTPS. Rejects when the file cannot be read.
 */
export async function judgeOwnCertificate(
  tls: Config['api']['tls'],
  { ledger, pipeline }: OwnCertificateParts,
  now: Date,
): Promise<void> {
  const ends = tls === null ? null : await endsSoon(tls.certificateFile, now);
  if (ends === null && [...ledger.open.ofRule(rule)].length === 0) return;
  await pipeline.incident({
    rule,
    subject: { kind: 'self', key: 'api.tls' },
    active: ends !== null,
    details: ends ?? {},
  });
}

/** What is worth knowing of a certificate that ends soon; null: it does not. */
async function endsSoon(file: string, now: Date): Promise<Readonly<Record<string, unknown>> | null> {
  const { validFrom, validTo, subject } = new X509Certificate(await readFile(file));
  const [notBefore, notAfter] = [new Date(validFrom), new Date(validTo)];
  const leftMs = notAfter.getTime() - now.getTime();
  const warnMs = Math.min(30 * dayMs, (notAfter.getTime() - notBefore.getTime()) / 3);
  if (leftMs >= warnMs) return null;
  return { file, subject, notAfter: notAfter.toISOString(), daysLeft: Math.floor(leftMs / dayMs) };
}
