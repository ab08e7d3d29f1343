import { dayMs, stayAt, tbsOf, type Issuance, type SimulatedEndpoint, type World } from './world.js';

/** One finding that has to be open: `rule kind key`. */
export type Line = string;

const shownMs = 3 * dayMs;
const goneAfterScans = 3;

/** Every finding that has to be open after the scan at this instant: what the stories say, and what follows from time and change alone. */
export function answerKey(world: World, at: number): ReadonlyMap<Line, string> {
  const key = new Map<Line, string>();
  const add = (rule: string, kind: string, subject: string, story: string): void =>
    void key.set(`${rule} ${kind} ${subject}`, story);
  for (const { rule, kind, key: subject, from, until, story } of world.expectations)
    if (from <= at && at < until) add(rule, kind, subject, story);
  for (const endpoint of world.endpoints) {
    addAging(endpoint, at, world, add);
    addChanges(endpoint, at, world, add);
  }
  addUnmanaged(world, at, add);
  addReusedKeys(world, at, add);
  return key;
}

type Add = (rule: string, kind: string, subject: string, story: string) => void;

/** The certificate it served when it last served one; null once it is gone. */
function seenAt(endpoint: SimulatedEndpoint, at: number): Issuance | null {
  for (let misses = 0; misses < goneAfterScans; misses += 1) {
    const issuance = stayAt(endpoint, at - misses * dayMs)?.issuance;
    if (issuance) return issuance;
  }
  return null;
}

function addAging(endpoint: SimulatedEndpoint, at: number, world: World, add: Add): void {
  if (at < world.start) return;
  const issuance = seenAt(endpoint, at);
  if (issuance === null) return;
  const { issuedAt, notAfter } = issuance;
  if (at >= notAfter + 1_000) add('expired', 'endpoint', endpoint.key, 'time goes by');
  else if (notAfter - at < Math.min((notAfter - issuedAt) * 0.3, 30 * dayMs))
    add('expiring', 'endpoint', endpoint.key, 'time goes by');
}

/** Scans are at whole days since the start. */
function scannedAt(world: World, from: number): number {
  return world.start + Math.max(0, Math.ceil((from - world.start) / dayMs)) * dayMs;
}

function addChanges(endpoint: SimulatedEndpoint, at: number, world: World, add: Add): void {
  const spells: { readonly issuance: Issuance; readonly seenAt: number }[] = [];
  for (const [n, { from, issuance }] of endpoint.stays.entries()) {
    const seen = scannedAt(world, from);
    const next = endpoint.stays[n + 1];
    if (issuance === null || seen > at || (next !== undefined && scannedAt(world, next.from) === seen))
      continue;
    if (spells.at(-1)?.issuance !== issuance) spells.push({ issuance, seenAt: seen });
  }
  const [before, after] = spells.slice(-2);
  if (before === undefined || after === undefined || at - after.seenAt > shownMs) return;
  add('certificate-changed', 'endpoint', endpoint.key, 'a certificate is replaced');
  if (before.issuance.authority !== after.issuance.authority)
    add('issuer-changed', 'endpoint', endpoint.key, 'a certificate is replaced');
}

function addUnmanaged(world: World, at: number, add: Add): void {
  const managed = new Set(world.held.map(({ issuance }) => issuance.key));
  const served = new Set(world.endpoints.map((endpoint) => seenAt(endpoint, at)));
  const replaced = new Set(
    world.endpoints.flatMap(({ stays }) =>
      stays.flatMap(({ from, issuance }) => (scannedAt(world, from) <= at ? [issuance] : [])),
    ),
  );
  for (const issuance of world.issuances) {
    const { loggedAt, notAfter, names } = issuance;
    const isOwned = names.some((name) => world.domains.some((domain) => name.endsWith(`.${domain}`)));
    const isLogged =
      loggedAt !== null &&
      world.start < loggedAt &&
      loggedAt <= at &&
      at <= notAfter &&
      !replaced.has(issuance);
    if (isOwned && !managed.has(issuance.key) && (isLogged || served.has(issuance)))
      add('shadow', 'issuance', tbsOf(issuance), 'in no inventory');
  }
}

function addReusedKeys(world: World, at: number, add: Add): void {
  const certificates = new Map<string, Set<Issuance>>();
  const inUse = new Set<string>();
  for (const { stays } of world.endpoints) {
    const shown = stays.filter(({ from }, n) => {
      const next = stays[n + 1];
      const seen = scannedAt(world, from);
      return seen <= at && (next === undefined || scannedAt(world, next.from) !== seen);
    });
    for (const { issuance } of shown) {
      if (issuance === null) continue;
      const spki = issuance.certificate.spkiSha256!;
      certificates.set(spki, (certificates.get(spki) ?? new Set()).add(issuance));
    }
    const last = shown.findLast(({ issuance }) => issuance !== null)?.issuance;
    if (last) inUse.add(last.certificate.spkiSha256!);
  }
  for (const [spki, all] of certificates)
    if (all.size > 1 && inUse.has(spki)) add('key-reuse', 'key', spki, 'a key in several certificates');
}
