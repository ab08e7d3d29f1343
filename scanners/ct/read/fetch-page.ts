import { MalformedError } from '../../../src/ct/bytes.js';
import { UndecodableError, type DecodePool } from '../decode/decode-pool.js';
import { OversizeError } from '../decode/decompress.js';
import { HttpError } from './http.js';
import type { LogReader } from './log-reader.js';
import { mayPass } from './log-transport.js';
import { backoffMs } from './pace.js';
import type { DecodedPage } from './page-collector.js';
import { pause } from './pause.js';

/** Failures in a row after which a page is given up until the next poll. */
const attempts = 6;

/**
 * Fetches and decodes the entries [start, end), however many answers that takes: a short answer is continued where it ended,
 * an empty, broken or failed one is asked for again, one that is too large by halves; by halves also one that cannot be
 * decoded, down to the entry that is to blame, which is passed over unread. The parts are in order and complete. Throws
 * {@link OversizeError} when nobody can ask for less.
 */
export async function fetchPage(
  reader: LogReader,
  decode: DecodePool['decode'],
  start: number,
  end: number,
  signal: AbortSignal,
): Promise<DecodedPage[]> {
  const parts: DecodedPage[] = [];
  let failures = 0;
  let most = end - start;
  let undecodable = false;
  let opaque = false;
  /** Asked once: one large entry is no reason to ask for single ones from now on. */
  let maySplit: boolean | null = null;
  for (let at = start; at < end;) {
    const asked = Math.min(end, at + most);
    try {
      const part = await fetchOnce(reader, decode, at, asked, opaque, signal);
      parts.push(part);
      at = part.end;
      failures = 0;
      opaque = false;
      if (undecodable) most *= 2;
    } catch (error) {
      signal.throwIfAborted();
      undecodable = error instanceof UndecodableError;
      if (asked - at > 1 && (undecodable || (isTooLarge(error) && (maySplit ??= reader.tooLarge())))) {
        most = Math.ceil((asked - at) / 2);
        await pause(backoffMs(1), signal);
        continue;
      }
      if (undecodable && !opaque) {
        opaque = true;
        continue;
      }
      if (isTooLarge(error)) throw asOversize(error);
      failures += 1;
      if (failures >= attempts || !mayPass(error)) throw error;
      await pause(backoffMs(failures), signal);
    }
  }
  return parts;
}

function asOversize(error: unknown): OversizeError {
  return error instanceof OversizeError ? error : new OversizeError(String(error), { cause: error });
}

function isTooLarge(error: unknown): boolean {
  return error instanceof OversizeError || (error instanceof HttpError && error.kind === 'too-large');
}

async function fetchOnce(
  reader: LogReader,
  decode: DecodePool['decode'],
  start: number,
  end: number,
  opaque: boolean,
  signal: AbortSignal,
): Promise<DecodedPage> {
  const body = await reader.page(start, end, signal);
  const page = await decode(body, start, end, opaque);
  if (page.end === page.start) throw new MalformedError(`no entry in the answer for ${start} to ${end}`);
  reader.learned(start, end - start, page.end - page.start);
  return page;
}
