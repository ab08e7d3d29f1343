import { lookup, Resolver } from 'node:dns/promises';
import pLimit, { type LimitFunction } from 'p-limit';
import type { TlsConfig } from '../config.js';
import { errorCode } from '../wire/connection.js';
import { parseAddress, formatAddress } from './addresses.js';
import { hostName } from './expression.js';

/** What a name stands for. `error` says why there is nothing, or not everything. */
export interface Resolution {
  readonly addresses: readonly string[];
  readonly error: string | null;
}

/** A server that MX or SRV records name. */
export interface ServiceHost {
  readonly host: string;
  /** From the SRV record; 25 for MX. */
  readonly port: number;
}

/** Looks names up; answers are kept for a minute, so that many ports of a name cost one question. */
export interface NameResolver {
  /** Every A and AAAA record, canonical. Never rejects. */
  addresses(name: string, deadlineAt: number): Promise<Resolution>;
  /** Hosts of the MX or SRV records. Never rejects. */
  services(
    record: 'mx' | 'srv',
    name: string,
    deadlineAt: number,
  ): Promise<{ readonly hosts: readonly ServiceHost[]; readonly error: string | null }>;
}

const cacheMs = 60_000;
const maxCached = 10_000;

/** c-ares for all questions; the system's resolver, which also knows /etc/hosts, for names that DNS does not know. */
export function createResolver(config: TlsConfig['dns']): NameResolver {
  const resolver = new Resolver({ timeout: config.timeoutMs, tries: 2 });
  if (config.servers.length > 0) resolver.setServers([...config.servers]);
  const systemLookups = pLimit(2);
  const remembered = remember((name) => lookUp(resolver, systemLookups, config, name));
  const nothing = { addresses: [], error: 'no answer before the deadline' };
  return {
    addresses: (name, deadlineAt) => within(remembered(name), deadlineAt, nothing),
    services(record, name, deadlineAt) {
      const question =
        record === 'mx'
          ? resolver
              .resolveMx(name)
              .then((list) => list.map(({ exchange }) => ({ host: exchange, port: 25 })))
          : resolver
              .resolveSrv(name)
              .then((list) => list.map((entry) => ({ host: entry.name, port: entry.port })));
      const answer = question.then(usable, (error: unknown) => ({
        hosts: [],
        error: errorCode(error) || String(error),
      }));
      return within(answer, deadlineAt, { hosts: [], error: nothing.error });
    },
  };
}

async function lookUp(
  resolver: Resolver,
  systemLookups: LimitFunction,
  config: TlsConfig['dns'],
  name: string,
): Promise<Resolution> {
  const answers = await Promise.allSettled(
    config.families.map((family) => (family === 4 ? resolver.resolve4(name) : resolver.resolve6(name))),
  );
  const found = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  const codes = answers.flatMap((answer) => (answer.status === 'rejected' ? [errorCode(answer.reason)] : []));
  const serious = codes.find((code) => code !== 'ENODATA' && code !== 'ENOTFOUND');
  const isCut = found.some((list) => list.length > config.maxAddresses);
  const addresses = canonical(found.flatMap((list) => list.slice(0, config.maxAddresses)));
  if (addresses.length > 0)
    return { addresses, error: isCut ? 'more addresses than maxAddresses' : (serious ?? null) };
  const code = serious ?? codes[0] ?? 'ENODATA';
  return code === 'ETIMEOUT'
    ? { addresses, error: code }
    : systemLookups(() => askSystem(config, name, code));
}

/** getaddrinfo; it shares few threads with the file system, hence only for names that DNS does not know. */
async function askSystem(config: TlsConfig['dns'], name: string, code: string): Promise<Resolution> {
  try {
    const entries = await lookup(name, { all: true });
    const wanted = entries.filter(({ family }) => config.families.some((one) => one === family));
    return {
      addresses: canonical(wanted.map((entry) => entry.address)),
      error: wanted.length > 0 ? null : code,
    };
  } catch {
    return { addresses: [], error: code }; // DNS's own answer says more than getaddrinfo's
  }
}

/** Keeps answers for a minute, so that many ports of one name cost one question. */
function remember(ask: (name: string) => Promise<Resolution>): (name: string) => Promise<Resolution> {
  const cache = new Map<string, { readonly at: number; readonly answer: Promise<Resolution> }>();
  return (name) => {
    const now = performance.now();
    const known = cache.get(name);
    if (known !== undefined && now - known.at <= cacheMs) return known.answer;
    const answer = ask(name).catch((error: unknown) => ({ addresses: [], error: String(error) }));
    cache.delete(name);
    cache.set(name, { at: now, answer });
    for (const oldest of cache.keys()) {
      if (cache.size <= maxCached) break;
      cache.delete(oldest);
    }
    return answer;
  };
}

/** Names from records are hostile: those that cannot be host names are left out and said so. RFC 7505 and 2782: "." is none. */
function usable(list: readonly ServiceHost[]): { hosts: ServiceHost[]; error: string | null } {
  const hosts: ServiceHost[] = [];
  let error: string | null = list.length === 0 ? 'ENODATA' : null;
  for (const { host, port } of list) {
    try {
      if (host !== '' && host !== '.' && port > 0) hosts.push({ host: hostName(host), port });
    } catch (cause) {
      error = cause instanceof Error ? cause.message : String(cause);
    }
  }
  return { hosts, error: hosts.length === 0 ? (error ?? 'the records name no host') : error };
}

function canonical(addresses: readonly string[]): string[] {
  const texts = addresses.flatMap((text) => {
    const parsed = parseAddress(text.replace(/%.*/, ''));
    return parsed === undefined ? [] : [formatAddress(parsed.family, parsed.first)];
  });
  return [...new Set(texts)];
}

/** `promise`, or `late` once the deadline (of `performance.now()`) has passed. */
function within<T>(promise: Promise<T>, deadlineAt: number, late: T): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(late), Math.max(0, deadlineAt - performance.now()));
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
