import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { outboundRules } from '../../src/lib/http/config.js';
import { createGuardedClient } from '../../src/lib/http/guarded-client.js';
import { continued, type RenewalWindow } from '../../src/model/network.js';
import { readCertificate } from '../../src/x509/read/read-certificate.js';
import type { Scanner, Sink, Surroundings } from '../scanner.js';
import type { AcmeConfig } from './config.js';
import { createRenewalInfo, type RenewalInfo } from './renewal-info.js';

const chunkSize = 500;

/** Asks CAs for the renewal windows of certificates in use, each again when the CA says so. */
export function createAcmeScanner(
  config: AcmeConfig,
  surroundings: Surroundings,
  now: () => Date = () => new Date(),
): Scanner {
  return {
    name: 'acme',
    title: 'ask for renewal windows',
    when: 'always',
    async run(sink, signal) {
      const client = createGuardedClient(outboundRules(config));
      const parts = { config, surroundings, info: createRenewalInfo(config, client, now), sink, now, signal };
      try {
        while (!signal.aborted) {
          await round(parts);
          await delay(config.everyMinutes * 60_000, undefined, { signal }).catch(() => undefined);
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        await client.close();
      }
    },
  };
}

interface Round {
  readonly config: AcmeConfig;
  readonly surroundings: Surroundings;
  readonly info: RenewalInfo;
  readonly sink: Sink;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

async function round(parts: Round): Promise<void> {
  const seen = new Set<string>();
  let chunk: string[] = [];
  for await (const { sha256 } of parts.surroundings.memory.certificatesInUse()) {
    if (seen.has(sha256)) continue;
    seen.add(sha256);
    chunk.push(sha256);
    if (chunk.length < chunkSize) continue;
    await ask(parts, chunk);
    chunk = [];
  }
  await ask(parts, chunk);
}

async function ask(
  { config, surroundings, info, sink, now, signal }: Round,
  hashes: readonly string[],
): Promise<void> {
  const { memory } = surroundings;
  const before = new Map<string, RenewalWindow>();
  for await (const window of memory.answers('renewal-window', hashes)) before.set(window.key, window);
  const due = hashes.filter((sha256) => (before.get(sha256)?.retryAt ?? now()) <= now());
  if (due.length === 0) return;
  const limit = pLimit(config.concurrency);
  const ders = [...(await memory.certificates(due)).values()];
  const found = await Promise.all(
    ders.map((der) =>
      limit(async () => {
        signal.throwIfAborted();
        const certificate = readCertificate(der);
        if (certificate.notAfter === null || certificate.notAfter < now()) return null;
        const last = before.get(certificate.sha256);
        const window = await info.window(certificate, last, signal);
        return window === null ? null : continued(window, last);
      }),
    ),
  );
  const answers = found.filter((one) => one !== null);
  if (answers.length > 0) await sink.take({ kind: 'answers', answers });
}
