import { open } from 'node:fs/promises';
import { fileError } from '../../../src/lib/read-bounded.js';
import { textLines } from '../../../src/lib/decode-text.js';
import type { StarttlsChoice, StarttlsKind, Target } from '../../../src/model/target.js';
import { parseExpression, type TargetExpression } from './expression.js';
import { permutation } from './permutation.js';
import { createPlan, type Place, type Plan, type RangeLimits } from './plan.js';
import type { Scope } from './scope.js';
import { domainOf, starttlsOfService, type Service } from './services.js';

/** What a target list is made of. */
export interface TargetList {
  readonly targets: readonly string[];
  /** Ports of targets that name none. */
  readonly ports: readonly number[];
  readonly starttls: StarttlsChoice;
  /** SNI for every target; null: host names send themselves, addresses send none. */
  readonly serverName: string | null;
}

/** How the list is walked. */
export interface WalkOptions extends RangeLimits {
  readonly scope: Scope;
  /** Decides the order; another number, another order. */
  readonly seed: number;
  /** Where to start: the number of targets of the whole walk that are done. */
  readonly position: number;
  /** This walk takes every `of`-th target, starting at `index`. */
  readonly shard: { readonly index: number; readonly of: number };
  /** Lines for the target `-`. */
  readonly stdin: AsyncIterable<string> | null;
  /** Told of a line of stdin that is no target; lines of files are checked before the walk starts. */
  onBadLine(message: string): void;
}

/** A target at its place in the walk. Names are not resolved: their `address` is null. */
export interface PlacedTarget {
  readonly position: number;
  readonly target: Target;
  /** Name of MX or SRV records to look up first; `target` is only a pattern then. */
  readonly service: Service | null;
}

/** A target list ready to be walked, lazily and in random order. */
export interface TargetWalk {
  /** Number of targets of all shards; null while nobody knows (stdin). */
  readonly total: number | null;
  /** The targets in batches: one await for each target would take longer than to compute it. */
  walk(): AsyncGenerator<readonly PlacedTarget[], void, void>;
}

/**
 * Opens a target list: reads the expressions, checks files line by line, and refuses what cannot be read with the reason.
 * The order is a function of the list and the seed: everything written directly first, as one permutation over all
 * ranges, names and ports; then files and stdin, 1,024 lines interleaved at a time. Memory does not grow with the targets.
 */
export async function openTargets(list: TargetList, options: WalkOptions): Promise<TargetWalk> {
  const expressions = list.targets.map(parseExpression);
  const plan = createPlan(expressions, list.ports, options);
  const services = expressions.filter((expression) => expression.kind === 'service');
  const files = expressions.flatMap((expression) => (expression.kind === 'file' ? [expression.path] : []));
  const usesStdin = expressions.some((expression) => expression.kind === 'stdin');
  let total = plan.size + services.length;
  const counted = new Seen(list.targets);
  for (const path of files) total += await countTargets(path, list, options, counted);

  const isMine = (position: number): boolean =>
    position >= options.position && position % options.shard.of === options.shard.index;
  async function* walkAll(): AsyncGenerator<readonly PlacedTarget[], void, void> {
    yield* permuted(plan, list, options);
    let position = plan.size;
    for (const service of services) {
      if (isMine(position)) yield [{ position, target: patternOf(service, list), service }];
      position += 1;
    }
    const sources: AsyncIterable<string>[] = files.map(fileLines);
    if (usesStdin && options.stdin !== null) sources.push(options.stdin);
    const seen = new Seen(list.targets);
    for (const lines of sources) {
      for await (const place of interleave(linePlans(lines, list, options, seen), options.seed)) {
        if (isMine(position)) yield [{ position, target: toTarget(place, list), service: null }];
        position += 1;
      }
    }
  }
  return { total: usesStdin ? null : total, walk: walkAll };
}

