import { MalformedError } from '../../src/ct/bytes.js';
import type { DecodePool } from './decode-pool.js';
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
 * an empty, broken or failed one is asked for again, one that is too large by halves. The parts are in order and complete.
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
  for (let at = start; at < end;) {
    const asked = Math.min(end, at + most);
    try {
      const part = await fetchOnce(reader, decode, at, asked, signal);
      parts.push(part);
      at = part.end;
      failures = 0;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof HttpError && error.kind === 'too-large' && asked - at > 1) {
        most = Math.ceil((asked - at) / 2);
        continue;
      }
      failures += 1;
      if (failures >= attempts || !mayPass(error)) throw error;
      await pause(backoffMs(failures), signal);
    }
  }
  return parts;
}

async function fetchOnce(
  reader: LogReader,
  decode: DecodePool['decode'],
  start: number,
  end: number,
  signal: AbortSignal,
): Promise<DecodedPage> {
  const body = await reader.page(start, end, signal);
  const page = await decode(body, start, end);
  if (page.end === page.start) throw new MalformedError(`no entry in the answer for ${start} to ${end}`);
  reader.learned(start, end - start, page.end - page.start);
  return page;
}
