import type { Logger } from 'pino';
import type { CtEntry } from '../../../src/model/ct-entry.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import type { FeedHint } from './feed-message.js';
import type { LogRun } from '../follow/log-run.js';
import type { LookAlikes } from '../match/look-alikes.js';
import { createMatcher, createNameMatcher } from '../match/matcher.js';
import { watchesMoreThanNames, type WatchList } from '../match/watch-list.js';

/** Matching hints waiting for their log; more are dropped, the logs bring them anyway. */
const maxWaiting = 256;
const remembered = 10_000;

/** What hints are checked against and handed to. */
export interface HintDesk {
  /** Takes a hint; never throws, never waits. */
  take(hint: FeedHint): void;
  /** Resolves when every hint taken is dealt with. */
  idle(): Promise<void>;
}

/** What a desk needs. */
export interface HintDeskOptions {
  readonly watchList: WatchList;
  /** null when look-alikes are not wanted. */
  readonly lookAlikes: LookAlikes | null;
  /** The run of the log at an address ({@link ./feed-message.js logAddress}); null when it is not followed. */
  readonly runAt: (address: string) => LogRun | null;
  readonly entries: (batch: readonly CtEntry[]) => Promise<void>;
  /** Called when a hint cannot be followed, for its log is not (and the feed sent no certificate); null: that log is followed. */
  readonly unfollowed: (address: string, hint: FeedHint | null) => Promise<void>;
  readonly now: () => Date;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/**
 * Follows hints that match to the log they name: a log that keeps up is read at once and brings the entry verified; from one
 * that lags the entry is fetched ahead, and a certificate of a log that is not followed is taken as sent, both marked
 * unverified. Without a certificate it is reported as `unfollowed`.
 */
export function createHintDesk(options: HintDeskOptions): HintDesk {
  const { watchList, logger, signal } = options;
  const matchNames = createNameMatcher(watchList);
  const match = createMatcher(watchList, options.lookAlikes);
  const needsCertificate = watchesMoreThanNames(watchList);
  const seen = new Set<string>();
  let waiting = 0;
  let saidPlaceless = false;
  let last: Promise<void> = Promise.resolve();

  function matches(hint: FeedHint): boolean {
    if (matchNames(hint.names.map((name) => name.toLowerCase())).length > 0) return true;
    return needsCertificate && hint.der !== null && match(readCertificate(hint.der)).length > 0;
  }

  async function follow(hint: FeedHint): Promise<void> {
    if (hint.place === null) return;
    const run = options.runAt(hint.place.url);
    if (run === null && hint.der === null) return options.unfollowed(hint.place.url, hint);
    if (run !== null) {
      await options.unfollowed(hint.place.url, null);
      return run.hint(hint.place.leafIndex, signal);
    }
    if (hint.der === null) return;
    const certificate = readCertificate(new Uint8Array(hint.der));
    const found = match(certificate);
    if (found.length > 0) await options.entries([unconfirmed(hint.place, certificate, found, options.now())]);
  }

  /** The stream of domains only does not say which log to read: it can be no source of hints. */
  function placeless(hint: FeedHint): void {
    if (saidPlaceless || !matches(hint)) return;
    saidPlaceless = true;
    logger.warn(
      { names: hint.names.slice(0, 10) },
      'feed names no log for a watched name: use its full stream',
    );
  }

  return {
    take(hint) {
      if (signal.aborted) return;
      if (hint.place === null) return placeless(hint);
      const key = `${hint.place.url} ${hint.place.leafIndex}`;
      if (seen.has(key) || waiting >= maxWaiting || !matches(hint)) return;
      if (seen.size >= remembered) seen.clear();
      seen.add(key);
      waiting += 1;
      last = last
        .then(() => follow(hint))
        .catch((error: unknown) =>
          logger.warn({ place: hint.place, error: String(error) }, 'hint not confirmed'),
        )
        .finally(() => (waiting -= 1));
    },
    idle: () => last,
  };
}

/** An entry as a feed claims it, of a log that is not followed. */
function unconfirmed(
  place: { readonly url: string; readonly leafIndex: number },
  certificate: CtEntry['certificate'],
  matches: CtEntry['matches'],
  now: Date,
): CtEntry {
  return {
    logId: `feed:${place.url}`,
    leafIndex: place.leafIndex,
    timestamp: now,
    entryType: certificate.isPrecertificate ? 'precertificate' : 'x509',
    certificate,
    chain: [],
    chainCertificates: [],
    verified: false,
    matches,
    leafHash: null,
    seenAt: now,
  };
}
