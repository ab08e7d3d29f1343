import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { continued, type Answer } from '../../src/model/network.js';
import type { Scanner, Sink, Surroundings } from '../scanner.js';
import { createDnsClient, type DnsClient } from './client.js';
import type { DnsConfig } from './config.js';
import { createLookup, type Lookup } from './lookup.js';
import { recordTypes } from './message.js';

const chunkSize = 500;

/** Looks up owned domains and the names in their certificates, again and again. */
export function createDnsScanner(
  config: DnsConfig,
  surroundings: Surroundings,
  now: () => Date = () => new Date(),
): Scanner {
  return {
    name: 'dns',
    title: 'look up names and CAA records',
    when: 'always',
    async run(sink, signal) {
      // Only names under owned domains are looked up.
      if (surroundings.ownedDomains.length === 0) return;
      const servers = config.servers.length > 0 ? config.servers : surroundings.resolvers;
      const client = createDnsClient({ servers, timeoutMs: config.timeoutMs });
      try {
        while (!signal.aborted) {
          const lookup = createLookup(client, await validates(client, config, signal));
          await round({ config, surroundings, lookup, sink, now, signal });
          await delay(config.everyMinutes * 60_000, undefined, { signal }).catch(() => undefined);
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
  };
}

/** Whether the resolver's word on DNSSEC counts: the root is signed, so one that validates says so of its records. */
async function validates(
  client: DnsClient,
  { validating }: DnsConfig,
  signal: AbortSignal,
): Promise<boolean> {
  if (validating !== 'auto') return validating === 'yes';
  return client.ask('', recordTypes.NS, signal).then(
    ({ authenticated }) => authenticated,
    () => false,
  );
}

interface Round {
  readonly config: DnsConfig;
  readonly surroundings: Surroundings;
  readonly lookup: Lookup;
  readonly sink: Sink;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

async function round(parts: Round): Promise<void> {
  const { surroundings } = parts;
  const seen = new Set<string>();
  let chunk: string[] = [];
  for await (const name of names(surroundings)) {
    if (seen.has(name)) continue;
    seen.add(name);
    chunk.push(name);
    if (chunk.length < chunkSize) continue;
    await lookUp(parts, chunk);
    chunk = [];
  }
  await lookUp(parts, chunk);
  surroundings.log.info({ names: seen.size }, 'names looked up');
}

async function* names({ ownedDomains, memory }: Surroundings): AsyncGenerator<string> {
  yield* ownedDomains;
  yield* memory.learnedNames();
}

async function lookUp(
  { config, surroundings, lookup, sink, now, signal }: Round,
  chunk: readonly string[],
): Promise<void> {
  if (chunk.length === 0) return;
  const caaBefore = await byKey(surroundings.memory.answers('caa', chunk));
  const namesBefore = await byKey(surroundings.memory.answers('name', chunk));
  const limit = pLimit(config.concurrency);
  const found = await Promise.all(
    chunk.map((name) =>
      limit(async (): Promise<readonly Answer[]> => {
        signal.throwIfAborted();
        const [caa, address] = await Promise.all([
          lookup.caa(name, now(), signal),
          lookup.name(name, now(), signal),
        ]);
        return [continued(caa, caaBefore.get(name)), continued(address, namesBefore.get(name))];
      }),
    ),
  );
  await sink.take({ kind: 'answers', answers: found.flat() });
}

async function byKey<A extends Answer>(answers: AsyncIterable<A>): Promise<ReadonlyMap<string, A>> {
  const known = new Map<string, A>();
  for await (const answer of answers) known.set(answer.key, answer);
  return known;
}
