import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { WebSocketServer } from 'ws';
import type { CtEntry, CtPosition } from '../../../src/model/ct-entry.js';
import { ctConfig } from '../../../scanners/ct/config.js';
import { createCtScanner } from '../../../scanners/ct/ct-scanner.js';
import type { Incident } from '../../../src/model/incident.js';
import type { Sink } from '../../../scanners/scanner.js';
import {
  certificateEntry,
  generatedEntries,
  startCtLog,
  writeLogList,
  type CtLog,
} from '../../support/ct-log.js';
import { issueCa, issueFor } from '../../support/pki.js';

const issuer = issueCa('Scanner Test CA');
const entryFor = (name: string): ReturnType<typeof certificateEntry> =>
  certificateEntry(issueFor(name, { issuer }), issuer);

/** A sink that keeps what it is given, as a store would. */
function keepingSink() {
  const entries = new Map<string, CtEntry>();
  const positions = new Map<string, CtPosition>();
  const incidents: Incident[] = [];
  const sink: Sink = {
    async take(fact) {
      if (fact.kind === 'ct-entries')
        for (const entry of fact.entries) entries.set(`${entry.logId}|${entry.leafIndex}`, entry);
      if (fact.kind === 'ct-position')
        positions.set(`${fact.position.logId}|${fact.position.cursor}`, fact.position);
      if (fact.kind === 'incident') incidents.push(fact.incident);
    },
  };
  const open = (): string[] => incidents.filter(({ active }) => active).map(({ rule }) => rule);
  return { sink, entries, positions, incidents, open };
}

type Kept = ReturnType<typeof keepingSink>;

let folder = '';
let logs: CtLog[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ct-scanner-'));
});
afterEach(async () => {
  await Promise.all(logs.map((log) => log.close()));
  logs = [];
  await rm(folder, { recursive: true });
});

async function start(...options: Parameters<typeof startCtLog>[0][]): Promise<CtLog[]> {
  logs = await Promise.all(options.map(startCtLog));
  return logs;
}

/** Runs a scanner until `done`; answers once it has stopped. */
async function scan(
  kept: Kept,
  settings: Record<string, unknown>,
  done: () => boolean,
  domains = ['watched.test'],
) {
  const list = join(folder, 'list.json');
  const config = ctConfig.parse({
    logLists: [{ source: list }],
    pollSeconds: 0.1,
    minPollSeconds: 0.05,
    workers: 1,
    limits: { backfillRequestsPerSecond: 1000 },
    ...settings,
  });
  const scanner = createCtScanner({
    config,
    ownedDomains: domains,
    positions: async () => [...kept.positions.values()],
    logger: pino({ level: 'silent' }),
    folder: join(folder, 'ct'),
  });
  const abort = new AbortController();
  const running = scanner.run(kept.sink, abort.signal);
  const end = Date.now() + 30_000;
  while (!done() && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (logs.length > 0 && !done()) await scanner.refreshLogList();
  }
  abort.abort(new Error('test over'));
  await running;
  assert.ok(done(), 'it never came');
}

const both = [
  { protocol: 'rfc6962', description: 'R' },
  { protocol: 'static-ct', description: 'S' },
] as const;

