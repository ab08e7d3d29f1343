import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { openLedger } from '../../../src/judging/finding-ledger.js';
import { createJudging, type Judging } from '../../../src/judging/judging.js';
import type { Fact } from '../../../src/model/fact.js';
import type { InventoryItem } from '../../../src/model/inventory-item.js';
import type { Finding } from '../../../src/model/finding.js';
import type { Policy } from '../../../src/model/policy.js';
import { policyConfig } from '../../../src/rules/config.js';
import { rules } from '../../../src/rules/index.js';
import { worseThan } from '../../../src/rules/worse-than.js';
import type { OpenStore } from '../../../src/store/index.js';
import { createTrust } from '../../../src/trust/trust.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import { toPem } from '../pki.js';
import { answersAt, entriesBetween, inventoriesAt, positionsAt, scanAt } from './facts.js';
import { simulatedDays } from './plan.js';
import { dayMs, type World } from './world.js';

/** How to run an estate. */
export interface RunOptions {
  readonly store: OpenStore;
  /** For the file of the roots. */
  readonly folder: string;
  readonly log: Logger;
  /** The last day to play; absent: all are. */
  readonly lastDay?: number;
  /** Days on which everything is judged; on the others facts are stored only. */
  isJudged(day: number): boolean;
  /** Called after each judged day with what is open. */
  onJudged(day: number, at: number, open: readonly Finding[]): void;
}

const perBatch = 5_000;

/** The policy of the estate's operator, who uses four of the five CAs. */
export function estatePolicy({ domains }: Pick<World, 'domains'>): Policy {
  return policyConfig.parse({
    ownedDomains: domains,
    // Endpoints are probed once a day.
    resolveAfterProbes: 1,
    resolveAfterMinutes: 0,
    approvedIssuers: ['Northgate', 'Lakeside', 'Harbour', 'Example Corp'].map((name) => ({
      name: `O=${name}`,
    })),
  });
}

/** Runs the 90 days: a scan, the new log entries, the inventories and the network's answers of each day, judged as the service does. */
export async function runEstate(world: World, options: RunOptions): Promise<void> {
  const { store, isJudged, onJudged, lastDay = simulatedDays } = options;
  let nowMs = world.start;
  const importer = createImporter(world, store);
  const { judging, open } = await wire(world, importer.sources, options, () => new Date(nowMs));
  const counts = new Map<string, number>();
  let waiting: Fact[] = [];
  for (let day = 0; day <= lastDay; day += 1) {
    nowMs = world.start + day * dayMs;
    const facts = factsOf(world, nowMs, day === 0 ? nowMs : nowMs - dayMs, counts);
    const isToJudge = isJudged(day);
    // The first import is one that nothing was known before.
    const isFresh = day > 0 && waiting.length === 0;
    if (isToJudge) {
      for (const fact of merged(waiting)) await keep(store, fact);
      waiting = [];
      for (const fact of facts) await judging.pipeline.take(fact);
    } else waiting.push(...facts);
    await importer.read(nowMs, isToJudge);
    if (!isToJudge) continue;
    await judgeDay(judging, new Date(nowMs), isFresh);
    onJudged(day, nowMs, open());
  }
  for (const fact of merged(waiting)) await keep(store, fact);
}

/** After a day that was not judged, everything is. */
async function judgeDay({ pipeline, clock, fleet }: Judging, now: Date, isFresh: boolean): Promise<void> {
  await pipeline.drained();
  await clock.afterImport(now);
  if (!isFresh) await clock.evaluate();
  await clock.tick(now);
  await fleet.due(now);
  await pipeline.drained();
}

async function keep(store: OpenStore, fact: Fact): Promise<void> {
  if (fact.kind === 'incident') return;
  if (fact.kind !== 'observations') return store.take(fact);
  for (let start = 0; start < fact.observations.length; start += perBatch)
    await store.take({
      kind: 'observations',
      observations: fact.observations.slice(start, start + perBatch),
    });
}

/** What scanners bring on one day. */
function factsOf(world: World, at: number, since: number, counts: Map<string, number>): Fact[] {
  const observations = scanAt(world, at);
  const run = {
    id: `simulated-${at}`,
    name: 'scan:everything',
    startedAt: new Date(at),
    finishedAt: new Date(at),
    targets: observations.length,
    outcomes: { ok: observations.filter(({ outcome }) => outcome === 'ok').length },
    resume: null,
  };
  const entries = entriesBetween(world, since, at, counts);
  return [
    { kind: 'observations', observations },
    { kind: 'scan-run', run },
    { kind: 'ct-entries', entries },
    ...positionsAt(world, at, counts).map((position) => ({ kind: 'ct-position', position }) as const),
    { kind: 'answers', answers: answersAt(world, at) },
  ];
}

/** The same facts in fewer, larger ones: days on which nothing is judged are written together. */
function merged(facts: readonly Fact[]): readonly Fact[] {
  const all = <K extends Fact['kind']>(kind: K) =>
    facts.filter((fact): fact is Extract<Fact, { kind: K }> => fact.kind === kind);
  return [
    { kind: 'observations', observations: all('observations').flatMap((fact) => fact.observations) },
    ...all('scan-run').slice(-1),
    { kind: 'ct-entries', entries: all('ct-entries').flatMap((fact) => fact.entries) },
    ...all('ct-position').slice(-2),
    { kind: 'answers', answers: all('answers').flatMap((fact) => fact.answers) },
  ];
}

/** Imports the inventories; of those that stay the same only the first and the last import is made, and those that are asked for. */
function createImporter(world: World, store: OpenStore) {
  const last = new Map<string, { readonly list: string; readonly items: readonly InventoryItem[] }>();
  const importAt = async (source: string, items: readonly InventoryItem[], at: number): Promise<void> => {
    const startedAt = new Date(at);
    const origin = { source, startedAt };
    const end = { finishedAt: startedAt, complete: true, items: items.length, errors: [], notes: [] };
    await store.writeInventory(origin, items, () => ({ ...origin, ...end }));
  };
  return {
    sources: [...inventoriesAt(world, world.start).keys()],
    async read(at: number, isAsked: boolean): Promise<void> {
      for (const [source, items] of inventoriesAt(world, at)) {
        const list = items.map(({ reference, sha256 }) => `${reference} ${sha256}`).join();
        const before = last.get(source);
        if (!isAsked && before?.list === list) continue;
        last.set(source, { list, items });
        if (before !== undefined && before.list !== list) await importAt(source, before.items, at - dayMs);
        await importAt(source, items, at);
      }
    },
  };
}

async function wire(
  world: World,
  inventorySources: readonly string[],
  { store, folder, log }: RunOptions,
  now: () => Date,
): Promise<{ readonly judging: Judging; open(): readonly Finding[] }> {
  const roots = join(folder, 'roots.pem');
  await writeFile(
    roots,
    Object.values(world.authorities)
      .map(({ certificate }) => toPem(certificate.der))
      .join(''),
  );
  const ledger = await openLedger(store, worseThan);
  const judging = createJudging({
    store,
    ledger,
    policy: estatePolicy(world),
    rules,
    readCertificate,
    validate: await createTrust({ store: 'none', files: [roots] }, (sentence) => {
      throw new Error(sentence);
    }),
    keyWatch: {
      evidence: () => Promise.resolve({ compromised: new Set(), sharedPrimes: new Map() }),
      unsettledRules: () => [],
    },
    inventorySources,
    scannedSince: () => Promise.resolve(now()),
    version: 'simulation',
    onFindings: () => undefined,
    signal: new AbortController().signal,
    log,
    now,
  });
  return { judging, open: () => [...ledger.open] };
}
