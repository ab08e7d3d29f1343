import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { SurveyFacts } from '../../src/model/survey.js';
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
  surveyWith,
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

  it('takes what an endpoint served last for served, whatever a survey met besides', async () => {
    const [first, second, other] = ['first', 'second', 'other'].map((name) =>
      certificate(name, { notAfter: new Date('2031-05-06T07:08:09Z'), issuer: 'CN=Changing' }),
    );
    assert.ok(first && second && other);
    const look = (leaf: typeof first, minute: number, survey: SurveyFacts | null = null) =>
      observation('changing.example', {
        certificate: leaf,
        chain: [leaf],
        observedAt: minutes(minute),
        survey,
      });
    const served = async (): Promise<unknown> =>
      (await store.reader.issuerBreakdown(noon)).filter((row) => row.issuer === 'CN=Changing');
    const expected = (certificates: number): unknown => [
      { issuer: 'CN=Changing', certificates, unexpired: certificates, served: 1 },
    ];
    // There and back within a batch; a survey meets another one; then that one takes the place of the first.
    await store.writeObservations([look(first, 510), look(second, 511), look(first, 512)]);
    assert.deepEqual(await served(), expected(2));
    await store.writeObservations([look(first, 513, surveyWith(other))]);
    assert.deepEqual(await served(), expected(3));
    await store.writeObservations([look(other, 514)]);
    assert.deepEqual(await served(), expected(3));
    const listed = await store.reader.listCertificates(
      { issuer: 'CN=Changing', served: true },
      { limit: 9, cursor: null },
    );
    assert.deepEqual(
      listed.items.map((row) => row.sha256),
      [other.sha256],
    );
    const timeline = await store.reader.expiryTimeline(new Date('2031-05-01'), new Date('2031-06-01'));
    assert.deepEqual(timeline, [{ day: new Date('2031-05-06'), certificates: 3, served: 1 }]);
  });

  it('breaks certificates down by issuer', async () => {
    assert.deepEqual(await store.reader.issuerBreakdown(noon), [
      { issuer: 'CN=Test CA', certificates: 8, unexpired: 8, served: 6 },
      { issuer: 'CN=Changing', certificates: 3, unexpired: 3, served: 1 },
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
