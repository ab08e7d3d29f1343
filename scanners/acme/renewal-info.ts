import type { Certificate } from '../../src/model/certificate.js';
import type { RenewalWindow } from '../../src/model/network.js';
import type { GuardedClient, GuardedResponse } from '../../src/lib/http/guarded-client.js';
import { retryAfterMs } from '../../src/lib/http/retry-after.js';
import { tryRead } from '../../src/x509/path/pool.js';
import { DerError } from '../../src/x509/read/der.js';
import type { AcmeConfig } from './config.js';

const maxBytes = 64 * 1024;
const hourMs = 3_600_000;
/** RFC 9773 section 4.3.2: clients clamp what the server asks for to one minute and one day. */
const [leastMs, mostMs] = [60_000, 24 * hourMs];

/**
 * How a CA names a certificate: base64url of the authority key identifier, a dot, base64url of the serial number's octets (RFC 9773
 * section 4.1). Null when it has no key identifier or cannot be read.
 */
export function certificateId({
  der,
  authorityKeyId,
}: Pick<Certificate, 'der' | 'authorityKeyId'>): string | null {
  const path = authorityKeyId === null ? null : tryRead(der);
  if (authorityKeyId === null || path === null || path instanceof DerError) return null;
  const serial = Buffer.from(path.serialOctets).toString('base64url');
  return `${Buffer.from(authorityKeyId, 'hex').toString('base64url')}.${serial}`;
}

/** Asks CAs for renewal windows; the directories are asked once a day. */
export interface RenewalInfo {
  /** Null when the CA does not offer it, or its directory cannot be had now. `before`: the last answer. */
  window(
    certificate: Certificate,
    before: RenewalWindow | undefined,
    signal: AbortSignal,
  ): Promise<RenewalWindow | null>;
}

/** Asks through `client`. */
export function createRenewalInfo(config: AcmeConfig, client: GuardedClient, now: () => Date): RenewalInfo {
  const known = new Map<string, { readonly atMs: number; readonly base: Promise<string | null> }>();
  const get = (url: string, signal: AbortSignal): Promise<GuardedResponse> =>
    client.fetch(url, {
      timeoutMs: config.requestSeconds * 1000,
      maxBytes,
      signal,
      headers: { 'user-agent': 'certglass' },
    });

  function baseOf(directory: string, signal: AbortSignal): Promise<string | null> {
    const kept = known.get(directory);
    if (kept !== undefined && now().getTime() - kept.atMs < 24 * hourMs) return kept.base;
    const base = get(directory, signal).then(({ status, body }) =>
      status === 200 ? textIn(parse(body), 'renewalInfo') : null,
    );
    known.set(directory, { atMs: now().getTime(), base });
    base.catch(() => known.delete(directory));
    return base;
  }

  return {
    async window(certificate, before, signal) {
      const directory = directoryOf(certificate.issuer, config);
      const id = certificateId(certificate);
      if (directory === null || id === null) return null;
      const last = lastWindow(certificate, directory, before, now(), config.retryHours * hourMs);
      try {
        const base = await baseOf(directory, signal);
        return base === null ? null : windowOf(last, await get(`${base.replace(/\/$/, '')}/${id}`, signal));
      } catch (error) {
        signal.throwIfAborted();
        return { ...last, detail: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

/** The window known before, as it stands when the CA gives no other one. */
function lastWindow(
  { sha256 }: Certificate,
  directory: string,
  before: RenewalWindow | undefined,
  now: Date,
  retryMs: number,
): RenewalWindow {
  return {
    question: 'renewal-window',
    key: sha256,
    since: now,
    checkedAt: now,
    detail: null,
    outcome: 'failed',
    directory,
    start: before?.start ?? null,
    end: before?.end ?? null,
    explanationUrl: before?.explanationUrl ?? null,
    movedFrom: before?.movedFrom ?? null,
    retryAt: new Date(now.getTime() + retryMs),
  };
}

/** What the CA answered. Throws for what is no window. */
function windowOf(last: RenewalWindow, { status, headers, body }: GuardedResponse): RenewalWindow {
  const retryMs = retryAfterMs(headers['retry-after'], last.checkedAt, mostMs);
  const retryAt =
    retryMs === null ? last.retryAt : new Date(last.checkedAt.getTime() + Math.max(leastMs, retryMs));
  if (status !== 200) return { ...last, retryAt, detail: `HTTP status ${status}` };
  const said = readWindow(parse(body));
  const isMoved = last.start !== null && last.start.getTime() !== said.start.getTime();
  return { ...last, ...said, retryAt, outcome: 'ok', movedFrom: isMoved ? last.start : last.movedFrom };
}

/** The directory that manages certificates of this issuer (RFC 4514 text); null when none does. */
function directoryOf(issuer: string, { directories }: AcmeConfig): string | null {
  const found = directories.find(({ issuers }) =>
    issuers.some((name) => `,${issuer},`.includes(`,O=${name},`)),
  );
  return found?.url ?? null;
}

function readWindow(answer: unknown): Pick<RenewalWindow, 'explanationUrl'> & { start: Date; end: Date } {
  const window = (answer as { suggestedWindow?: unknown } | null)?.suggestedWindow;
  const start = new Date(textIn(window, 'start') ?? Number.NaN);
  const end = new Date(textIn(window, 'end') ?? Number.NaN);
  if (Number.isNaN(start.getTime()) || Number.isNaN(end.getTime()) || end < start)
    throw new Error('the answer holds no window');
  const explanation = textIn(answer, 'explanationURL');
  return { start, end, explanationUrl: explanation === null ? null : explanation.slice(0, 500) };
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8')) as unknown;
  } catch (cause) {
    throw new Error('the answer is not JSON', { cause });
  }
}

function textIn(value: unknown, name: string): string | null {
  const text: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : null;
  return typeof text === 'string' ? text : null;
}
