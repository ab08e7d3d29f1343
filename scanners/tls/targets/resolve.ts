import { lookup, Resolver } from 'node:dns/promises';
import pLimit, { type LimitFunction } from 'p-limit';
import type { TlsConfig } from '../config.js';
import { errorCode } from '../wire/connection.js';
import { formatAddress, parseAddress, splitZone } from './addresses.js';
import { hostName } from './expression.js';
import { createLocalNames, type LocalNames } from './hosts-file.js';
import type { Service } from './services.js';

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
  /**
   * The addresses of a name, canonical, in parts as they come: the hosts file knows it, or each family answers by itself,
   * so that one that never does holds nothing up (RFC 8305 section 3). At least one part; never throws.
   */
  addresses(name: string, deadlineAt: number): AsyncGenerator<Resolution, void, void>;
  /** Hosts of the MX or SRV records. Never rejects. */
  services(
    service: Service,
    deadlineAt: number,
  ): Promise<{ readonly hosts: readonly ServiceHost[]; readonly error: string | null }>;
  /** Gives up the questions under way; they would keep the process alive. */
  close(): void;
}

const cacheMs = 60_000;
const maxCached = 10_000;
const late = 'no answer before the deadline';

/**
 * The hosts file first, then c-ares for all questions; the system's resolver, which also knows other sources, for names
 * that DNS does not know.
 */
export function createResolver(
  config: TlsConfig['dns'],
  localNames: LocalNames = createLocalNames(),
): NameResolver {
  const resolver = new Resolver({ timeout: config.timeoutMs, tries: 2 });
  if (config.servers.length > 0) resolver.setServers([...config.servers]);
  const systemLookups = pLimit(2);
  const remembered = remember((name) => lookUp(resolver, systemLookups, config, localNames, name));
  return {
    addresses: (name, deadlineAt) => inOrderOfArrival(remembered(name), deadlineAt),
    services({ record, name }, deadlineAt) {
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
      return within(answer, deadlineAt, { hosts: [], error: late });
    },
    close: () => resolver.cancel(),
  };
}

/** Answers to one name: each family by itself, and the system's, which is asked when they bring none. None rejects. */
function lookUp(
  resolver: Resolver,
  systemLookups: LimitFunction,
  config: TlsConfig['dns'],
  localNames: LocalNames,
  name: string,
): readonly Promise<Resolution>[] {
  const local = localNames(name);
  if (local !== null) return [Promise.resolve(fromHostsFile(local, config))];
  const families = config.families.map((family) =>
    (family === 4 ? resolver.resolve4(name) : resolver.resolve6(name)).then(
      (found) => ({
        addresses: canonical(found.slice(0, config.maxAddresses)),
        error: found.length > config.maxAddresses ? 'more addresses than maxAddresses' : null,
      }),
      (error: unknown) => ({ addresses: [], error: errorCode(error) || String(error) }),
    ),
  );
  const rest = Promise.all(families).then((answers): Promise<Resolution> | Resolution => {
    const codes = answers.flatMap(({ error }) => error ?? []);
    const code = codes.find((one) => !isAbsent(one)) ?? codes[0] ?? 'ENODATA';
    if (answers.some(({ addresses }) => addresses.length > 0)) return { addresses: [], error: null };
    return code === 'ETIMEOUT' || code === 'ECANCELLED'
      ? { addresses: [], error: code }
      : systemLookups(() => askSystem(config, name, code));
  });
  // A family without records is no fault of a name that has the other; of one without any, the last answer speaks.
  const parts = families.map((family) =>
    family.then(({ addresses, error }) => ({
      addresses,
      error: error === null || isAbsent(error) ? null : error,
    })),
  );
  return [...parts, rest];
}

function isAbsent(code: string): boolean {
  return code === 'ENODATA' || code === 'ENOTFOUND';
}

function fromHostsFile(local: readonly string[], { families }: TlsConfig['dns']): Resolution {
  const addresses = local.filter((address) => families.includes(address.includes(':') ? 6 : 4));
  return { addresses, error: addresses.length > 0 ? null : 'the hosts file has it in another family only' };
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

/** The parts as they come, until the deadline of `performance.now()`. */
async function* inOrderOfArrival(
  parts: readonly Promise<Resolution>[],
  deadlineAt: number,
): AsyncGenerator<Resolution, void, void> {
  const waiting = new Map(
    parts.map((part, index) => [index, part.then((resolution) => ({ index, resolution }))]),
  );
  const tooLate = { index: -1, resolution: { addresses: [], error: late } };
  while (waiting.size > 0) {
    const { index, resolution } = await within(Promise.race(waiting.values()), deadlineAt, tooLate);
    yield resolution;
    if (index < 0) return;
    waiting.delete(index);
  }
}

/** Keeps answers for a minute, so that many ports of one name cost one question. */
function remember<T>(ask: (name: string) => T): (name: string) => T {
  const cache = new Map<string, { readonly at: number; readonly answer: T }>();
  return (name) => {
    const now = performance.now();
    const known = cache.get(name);
    if (known !== undefined && now - known.at <= cacheMs) return known.answer;
    const answer = ask(name);
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
    const parsed = parseAddress(splitZone(text).address);
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
