import type { Certificate } from '../../src/model/certificate.js';
import { checkOcsp } from '../../src/x509/revocation/ocsp.js';
import { ocspRequest } from '../../src/x509/revocation/ocsp-request.js';
import type { RevocationConfig } from './config.js';
import type { Fetched, Fetcher } from './fetcher.js';
import type { ResponderVerdict } from './status.js';

/** Largest response read; real ones have 0.5 to 5 KB. */
const maxResponseBytes = 64 * 1024;
/** RFC 5019 section 5: longer requests are posted. */
const longestGet = 255;
const respondersTried = 2;

/** Responders of the certificate that may be asked under the configuration. */
export function respondersOf(
  { ocspUrls, crlUrls }: Pick<Certificate, 'ocspUrls' | 'crlUrls'>,
  { ocsp, ocspEnded }: Pick<RevocationConfig, 'ocsp' | 'ocspEnded'>,
): readonly string[] {
  if (ocsp === 'never' || (ocsp === 'without-crl' && crlUrls.some(isHttp))) return [];
  return ocspUrls
    .filter(isHttp)
    .filter((url) => {
      const host = new URL(url).hostname.toLowerCase();
      return !ocspEnded.some((ended) => host === ended || host.endsWith(`.${ended}`));
    })
    .slice(0, respondersTried);
}

/** True for addresses that can be fetched; LDAP is not spoken. */
export function isHttp(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url);
}

/** Asks responders in turn until one gives an answer that can be relied on; the last answer otherwise. */
export async function askResponders(
  urls: readonly string[],
  certificate: Certificate,
  issuer: Certificate | null,
  fetcher: Fetcher,
  now: Date,
  signal: AbortSignal,
): Promise<ResponderVerdict | null> {
  let last: ResponderVerdict | null = null;
  for (const url of urls) {
    last = await askOne(url, certificate, issuer, fetcher, now, signal);
    if (last.verdict?.status === 'good' || last.verdict?.status === 'revoked') return last;
  }
  return last;
}

async function askOne(
  url: string,
  certificate: Certificate,
  issuer: Certificate | null,
  fetcher: Fetcher,
  now: Date,
  signal: AbortSignal,
): Promise<ResponderVerdict> {
  const request = issuer === null ? null : ocspRequest(certificate, issuer);
  if (issuer === null || request === null) return { url, verdict: null, problem: 'the issuer is not known' };
  const fetched = await send(url, request, fetcher, signal);
  if (!fetched.ok) return { url, verdict: null, problem: fetched.reason };
  return { url, verdict: checkOcsp(fetched.answer.body, certificate, issuer, now), problem: null };
}

/** GET, which caches can answer (RFC 5019 section 5); POST where the request is long or the responder takes no GET. */
async function send(url: string, request: Buffer, fetcher: Fetcher, signal: AbortSignal): Promise<Fetched> {
  const path = encodeURIComponent(request.toString('base64'));
  const target = `${url.replace(/\/$/, '')}/${path}`;
  if (path.length <= longestGet && !url.includes('?')) {
    const got = await fetcher.fetch({ url: target, maxBytes: maxResponseBytes, signal });
    if (got.ok || got.isRefused || !got.reason.startsWith('HTTP status 4')) return got;
  }
  const headers = { 'content-type': 'application/ocsp-request', accept: 'application/ocsp-response' };
  return fetcher.fetch({ url, maxBytes: maxResponseBytes, headers, body: request, signal });
}
