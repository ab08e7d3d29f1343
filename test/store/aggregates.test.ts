import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openStore, type OpenStore } from '../../src/store/index.js';
import { fill } from './filled.js';
import {
  certificate,
  embeddedConfig,
  finding,
  hash,
  log,
  minutes,
  noon,
  observation,
  temporaryFolder,
} from './sample.js';

const day = 86_400_000;

describe('the figures the API reads', () => {
  let store: OpenStore;
  before(async () => {
    store = await openStore(embeddedConfig(temporaryFolder()), log);
    await fill(store);
  });
  after(() => store.close());

  it('counts certificates by the day they expire, and those served', async () => {
    const expires = certificate('expires').notAfter;
    assert.ok(expires);
    const buckets = await store.reader.expiryTimeline(
      new Date(expires.getTime() - day),
      new Date(expires.getTime() + day),
    );
    assert.deepEqual(buckets, [
      { day: new Date(Math.floor(expires.getTime() / day) * day), certificates: 8, served: 6 },
    ]);
  });

  it('breaks certificates down by issuer', async () => {
    assert.deepEqual(await store.reader.issuerBreakdown(noon), [
      { issuer: 'CN=Test CA', certificates: 8, unexpired: 8, served: 6 },
    ]);
  });

  it('finds keys that several hosts or certificates share', async () => {
    const spkiSha256 = hash('shared key');
    const [one, two] = ['one.shared.example', 'two.shared.example'].map((host) => {
      const leaf = certificate(host, { spkiSha256, notAfter: minutes(1), issuer: 'CN=Other' });
      return observation(host, { certificate: leaf, chain: [leaf] });
    });
    assert.ok(one && two);
    await store.writeObservations([one, two]);
    assert.deepEqual(await store.reader.keyReuse(), [
      { spkiSha256, certificates: 2, endpoints: 2, hosts: ['one.shared.example', 'two.shared.example'] },
    ]);
  });

  it('counts looks by hour and outcome', async () => {
    const rows = await store.reader.observationsPerHour(minutes(0), minutes(300));
    assert.deepEqual(
      rows.map((row) => [row.hour.toISOString(), row.outcome, row.observations]),
      [
        ['2026-11-23T12:00:00.000Z', 'ok', 8],
        ['2026-11-23T13:00:00.000Z', 'ok', 6],
        ['2026-11-23T15:00:00.000Z', 'refused', 1],
      ],
    );
  });

  it('counts what was open at the end of each day, by severity', async () => {
    const opened = new Date('2025-03-01T10:00:00Z');
    const times = { openedAt: opened, lastSeenAt: opened };
    await store.writeFindings([finding('per day', { severity: 'critical', ...times })]);
    await store.writeFindings([
      finding('per day', {
        severity: 'critical',
        ...times,
        state: 'resolved',
        revision: 2,
        resolvedAt: new Date('2025-03-03T09:00:00Z'),
      }),
    ]);
    const days = await store.reader.openFindingsPerDay(
      new Date('2025-02-27T00:00:00Z'),
      new Date('2025-03-05T00:00:00Z'),
    );
    assert.deepEqual(
      days.map((row) => [row.day.toISOString().slice(0, 10), row.severity, row.open]),
      [
        ['2025-03-01', 'critical', 1],
        ['2025-03-02', 'critical', 1],
      ],
    );
    const counts = await store.reader.findingCounts();
    assert.deepEqual(counts, [
      { severity: 'notice', state: 'open', count: 1 },
      { severity: 'error', state: 'open', count: 6 },
    ]);
  });
});
