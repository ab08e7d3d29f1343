import { readFileSync, statSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:https';
import type { FastifyServerFactory } from 'fastify';
import type { Logger } from 'pino';
import type { ApiConfig } from '../config.js';

type TlsFiles = NonNullable<ApiConfig['tls']>;

/** How often the files are looked at. */
const lookMs = 10_000;

/**
 * Makes the HTTPS server. Certificate and key are read again when a file changes, and used for the connections that follow; a pair that
 * cannot be used is logged, and the last good one stays. Throws one sentence when the first pair cannot be used.
 */
export function httpsServerFactory(
  files: TlsFiles,
  log: Logger,
  everyMs = lookMs,
): FastifyServerFactory<Server> {
  return (handler) => {
    const pair = readPair(files);
    const server = createServer({ ...pair, minVersion: 'TLSv1.2' }, handler);
    let seen = changedAt(files);
    const timer = setInterval(() => {
      const now = changedAt(files);
      if (now === seen) return;
      seen = now;
      try {
        server.setSecureContext({ ...readPair(files), minVersion: 'TLSv1.2' });
        log.info({ file: files.certificateFile }, 'certificate of the API read again');
      } catch (error) {
        log.error({ err: error }, 'certificate of the API cannot be used; the last one stays');
      }
    }, everyMs).unref();
    server.once('close', () => clearInterval(timer));
    return server;
  };
}

function readPair({ certificateFile, keyFile }: TlsFiles): { readonly cert: Buffer; readonly key: Buffer } {
  return { cert: readPart('certificateFile', certificateFile), key: readPart('keyFile', keyFile) };
}

function readPart(setting: keyof TlsFiles, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Error(`api.tls.${setting}: ${path} cannot be read; give the path of a PEM file`, {
      cause: error,
    });
  }
}

/** Changes whenever one of the files does; empty while one is missing. */
function changedAt({ certificateFile, keyFile }: TlsFiles): string {
  const stats = [certificateFile, keyFile].map((path) => statSync(path, { throwIfNoEntry: false }));
  return stats.map((stat) => `${stat?.mtimeMs ?? ''} ${stat?.ino ?? ''} ${stat?.size ?? ''}`).join();
}