/** The part of a plan that is this shard's and not yet done, in random order. */
function* permuted(
  plan: Plan,
  list: TargetList,
  options: WalkOptions,
): Generator<PlacedTarget[], void, void> {
  const { index, of } = options.shard;
  const order = permutation(plan.size, options.seed);
  let batch: PlacedTarget[] = [];
  const first = options.position + ((((index - options.position) % of) + of) % of);
  for (let position = first; position < plan.size; position += of) {
    batch.push({ position, target: toTarget(plan.at(order(position)), list), service: null });
    if (batch.length < 256) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

function toTarget(place: Place, list: TargetList): Target {
  const isAddress = /^[\d.]+$|:/.test(place.host);
  return {
    host: place.host,
    address: isAddress ? place.host : null,
    port: place.port,
    serverName: list.serverName ?? (isAddress ? null : place.host),
    starttls: starttlsFor(list.starttls, place.port),
  };
}

/** What is known of a service's servers before its records are looked up; the port is the usual one. */
function patternOf(service: Service, list: TargetList): Target {
  return {
    host: service.name,
    address: null,
    port: service.record === 'mx' ? 25 : 443,
    serverName: list.serverName ?? domainOf(service),
    starttls: list.starttls === 'auto' ? (starttlsOfService(service) ?? null) : starttlsFor(list.starttls, 0),
  };
}

/** Ports that are plain text first by convention (IANA service names); all others start with TLS. */
const starttlsPorts: Readonly<Record<number, StarttlsKind>> = {
  21: 'ftp',
  24: 'lmtp',
  25: 'smtp',
  110: 'pop3',
  119: 'nntp',
  143: 'imap',
  389: 'ldap',
  587: 'smtp',
  1433: 'mssql',
  2525: 'smtp',
  3268: 'ldap',
  3306: 'mysql',
  3389: 'rdp',
  4190: 'sieve',
  5222: 'xmpp-client',
  5269: 'xmpp-server',
  5432: 'postgres',
  6667: 'irc',
};

/** Which upgrade a port takes under a choice; null is TLS from the first byte. */
export function starttlsFor(choice: StarttlsChoice, port: number): StarttlsKind | null {
  if (choice === 'auto') return starttlsPorts[port] ?? null;
  return choice === 'none' ? null : choice;
}

/** Targets in a file, every line of it checked. Throws with file and line number. */
async function countTargets(
  path: string,
  list: TargetList,
  options: WalkOptions,
  seen: Seen,
): Promise<number> {
  let number = 0;
  let count = 0;
  for await (const line of fileLines(path)) {
    number += 1;
    try {
      count += linePlan(line, list, options, seen)?.size ?? 0;
    } catch (error) {
      throw new Error(`${path} line ${number}: ${reason(error)}`, { cause: error });
    }
  }
  return count;
}

async function* fileLines(path: string): AsyncGenerator<string, void, void> {
  const file = await open(path).catch((error: unknown) => {
    throw fileError(path, error);
  });
  try {
    if ((await file.stat()).isDirectory()) throw new Error(`${path} is a folder; give a file of targets`);
    // Lists written by Windows tools may be UTF-16.
    yield* textLines(file.createReadStream({ autoClose: false }));
  } finally {
    await file.close();
  }
}

const rememberedLines = 200_000;

/** Lines met, so that one written twice is walked once; of long lists the first 200,000, for memory must not grow with the targets. */
class Seen {
  readonly #lines: Set<string>;

  constructor(lines: readonly string[]) {
    this.#lines = new Set(lines.map((line) => line.trim()));
  }

  has(line: string): boolean {
    if (this.#lines.has(line)) return true;
    if (this.#lines.size < rememberedLines) this.#lines.add(line);
    return false;
  }
}

/** The plan of one line; undefined for an empty line, a comment (`#`) and a line met before. */
function linePlan(line: string, list: TargetList, options: WalkOptions, seen: Seen): Plan | undefined {
  const text = line.replace(/(^|\s)#.*/, '').trim();
  if (text === '' || seen.has(text)) return undefined;
  if (text.length > 1000) throw new Error('the line is longer than 1,000 characters');
  const expression: TargetExpression = parseExpression(text);
  if (expression.kind !== 'host' && expression.kind !== 'range')
    throw new Error(`"${text}" cannot stand in a list of targets`);
  return createPlan([expression], list.ports, options);
}

async function* linePlans(
  lines: AsyncIterable<string>,
  list: TargetList,
  options: WalkOptions,
  seen: Seen,
): AsyncGenerator<Plan, void, void> {
  for await (const line of lines) {
    try {
      const plan = linePlan(line, list, options, seen);
      if (plan !== undefined && plan.size > 0) yield plan;
    } catch (error) {
      options.onBadLine(reason(error));
    }
  }
}

/** Walks up to 1,024 plans at once, each in its own random order, drawing the next plan by chance. */
async function* interleave(plans: AsyncIterable<Plan>, seed: number): AsyncGenerator<Place, void, void> {
  const window: { plan: Plan; order: (index: number) => number; next: number }[] = [];
  const source = plans[Symbol.asyncIterator]();
  let isOpen = true;
  let draw = seed >>> 0;
  try {
    for (;;) {
      while (isOpen && window.length < 1024) {
        const { value, done } = await source.next();
        if (done === true) isOpen = false;
        else window.push({ plan: value, order: permutation(value.size, seed), next: 0 });
      }
      draw = (Math.imul(draw, 1_664_525) + 1_013_904_223) >>> 0;
      const slot = Math.floor((draw / 0x1_0000_0000) * window.length);
      const chosen = window[slot];
      if (chosen === undefined) return;
      yield chosen.plan.at(chosen.order(chosen.next));
      chosen.next += 1;
      const last = chosen.next === chosen.plan.size ? window.pop() : undefined;
      if (last !== undefined && last !== chosen) window[slot] = last;
    }
  } finally {
    await source.return?.();
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
