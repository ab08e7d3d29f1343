import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { InventoryItem, InventoryRun } from '../../src/model/inventory-item.js';
import { endpointKey } from '../../src/model/target.js';
import type { Finding } from '../../src/model/finding.js';
import { openStore, type OpenStore } from '../../src/store/index.js';
import {
  certificate,
  collect,
  ctEntry,
  delivery,
  embeddedConfig,
  finding,
  hash,
  inventoryItem,
  log,
  minutes,
  noon,
  observation,
  position,
  surveyWith,
  temporaryFolder,
} from './sample.js';

/** What a hostile certificate or server may put into any text. */
const hostile = `nul \0 tab \t quote ' " backslash \\ line \n half \ud800 emoji \u{1f600} \\N \\ud800 '; DROP TABLE findings; --`;
const stored = hostile.replace('\ud800', '\ufffd');

describe('the embedded store', () => {
  let store: OpenStore;
  const writeRun = (run: InventoryRun, items: readonly InventoryItem[]): Promise<InventoryRun> =>
    store.writeInventory(run, items, () => run);
  before(async () => {
    store = await openStore(embeddedConfig(temporaryFolder()), log);
  });
  after(() => store.close());

  it('keeps the latest look, and the latest certificate, of an endpoint', async () => {
    const host = 'endpoint.example.com';
    const first = observation(host);
    const refused = observation(host, {
      observedAt: minutes(5),
      outcome: 'refused',
      detail: hostile,
      tls: null,
      certificate: null,
      chain: [],
    });
    await store.writeObservations([refused, first]);
    const [state, ...others] = await collect(store.endpoints([endpointKey(first.target)]));
    assert.deepEqual(others, []);
    assert.deepEqual(state, {
      key: endpointKey(first.target),
      target: first.target,
      firstSeenAt: noon,
      lastObservedAt: minutes(5),
      lastOutcome: 'refused',
      lastDetail: stored,
      lastOkAt: noon,
      chain: first.chain.map((one) => one.sha256),
      tls: first.tls,
      survey: null,
      surveyedAt: null,
    });
  });

  it('keeps the last survey of an endpoint, with the certificates it saw', async () => {
    const other = certificate('alternate.survey.example.com');
    const survey = surveyWith(other, { clientAuthorities: [hostile] });
    const surveyed = observation('survey.example.com', { survey });
    await store.writeObservations([surveyed, observation('survey.example.com', { observedAt: minutes(9) })]);
    const [state] = await collect(store.endpoints([endpointKey(surveyed.target)]));
    const kept = {
      ...survey,
      clientAuthorities: [stored],
      alternates: [{ asked: 'RSA', chain: [other.sha256] }],
    };
    assert.deepEqual(state?.survey, kept);
    assert.deepEqual(state.lastObservedAt, minutes(9));
    assert.equal((await store.certificates([other.sha256])).size, 1);
    const page = await store.reader.listObservations(
      { host: 'survey.example.com' },
      { limit: 9, cursor: null },
    );
    assert.deepEqual(
      page.items.map((look) => look.survey),
      [null, kept],
    );
  });

  it('says of an endpoint that never showed a certificate when it was seen, and no chain', async () => {
    const silent = observation('silent.example.com', {
      outcome: 'silent',
      tls: null,
      certificate: null,
      chain: [],
    });
    await store.writeObservations([silent]);
    const [state] = await collect(store.endpoints([endpointKey(silent.target)]));
    assert.equal(state?.lastOkAt, null);
    assert.deepEqual(state?.chain, []);
    assert.equal(state?.tls, null);
  });

  it('streams every endpoint once, in order, when no keys are given', async () => {
    const hosts = Array.from({ length: 30 }, (_, index) => `h${index}.stream.example.net`);
    await store.writeObservations(hosts.map((host) => observation(host)));
    const states = await collect(store.endpoints());
    const streamed = states
      .map((state) => state.target.host)
      .filter((host) => host.endsWith('.stream.example.net'));
    assert.deepEqual([...streamed].sort(), [...hosts].sort());
  });

  it('changes nothing when a batch is written again, also in other company', async () => {
    const looks = ['one', 'two', 'three'].map((name) => observation(`${name}.again.example.com`));
    await store.writeObservations(looks);
    await store.writeObservations(looks);
    await store.writeObservations([...looks].reverse());
    const page = await store.reader.listObservations(
      { hostSuffix: 'again.example.com' },
      { limit: 100, cursor: null },
    );
    assert.equal(page.items.length, 3);
  });

  it('gives back the bytes of certificates, and nothing for unknown hashes', async () => {
    const der = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const leaf = certificate('bytes.example.com', { der });
    await store.writeObservations([observation('bytes.example.com', { certificate: leaf, chain: [leaf] })]);
    const found = await store.certificates([leaf.sha256, hash('unknown')]);
    assert.deepEqual([...found.keys()], [leaf.sha256]);
    assert.deepEqual(Buffer.from(found.get(leaf.sha256) ?? []), der);
  });

  it('keeps every field of a certificate, hostile text and impossible dates included', async () => {
    const strange = certificate('strange', {
      subject: hostile,
      issuer: hostile,
      commonNames: [hostile, ''],
      names: ['strange.example.com', hostile.toLowerCase()],
      uris: ["it's", 'a,b', '[x]', ''],
      notBefore: new Date(Date.UTC(0, 0, 1) - 1_900 * 365 * 86_400_000),
      notAfter: new Date('9999-12-31T23:59:59.000Z'),
      extendedKeyUsages: null,
      key: null,
      sctCount: null,
      signatureAlgorithm: null,
      problems: [{ code: 'bad-time', message: hostile, fatal: true }],
    });
    await store.writeObservations([
      observation('strange.example.com', { certificate: strange, chain: [strange] }),
    ]);
    const detail = await store.reader.certificateDetail(strange.sha256);
    assert.ok(detail);
    const { servedNow, servedEver, logged, inventory, issuance, firstSeenAt, ...fields } = detail;
    const replaced = JSON.parse(
      JSON.stringify({ ...strange, der: null }).replaceAll('\\ud800 e', '\\ufffd e'),
    ) as Record<string, unknown>;
    assert.deepEqual(
      { ...fields, der: null, problems: null },
      { ...replaced, notBefore: strange.notBefore, notAfter: strange.notAfter, problems: null },
    );
    assert.equal(fields.problems[0]?.fatal, true);
    assert.deepEqual(firstSeenAt, noon);
    assert.deepEqual(
      servedNow.map((state) => state.target.host),
      ['strange.example.com'],
    );
    assert.equal(servedEver.length, 1);
    assert.deepEqual([logged, inventory, issuance], [[], [], []]);
  });

  it('joins a certificate with its precertificate, its log places and the inventory', async () => {
    const tbsSha256 = hash('one issuance');
    const final = certificate('joined.example.com', { tbsSha256 });
    const pre = certificate('joined.example.com pre', { tbsSha256, isPrecertificate: true });
    await store.writeObservations([
      observation('joined.example.com', { certificate: final, chain: [final] }),
    ]);
    await store.writeCtEntries([
      ctEntry('x', 7, { certificate: pre, entryType: 'precertificate' }),
      ctEntry('x', 8, { certificate: final }),
    ]);
    await store.writeCtPosition(position());
    await writeRun(
      {
        source: 'files',
        startedAt: noon,
        finishedAt: minutes(1),
        complete: true,
        items: 1,
        errors: [],
        notes: [],
      },
      [inventoryItem('files', 'joined.example.com', { tbsSha256, sha256: null })],
    );
    const detail = await store.reader.certificateDetail(final.sha256);
    assert.deepEqual(detail?.issuance, [{ sha256: pre.sha256, isPrecertificate: true }]);
    assert.deepEqual(
      detail.logged.map((place) => [place.leafIndex, place.entryType, place.log, place.verified]),
      [
        [7, 'precertificate', 'Log A', true],
        [8, 'x509', 'Log A', true],
      ],
    );
    assert.equal(detail.inventory[0]?.reference, 'joined.example.com.pem');
  });

  it('tells what the recent probes of an endpoint brought, newest first', async () => {
    const host = 'recent.example.com';
    const [one, two] = [observation(host), observation(host, { observedAt: minutes(1) })];
    const miss = observation(host, {
      observedAt: minutes(2),
      outcome: 'refused',
      certificate: null,
      chain: [],
      tls: null,
    });
    await store.writeObservations([one, two, miss]);
    const key = endpointKey(one.target);
    const probes = (await store.recentProbes([key, 'nothing'], minutes(-1))).get(key) ?? [];
    assert.deepEqual(
      probes.map(({ observedAt, chain, tls }) => [observedAt, chain.length, tls?.version]),
      [
        [two.observedAt, two.chain.length, 'TLSv1.3'],
        [one.observedAt, one.chain.length, 'TLSv1.3'],
      ],
    );
    assert.equal((await store.recentProbes([key], minutes(0))).get(key)?.length, 1);
  });

  it('counts the misses since an endpoint last served a certificate', async () => {
    const good = observation('misses.example.com');
    const miss = { outcome: 'refused', certificate: null, chain: [], tls: null } as const;
    await store.writeObservations([
      observation('misses.example.com', { ...miss, observedAt: minutes(-5) }),
      good,
      observation('misses.example.com', { ...miss, observedAt: minutes(5) }),
      observation('misses.example.com', { ...miss, observedAt: minutes(9) }),
    ]);
    const key = endpointKey(good.target);
    assert.deepEqual(
      await store.misses([key, 'unknown']),
      new Map([[key, { count: 2, firstAt: minutes(5) }]]),
    );
  });

  it('keeps findings as they are and every state they were in', async () => {
    const opened = finding('history.example.com', {
      details: { text: hostile, list: [1, null] },
      note: hostile,
    });
    const seenAgain = { ...opened, lastSeenAt: minutes(10) };
    const resolved: Finding = {
      ...seenAgain,
      state: 'resolved',
      change: 'resolved',
      resolution: 'superseded',
      revision: 2,
      resolvedAt: minutes(20),
      owner: 'web team',
      environment: 'production',
      tags: ['pci', 'edge'],
      assignee: 'ann',
      ticket: 'https://tickets.example/1',
    };
    await store.writeFindings([opened]);
    await store.writeFindings([resolved]);
    await store.writeFindings([seenAgain]);
    await store.writeFindings([resolved]);
    const now = await store.reader.findingById(opened.id);
    const details = { ...opened.details, text: stored };
    const asStored = { ...resolved, details, note: stored };
    assert.deepEqual(now, asStored);
    const history = await store.findingHistory(opened.id);
    assert.deepEqual(history, [{ ...seenAgain, details, note: stored }, asStored]);
    assert.ok(!(await store.openFindings()).some((one) => one.id === opened.id));
    assert.deepEqual(
      (await store.resolvedFindings()).find(({ id }) => id === opened.id),
      {
        id: opened.id,
        revision: 2,
        firstSeenAt: opened.firstSeenAt,
        assignee: 'ann',
        ticket: 'https://tickets.example/1',
      },
    );
  });

  it('remembers deliveries until they are sent', async () => {
    const pending = delivery('pager', 'out');
    await store.writeDeliveries([pending]);
    assert.deepEqual(await store.outbox.waitingDeliveries('pager', noon), [pending]);
    const sent = {
      ...pending,
      state: 'sent' as const,
      attempts: 1,
      nextAttemptAt: null,
      sentAt: minutes(1),
      lastDetail: '200',
    };
    await store.writeDeliveries([sent]);
    assert.deepEqual(await store.outbox.waitingDeliveries('pager', noon), []);
    const page = await store.reader.listDeliveries({ channel: 'pager' }, { limit: 10, cursor: null });
    assert.deepEqual(page.items, [sent]);
  });

  it('takes the last complete run of each source for the truth, and what a later one did read for known', async () => {
    const run = { startedAt: noon, finishedAt: minutes(1), complete: true, items: 1, errors: [], notes: [] };
    await writeRun({ ...run, source: 'fresh' }, [inventoryItem('fresh', 'managed')]);
    await writeRun(
      { ...run, source: 'fresh', startedAt: minutes(5), finishedAt: minutes(6), complete: false },
      [inventoryItem('fresh', 'half-read')],
    );
    await writeRun({ ...run, source: 'stale', startedAt: minutes(-9_000), finishedAt: minutes(-9_000) }, [
      inventoryItem('stale', 'long ago'),
    ]);
    await writeRun({ ...run, source: 'never', complete: false }, []);
    const index = await store.inventoryIndex(minutes(30), 24, ['fresh', 'never', 'stale', 'unheard-of']);
    const managed = certificate('managed');
    assert.deepEqual(index.staleSources, ['stale']);
    assert.deepEqual(
      index.incompleteSources.map(({ source }) => source),
      ['fresh', 'never'],
    );
    assert.equal(index.isWhole, false);
    assert.ok(index.sha256.has(managed.sha256));
    assert.ok(index.issuerSerial.has(`${managed.issuerSha256}:${managed.serialNumber}`));
    for (const seen of ['half-read', 'long ago']) assert.ok(index.sha256.has(certificate(seen).sha256), seen);
    const fresh = await store.inventoryIndex(minutes(30), 24, ['fresh']);
    assert.deepEqual([fresh.isWhole, fresh.sha256.has(certificate('long ago').sha256)], [true, false]);
    assert.equal((await store.inventoryIndex(minutes(30), 24, ['fresh', 'unheard-of'])).isWhole, false);
    const items = await store.reader.listInventory({ source: 'fresh' }, { limit: 10, cursor: null });
    assert.deepEqual(items.items, [inventoryItem('fresh', 'managed')]);
  });

  it('remembers positions, schedules, scans and the audit trail', async () => {
    const moved = position({ logId: 'moved', verifiedIndex: 95, updatedAt: minutes(1), lastError: hostile });
    await store.writeCtPosition(position({ logId: 'moved' }));
    await store.writeCtPosition(moved);
    assert.deepEqual(
      (await store.ctPositions()).filter((one) => one.logId === 'moved'),
      [{ ...moved, lastError: stored }],
    );
    await store.writeScheduleRun('nightly', noon);
    await store.writeScheduleRun('nightly', minutes(3));
    assert.deepEqual((await store.lastScheduleRuns()).get('nightly'), minutes(3));
    const scan = {
      id: 's',
      name: 'all',
      startedAt: noon,
      finishedAt: null,
      targets: 9,
      outcomes: { ok: 3 },
      resume: '{}',
    };
    await store.writeScanRun(scan);
    assert.deepEqual(await store.unfinishedScans(), [scan]);
    await store.writeScanRun({ ...scan, finishedAt: minutes(1), resume: null });
    assert.deepEqual(await store.unfinishedScans(), []);
    await store.writeAudit([{ at: noon, actor: 'me', action: 'test', subject: hostile, details: { a: 1 } }]);
  });

  it('answers its health', async () => {
    const health = await store.health();
    assert.equal(health.ok, true);
    assert.match(health.detail, /^ClickHouse \d+\./);
  });
});
