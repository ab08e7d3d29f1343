import { durationText } from '../../../src/lib/duration-text.js';
import {
  formatAddress,
  formatIpv4,
  mergeRanges,
  rangeSize,
  subtractRanges,
  type AddressRange,
} from './addresses.js';
import type { TargetExpression } from './expression.js';
import type { Scope } from './scope.js';

/** A host or address and a port. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Places numbered 0 .. size-1, computed on demand. */
export interface Plan {
  readonly size: number;
  at(index: number): Place;
}

/** What a range may hold. */
export interface RangeLimits {
  /** As in the configuration: any size is confirmed, none, or this many addresses. */
  readonly confirmLargeRanges: boolean | number;
  /** Connections per second, to say how long it takes; 0 and absent: not known. */
  readonly rate?: { readonly global: number };
}

/** What a plan may hold. */
export interface PlanOptions extends RangeLimits {
  readonly scope: Scope;
}

/** Consecutive numbers of a plan that are computed alike. */
interface Block {
  readonly start: number;
  readonly size: number;
  readonly ports: readonly number[];
  host(offset: number): string;
}

/** More targets than this are refused: at 10,000 a second they would take 900 years. */
const maxTargets = 2 ** 48;

/**
 * Numbers every place that the hosts and ranges among the expressions stand for, each once however often it is written, excluded
 * addresses of ranges left out. Throws when a range is too large.
 */
export function createPlan(
  expressions: readonly TargetExpression[],
  defaultPorts: readonly number[],
  options: PlanOptions,
): Plan {
  const groups = groupByPort(expressions, defaultPorts);
  const blocks: Block[] = [];
  let size = 0;
  const add = (count: number, ports: readonly number[], host: (offset: number) => string): void => {
    if (count > 0) blocks.push({ start: size, size: count * ports.length, ports, host });
    size += count * ports.length;
    if (size > maxTargets) throw new Error(`these are more than 2^48 targets; write smaller ranges`);
  };
  for (const { ports, members } of groups) {
    const names = [...new Set(members.flatMap((one) => (one.kind === 'host' ? [one.host] : [])))];
    add(names.length, ports, (offset) => names[offset] ?? '');
    for (const [zone, ranges] of rangesByZone(members, options))
      for (const range of includedRanges(ranges, options.scope))
        add(Number(rangeSize(range)), ports, hostsOf(range, zone));
  }
  return { size, at: (index) => placeAt(blocks, index) };
}

interface Group {
  readonly ports: number[];
  readonly members: readonly TargetExpression[];
}

/** Ports that are asked for by the same expressions, together: what is written twice for a port then meets in one group. */
function groupByPort(
  expressions: readonly TargetExpression[],
  defaultPorts: readonly number[],
): readonly Group[] {
  const askedBy = new Map<number, number[]>();
  expressions.forEach((expression, index) => {
    if (expression.kind !== 'host' && expression.kind !== 'range') return;
    for (const port of new Set(expression.ports ?? defaultPorts)) {
      const known = askedBy.get(port);
      if (known === undefined) askedBy.set(port, [index]);
      else known.push(index);
    }
  });
  const groups = new Map<string, Group>();
  for (const [port, indexes] of askedBy) {
    const key = indexes.join();
    const members = indexes.flatMap((index) => expressions[index] ?? []);
    const group = groups.get(key) ?? { ports: [], members };
    groups.set(key, group);
    group.ports.push(port);
  }
  return [...groups.values()];
}

/** Ranges of each zone; null: those without one. */
function rangesByZone(
  members: readonly TargetExpression[],
  options: PlanOptions,
): ReadonlyMap<string | null, AddressRange[]> {
  const byZone = new Map<string | null, AddressRange[]>();
  for (const member of members) {
    if (member.kind !== 'range') continue;
    const ranges = byZone.get(member.zone) ?? [];
    byZone.set(member.zone, ranges);
    ranges.push(permittedRange(member.range, options));
  }
  return byZone;
}

/** Addresses of a /16: a larger range is more often a typing mistake than meant. */
const usualSize = 65_536;

/** The range; throws one sentence when it is large and not confirmed. */
export function permittedRange(
  range: AddressRange,
  { confirmLargeRanges: confirmed, rate }: RangeLimits,
): AddressRange {
  const size = rangeSize(range);
  const most = confirmed === true ? Infinity : Math.max(usualSize, confirmed === false ? 0 : confirmed);
  if (size <= most) return range;
  const text = `${formatAddress(range.family, range.first)}-${formatAddress(range.family, range.last)}`;
  const perSecond = rate?.global ?? 0;
  const duration =
    perSecond === 0
      ? ''
      : `; each port takes ${durationText(Number(size) / perSecond)} at ${perSecond.toLocaleString('en')} a second`;
  throw new Error(
    `the range ${text} holds ${size.toLocaleString('en')} addresses${duration}. Scan only what you own, and confirm the size ` +
      `with --yes-scan ${size} or scan.confirmLargeRanges in the configuration`,
  );
}

/** A single excluded address stays in, so that its observation says so; it is refused when it comes to connecting. */
function includedRanges(ranges: readonly AddressRange[], scope: Scope): AddressRange[] {
  return mergeRanges(ranges).flatMap((range) =>
    rangeSize(range) === 1n ? [range] : subtractRanges(range, scope.excluded),
  );
}

function hostsOf(range: AddressRange, zone: string | null): (offset: number) => string {
  const suffix = zone === null ? '' : `%${zone}`;
  if (range.family === 6) return (offset) => `${formatAddress(6, range.first + BigInt(offset))}${suffix}`;
  const first = Number(range.first);
  return (offset) => formatIpv4(first + offset);
}

function placeAt(blocks: readonly Block[], index: number): Place {
  let low = 0;
  let high = blocks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((blocks[middle]?.start ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  const block = blocks[low];
  if (block === undefined || index < 0 || index >= block.start + block.size)
    throw new RangeError(`target ${index} does not exist`);
  const offset = index - block.start;
  const count = block.ports.length;
  return { host: block.host(Math.floor(offset / count)), port: block.ports[offset % count] ?? 0 };
}
