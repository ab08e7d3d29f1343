import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { reports } from '../../src/reports/index.js';
import type { ReportScope } from '../../src/model/reporting.js';
import type { Figure, ReportInput } from '../../src/reports/report.js';
import type { OpenStore } from '../../src/store/index.js';
import { hash } from '../store/sample.js';
import { inputOf, openWorld, rowsOf } from './world.js';

/** Figures of each report by the world's answer key. */
const key: Readonly<Record<string, Readonly<Record<string, Figure['value']>>>> = {
  inventory: {
    'Certificates valid in the period': 4,
    'Of these served by an endpoint': 3,
    'Logged, but never served': 1,
    'Without an owner': 2,
    'Endpoints observed': 3,
    'Endpoints that answered with a certificate': 2,
  },
  'expiry-forecast': {
    'End within 7 days after the period': 0,
    'End within 30 days after the period': 1,
    'End within 90 days after the period': 2,
    'Served at the end of the period and not expired': 2,
  },
  renewals: {
    Renewals: 1,
    'After the old certificate had expired': 0,
    'Hours from issuance to service, median': 36,
    'Hours from issuance to service, 95th percentile': 36,
  },
  findings: {
    Findings: 3,
    'Open at the end of the period': 2,
    'Severity critical': 1,
    'Severity error': 1,
    'Severity warning': 1,
    'Severity notice': 0,
    'Hours to acknowledge, median': 0.2,
    'Hours to acknowledge, 95th percentile': 1,
    'Hours to fix, median': 3,
    'Hours to fix, 95th percentile': 3,
  },
  exceptions: { Exceptions: 1, 'Without an end': 0, 'Without a reason': 0 },
  unexplained: { 'Certificates in question': 1, 'Still open at the end of the period': 1, shadow: 1 },
  'ct-monitoring': {
    'Watched entries': 1,
    'Proved against a signed tree head': 1,
    'Logs with watched entries': 1,
  },
  cryptography: {
    'Endpoints that answered': 2,
    'Negotiated TLS 1.2 or 1.3': 100,
    'Negotiated a post-quantum group': 0,
  },
  'ca-usage': { Issuers: 2, 'Issuers of served certificates': 2 },
  'key-sharing': { Keys: 3, 'In more than one certificate': 1 },
  deliveries: {
    Deliveries: 1,
    'State sent': 1,
    'Seconds until delivered, median': 60,
    'Seconds until delivered, 95th percentile': 60,
  },
  coverage: {
    'Hours with observations': 0.8,
    Scans: 1,
    'Scans that did not end': 0,
    'Imports of inventories': 0,
    'Imports that were not complete': 0,
  },
};

describe('reports over a known past', () => {
  let store: OpenStore;
  let input: ReportInput;
  before(async () => {
    store = await openWorld();
    input = inputOf(store);
  });
  after(() => store.close());

  const build = (id: string, change: Partial<ReportInput> = {}) =>
    reports.find((report) => report.id === id)!.build({ ...input, ...change });

  for (const [id, expected] of Object.entries(key)) {
    it(`gives the figures of ${id}`, async () => {
      const { figures } = await build(id);
      assert.deepEqual(Object.fromEntries(figures.map(({ label, value }) => [label, value])), expected);
    });
  }

  it('has an answer key for every report but the summary, which repeats them all', async () => {
    assert.deepEqual(reports.map(({ id }) => id).sort(), [...Object.keys(key), 'summary'].sort());
    const rows = await rowsOf((await build('summary')).tables, 'figures');
    assert.equal(rows.length, Object.values(key).flatMap(Object.keys).length);
  });

  it('lists certificates by SHA-256, with where and since when they were served', async () => {
    const rows = await rowsOf((await build('inventory')).tables, 'certificates');
    assert.deepEqual(
      rows.map(({ sha256 }) => sha256),
      rows.map(({ sha256 }) => sha256).toSorted(),
    );
    const renewed = rows.find(({ sha256 }) => sha256 === hash('sha256 shop-new'));
    assert.equal(renewed?.['owner'], 'shop team');
    assert.equal(renewed?.['endpointCount'], 1);
    assert.equal((renewed?.['servedFrom'] as Date).toISOString(), '2026-11-23T12:00:00.123Z');
  });

  it('limits everything to a domain, an owner, an environment or a tag', async () => {
    const scope: ReportScope = { domain: null, owner: null, environment: null, tag: null };
    const count = async (id: string, table: string, change: Partial<ReportScope>): Promise<number> =>
      (await rowsOf((await build(id, { scope: { ...scope, ...change } })).tables, table)).length;
    assert.equal(await count('inventory', 'certificates', { domain: 'shop.example.com' }), 2);
    assert.equal(await count('inventory', 'certificates', { owner: 'shop team' }), 2);
    assert.equal(await count('inventory', 'endpoints', { domain: 'example.com' }), 3);
    assert.equal(await count('findings', 'findings', { owner: 'web' }), 1);
    assert.equal(await count('findings', 'findings', { environment: 'production' }), 1);
    assert.equal(await count('findings', 'findings', { tag: 'pci' }), 1);
    assert.equal(await count('findings', 'findings', { tag: 'none such' }), 0);
  });

  it('tells who approved an exception, why and until when', async () => {
    const [row] = await rowsOf((await build('exceptions')).tables, 'exceptions');
    assert.deepEqual([row?.['approver'], row?.['reason'], row?.['kind']], ['ada', '=2+2', 'accepted']);
  });

  it('puts hours without observations together', async () => {
    const rows = await rowsOf((await build('coverage')).tables, 'gaps');
    const hours = rows.reduce((sum, row) => sum + Number(row['hours']), 0);
    assert.deepEqual([rows.length, hours], [3, 240 - 2 + 1]);
  });

  it('finds nothing in a period before anything happened', async () => {
    const period = { from: new Date('2020-01-01T00:00:00Z'), to: new Date('2020-02-01T00:00:00Z') };
    for (const { id } of reports.filter((report) => report.id !== 'summary')) {
      const { figures, tables } = await build(id, period);
      const counts = figures.filter(({ unit }) => unit !== '%' && unit !== 'h' && unit !== 's');
      assert.ok(
        counts.every(({ value }) => value === 0),
        `${id}: ${JSON.stringify(figures)}`,
      );
      for (const table of tables.filter((one) => one.id !== 'gaps' && one.id !== 'logs'))
        assert.deepEqual(await rowsOf([table], table.id), [], `${id} ${table.id}`);
    }
  });
});
