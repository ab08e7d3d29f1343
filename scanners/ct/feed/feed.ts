import type { Logger } from 'pino';
import { WebSocket } from 'ws';
import { readFeedMessage, type FeedHint } from './feed-message.js';
import { pause } from '../read/pause.js';

/** How a feed is watched; times in milliseconds. */
export interface FeedOptions {
  readonly url: string;
  readonly userAgent: string;
  readonly logger: Logger;
  /** Servers drop clients that send no ping for a minute; with it a dead peer is left within one, too. */
  readonly pingMs?: number;
  /** A peer that sent nothing, no pong either, for so long is dead. */
  readonly silenceMs?: number;
}

/** Largest message taken; ws closes the connection on a larger one. */
const maxMessageBytes = 8 * 1024 * 1024;
const longestPauseMs = 30_000;

/**
 * Listens to a certstream server for ever: reconnects with jitter, at most a minute after it fell silent, whatever happens. Feeds lose
 * messages without saying so, therefore everything they say is only a hint. Ends when `signal` is aborted.
 */
export async function listenToFeed(
  options: FeedOptions,
  hint: (hint: FeedHint) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 1; !signal.aborted; failures += 1) {
    const began = performance.now();
    const reason = await connection(options, hint, signal);
    if (signal.aborted) return;
    options.logger.info({ feed: options.url, reason }, 'feed disconnected');
    if (performance.now() - began > longestPauseMs) failures = 1;
    await pause(reconnectMs(failures), signal).catch(() => undefined);
  }
}

/** Half a second to a second at first, a quarter to half a minute in the end. */
function reconnectMs(failures: number): number {
  return Math.min(longestPauseMs, 500 * 2 ** failures) * (0.5 + Math.random() / 2);
}

/** One connection, from its start to its end, whose reason it answers. */
function connection(
  { url, userAgent, pingMs = 15_000, silenceMs = 35_000 }: FeedOptions,
  hint: (hint: FeedHint) => void,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, {
      handshakeTimeout: 15_000,
      maxPayload: maxMessageBytes,
      followRedirects: false,
      perMessageDeflate: false,
      headers: { 'user-agent': userAgent },
    });
    let heard = performance.now();
    let reason = 'closed';
    const ping = setInterval(() => {
      if (performance.now() - heard > silenceMs) socket.terminate();
      else if (socket.readyState === WebSocket.OPEN) socket.ping();
    }, pingMs);
    const stop = (): void => socket.terminate();
    signal.addEventListener('abort', stop, { once: true });
    socket.on('pong', () => (heard = performance.now()));
    socket.on('message', (data, isBinary) => {
      heard = performance.now();
      const message = isBinary || !Buffer.isBuffer(data) ? null : readFeedMessage(data.toString('utf8'));
      if (message !== null) hint(message);
    });
    socket.on('error', (error) => (reason = error.message));
    socket.on('close', () => {
      clearInterval(ping);
      signal.removeEventListener('abort', stop);
      resolve(reason);
    });
  });
}
