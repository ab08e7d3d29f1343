import { useEffect, useState } from 'preact/hooks';
import type { Heard } from '../findings/news.js';
import type { Finding } from './types.js';
import { cache } from './use-api.js';

/** Kinds of events, and the paths whose answers they change. */
const changes: Readonly<Record<string, readonly string[]>> = {
  // Not the list: it says how many are new, and the reader decides when its rows move.
  finding: ['/api/v1/findings/', '/api/v1/overview'],
  delivery: ['/api/v1/deliveries', '/api/v1/channels', '/api/v1/overview'],
  scan: ['/api/v1/scans', '/api/v1/endpoints', '/api/v1/overview'],
  'ct-log': ['/api/v1/ct/', '/api/v1/overview'],
  'ct-entry': ['/api/v1/names', '/api/v1/ct/matches'],
  reset: ['/api/v1/'],
};

/** What came within this time is loaded again at once, so that a busy service does not make a busy page. */
const gatherMs = 2_000;
const retryMs = 5_000;
/** More changes than this are only counted. */
const maxHeard = 1_000;

let heard: readonly Heard[] = [];
const listeners = new Set<() => void>();

function hear(event: MessageEvent<string>): void {
  const { data: finding } = JSON.parse(event.data) as { readonly data: Finding };
  heard = [...heard.slice(1 - maxHeard), { finding, at: new Date() }];
  for (const listener of listeners) listener();
}

/** Findings that changed since the page was opened, latest last. */
export function useHeard(): readonly Heard[] {
  const [, render] = useState(0);
  useEffect(() => {
    const listener = (): void => render((times) => times + 1);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return heard;
}

/**
 * Follows the events of the service and loads again what they changed. Answers whether it is connected. Lists are loaded again only
 * while nothing in them is ticked, focused or pointed at: rows never move under the reader's hand.
 */
export function useLive(): boolean {
  const [isLive, setLive] = useState(false);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const source = new EventSource('/api/v1/events');
    let retry: ReturnType<typeof setTimeout> | undefined;
    const waiting = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = (): void => {
      timer = undefined;
      if (isBusy()) {
        timer = setTimeout(flush, gatherMs);
        return;
      }
      for (const prefix of waiting) cache.invalidate(prefix);
      waiting.clear();
    };
    for (const [kind, prefixes] of Object.entries(changes))
      source.addEventListener(kind, () => {
        for (const prefix of prefixes) waiting.add(prefix);
        timer ??= setTimeout(flush, gatherMs);
      });
    source.addEventListener('finding', hear);
    source.addEventListener('open', () => setLive(true));
    source.addEventListener('error', () => {
      setLive(false);
      // The browser tries again by itself, unless there was an answer and it was no stream: while the service starts or is busy.
      if (source.readyState === EventSource.CLOSED)
        retry = setTimeout(() => setAttempt((attempts) => attempts + 1), retryMs);
    });
    return () => {
      clearTimeout(timer);
      clearTimeout(retry);
      source.close();
    };
  }, [attempt]);
  return isLive;
}

/** The reader holds something: a row under the pointer or in focus, a tick, an open dialog. */
function isBusy(): boolean {
  return document.querySelector('main tbody tr:is(:hover, :focus-within, .sel), dialog[open]') !== null;
}
