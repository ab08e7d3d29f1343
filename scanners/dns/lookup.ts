import { lookup as systemLookup } from 'node:dns/promises';
import type { CaaAnswer, NameAnswer } from '../../src/model/network.js';
import type { DnsClient } from './client.js';
import { recordTypes, type DnsMessage } from './message.js';
import { addressOf, aliasesFrom, caaOf, httpsOf } from './records.js';

/** Looks names up. One round shares what it learned of parents: make a new one for each round. */
export interface Lookup {
  /** Climbs to the first domain with CAA records (RFC 8659 section 3). */
  caa(domain: string, now: Date, signal: AbortSignal): Promise<CaaAnswer>;
  /** Addresses of both families, aliases and HTTPS records; families that fail do not hold the others. */
  name(name: string, now: Date, signal: AbortSignal): Promise<NameAnswer>;
}

const noSuchName = 3;

/** `validates` false: the resolver's word on DNSSEC counts for nothing. */
export function createLookup(client: DnsClient, validates: boolean): Lookup {
  const asked = new Map<string, Promise<DnsMessage>>();

  function caaSet(domain: string, signal: AbortSignal): Promise<DnsMessage> {
    const known = asked.get(domain) ?? client.ask(domain, recordTypes.CAA, signal);
    asked.set(domain, known);
    return known;
  }

  return {
    async caa(domain, now, signal) {
      const common = { question: 'caa', key: domain, since: now, checkedAt: now } as const;
      const none = { foundAt: null, records: [] };
      try {
        let first: DnsMessage | null = null;
        for (let at = domain; at !== ''; at = at.slice((at + '.').indexOf('.') + 1)) {
          const message = await caaSet(at, signal);
          first ??= message;
          const records = message.answers.filter(({ type }) => type === recordTypes.CAA).map(caaOf);
          if (records.length === 0) continue;
          const authenticated = validates ? message.authenticated : null;
          return { ...common, outcome: 'found', foundAt: at, records, authenticated, detail: null };
        }
        const authenticated = validates ? (first?.authenticated ?? false) : null;
        return { ...common, outcome: 'absent', ...none, authenticated, detail: null };
      } catch (error) {
        signal.throwIfAborted();
        return { ...common, outcome: 'failed', ...none, authenticated: null, detail: messageOf(error) };
      }
    },
    async name(name, now, signal) {
      const common = { question: 'name', key: name, since: now, checkedAt: now } as const;
      const types = [recordTypes.A, recordTypes.AAAA, recordTypes.HTTPS];
      const isLocal = name === 'localhost' || name.endsWith('.localhost');
      const answers = isLocal
        ? []
        : await Promise.allSettled(types.map((type) => client.ask(name, type, signal)));
      signal.throwIfAborted();
      const messages = answers.map((one) => (one.status === 'fulfilled' ? one.value : null));
      const records = messages.flatMap((message) => message?.answers ?? []);
      const found = records.map(addressOf).filter((one) => one !== null);
      // Names that DNS does not know may stand in the hosts file (RFC 6761 for localhost).
      const addresses = found.length > 0 ? found : await bySystem(name);
      const failures = answers.flatMap((one, index) =>
        one.status === 'rejected' ? [`${['A', 'AAAA', 'HTTPS'][index]}: ${messageOf(one.reason)}`] : [],
      );
      return {
        ...common,
        outcome: addresses.length > 0 || isLocal ? 'found' : outcomeOf(messages.slice(0, 2)),
        addresses: [...new Set(addresses)].sort(),
        aliases: aliasesFrom(name, records),
        https: records.filter(({ type }) => type === recordTypes.HTTPS).flatMap((one) => httpsOf(one) ?? []),
        detail: failures.join('; ') || null,
      };
    },
  };
}

/** Why no family has an address; null stands for one that could not be asked. */
function outcomeOf(families: readonly (DnsMessage | null)[]): NameAnswer['outcome'] {
  if (families.includes(null)) return 'failed';
  return families.every((one) => one?.rcode === noSuchName) ? 'nxdomain' : 'empty';
}

async function bySystem(name: string): Promise<readonly string[]> {
  const entries = await systemLookup(name, { all: true }).catch(() => []);
  return entries.map(({ address }) => address);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