describe('the CT scanner', () => {
  it('follows every log of the list from its head, and takes up where it stopped', async () => {
    const running = await start(...both.map((log) => ({ ...log, entries: generatedEntries(300) })));
    await writeLogList(join(folder, 'list.json'), running);
    const kept = keepingSink();
    await scan(kept, {}, () => kept.positions.size === 2);
    assert.equal(kept.entries.size, 0);
    for (const log of running)
      log.append(...generatedEntries(3), entryFor('www.watched.test'), ...generatedEntries(2));
    await scan(kept, {}, () => kept.entries.size === 2);
    for (const entry of kept.entries.values()) {
      assert.equal(entry.leafIndex, 303);
      assert.ok(entry.verified);
      assert.equal(entry.chainCertificates[0]?.sha256, issuer.sha256);
    }
    assert.deepEqual(kept.open(), []);
    assert.deepEqual(await readdir(join(folder, 'ct', 'issuers')), [`${issuer.sha256}.der`]);
  });

  it('reads what was there before behind its tail, at its own pace, to the very entry where the tail began', async () => {
    const before = [...generatedEntries(200), entryFor('old.watched.test'), ...generatedEntries(99)];
    const running = await start(...both.map((log) => ({ ...log, entries: before })));
    await writeLogList(join(folder, 'list.json'), running);
    const kept = keepingSink();
    const finished = (): boolean =>
      [...kept.positions.values()].filter(
        ({ cursor, verifiedIndex }) => cursor === 'backfill' && verifiedIndex === 300,
      ).length === 2;
    await scan(kept, { start: 'zero' }, finished);
    assert.deepEqual(
      [...kept.entries.values()].map(({ leafIndex }) => leafIndex),
      [200, 200],
    );
    const requests = running.map((log) => log.requests.entries);
    await scan(kept, { start: 'zero' }, () => true);
    assert.deepEqual(
      running.map((log) => log.requests.entries),
      requests,
    );
  });

  it('starts logs that join the list, stops those that leave it, and raises no alarm about them', async () => {
    const [first, second] = await start(...both.map((log) => ({ ...log, entries: generatedEntries(5) })));
    const list = join(folder, 'list.json');
    await writeLogList(list, [first!]);
    const kept = keepingSink();
    let swapped = false;
    await scan(kept, { newLogsFrom: 'zero' }, () => {
      if (!swapped && kept.positions.has(`${first!.logId}|tail`)) {
        swapped = true;
        void writeLogList(list, [second!]);
      }
      return kept.positions.has(`${second!.logId}|backfill`);
    });
    assert.deepEqual(kept.open(), []);
    assert.ok(kept.positions.has(`${first!.logId}|tail`));
  });

  it('tells of a fork as a finding of that log, and goes on with the others', async () => {
    const [forked, good] = await start(...both.map((log) => ({ ...log, entries: generatedEntries(50) })));
    await writeLogList(join(folder, 'list.json'), [forked!, good!]);
    const kept = keepingSink();
    await scan(kept, {}, () => kept.positions.size === 2);
    forked!.faults.add('fork');
    good!.append(entryFor('www.watched.test'));
    await scan(kept, {}, () => kept.open().includes('ct-log-misbehaving') && kept.entries.size === 1);
    const incident = kept.incidents.find(({ active }) => active)!;
    assert.deepEqual(incident.subject, { kind: 'ct-log', key: forked!.logId });
    assert.equal(incident.details['problem'], 'fork');
    forked!.faults.clear();
    const again = keepingSink();
    for (const [key, position] of kept.positions) again.positions.set(key, position);
    await scan(again, {}, () => again.open().includes('ct-log-misbehaving'));
  });

  it('says that no list can be had, and does not crash', async () => {
    const kept = keepingSink();
    await scan(kept, {}, () => kept.open().includes('ct-log-list-unavailable'));
    assert.deepEqual(kept.incidents[0]?.subject, { kind: 'self', key: join(folder, 'list.json') });
  });

  it('starts logs where it was told to, though their list comes later', async () => {
    const kept = keepingSink();
    const list = join(folder, 'list.json');
    let written = false;
    const [log] = await start({
      ...both[1],
      entries: [entryFor('www.watched.test'), ...generatedEntries(4)],
    });
    await scan(kept, { start: 'zero' }, () => {
      if (!written && kept.open().includes('ct-log-list-unavailable')) {
        written = true;
        void writeLogList(list, [log!]);
      }
      return kept.entries.size > 0;
    });
    assert.deepEqual([...kept.entries.keys()], [`${log!.logId}|0`]);
  });

  it('contacts nobody when there is nothing to watch for', async () => {
    const kept = keepingSink();
    const [log] = await start(both[0]);
    await writeLogList(join(folder, 'list.json'), [log!]);
    await scan(kept, {}, () => true, []);
    assert.equal(log!.requests.head, 0);
  });

  it('keeps all entries, or all names, when told to', async () => {
    const [log] = await start({
      ...both[1],
      entries: [...generatedEntries(9), entryFor('www.watched.test')],
    });
    await writeLogList(join(folder, 'list.json'), [log!]);
    for (const keep of ['all', 'names'] as const) {
      const kept = keepingSink();
      await scan(kept, { keep, start: 'zero' }, () => kept.entries.size === 10);
      const bytes = [...kept.entries.values()].map((entry) => entry.certificate.der.length > 0);
      assert.equal(bytes.filter(Boolean).length, keep === 'all' ? 10 : 1);
      assert.ok([...kept.entries.values()].every(({ certificate }) => certificate.names.length > 0));
    }
  });

  it('tells when the canary has not come for too long, and that it came', async () => {
    const [log] = await start({ ...both[0], entries: generatedEntries(3) });
    await writeLogList(join(folder, 'list.json'), [log!]);
    const kept = keepingSink();
    const canary = { domain: 'canary.test', everyHours: 1e-9 };
    await scan(kept, { canary }, () => kept.open().includes('ct-canary-missing'));
    await scan(kept, { canary: { ...canary, everyHours: 1 } }, () => {
      if (log!.book.size === 3 && kept.positions.size > 0) log!.append(entryFor('2026-11-23.canary.test'));
      return kept.entries.size === 1;
    });
    await scan(kept, { canary: { ...canary, everyHours: 1 } }, () => kept.incidents.at(-1)?.active === false);
  });

  it('looks at a log at once when a feed names an entry of it', async () => {
    const [log] = await start({ ...both[1], entries: generatedEntries(3) });
    await writeLogList(join(folder, 'list.json'), [log!]);
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    const kept = keepingSink();
    const timer = setInterval(() => {
      if (kept.positions.size === 0) return;
      if (log!.book.size === 3) log!.append(entryFor('www.watched.test'));
      const data = {
        leaf_cert: { all_domains: ['www.watched.test'] },
        cert_index: 3,
        source: { url: log!.url, name: 'S' },
      };
      for (const client of server.clients)
        client.send(JSON.stringify({ message_type: 'certificate_update', data }));
    }, 50);
    const feeds = [`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`];
    await scan(kept, { feeds, pollSeconds: 1000 }, () => kept.entries.size === 1);
    clearInterval(timer);
    assert.equal([...kept.entries.values()][0]?.verified, true);
    for (const client of server.clients) client.terminate();
    await new Promise((resolve) => server.close(resolve));
  });
});
