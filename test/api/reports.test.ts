import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { it } from 'node:test';
import type { Reporting, ReportRequest } from '../../src/model/reporting.js';
import { api, bearer, secrets, tokens } from './parts.js';

const asked: ReportRequest[] = [];
const reporting: Reporting = {
  reports: [{ id: 'inventory', title: 'Inventory', description: 'All.' }],
  frameworks: [{ id: 'soc2', title: 'SOC 2', description: 'A source.' }],
  report(id, request, format, table) {
    if (id !== 'inventory') return null;
    asked.push(request);
    if (table === 'none')
      return (async function* () {
        throw new Error('no such table');
      })();
    return (async function* () {
      yield `${format} `;
      yield 'of the report';
    })();
  },
  evidence: async (framework) => (framework === 'soc2' ? Readable.from(['PK']) : null),
};
const period = 'from=2026-11-01T00:00:00Z&to=2026-11-20T00:00:00Z';

async function get(path: string, token: string = secrets.admin) {
  const app = await api({ tokens }, { reporting });
  try {
    return await app.inject({ url: path, headers: bearer(token) });
  } finally {
    await app.close();
  }
}

it('lists reports and frameworks', async () => {
  assert.deepEqual((await get('/api/v1/reports')).json(), { items: reporting.reports });
  assert.deepEqual((await get('/api/v1/evidence')).json(), { items: reporting.frameworks });
});

for (const [format, type] of [
  ['html', 'text/html; charset=utf-8'],
  ['json', 'application/json; charset=utf-8'],
  ['csv', 'text/csv; charset=utf-8; header=present'],
] as const) {
  it(`streams a report as ${format}, and hands over period and scope`, async () => {
    const scope = 'domain=Example.COM&owner=web&environment=prod&tag=pci';
    const answer = await get(`/api/v1/reports/inventory?${period}&${scope}&format=${format}`, secrets.reader);
    assert.deepEqual(
      [answer.statusCode, answer.headers['content-type'], answer.body],
      [200, type, `${format} of the report`],
    );
    assert.match(
      String(answer.headers['content-security-policy']),
      /default-src 'none'; .*frame-ancestors 'none'/,
    );
    assert.deepEqual(asked.at(-1), {
      from: new Date('2026-11-01T00:00:00Z'),
      to: new Date('2026-11-20T00:00:00Z'),
      scope: { domain: 'example.com', owner: 'web', environment: 'prod', tag: 'pci' },
    });
  });
}

for (const [name, path, status] of [
  ['an unknown report', `reports/none?${period}`, 404],
  ['an unknown framework', `evidence/none?${period}`, 404],
  [
    'a period that ends before it begins',
    'reports/inventory?from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z',
    400,
  ],
  ['an empty period', 'reports/inventory?from=2026-11-02T00:00:00Z&to=2026-11-02T00:00:00Z', 400],
  ['eleven years', 'reports/inventory?from=2015-11-02T00:00:00Z&to=2026-11-02T00:00:00Z', 400],
  ['the future', 'reports/inventory?from=2036-11-02T00:00:00Z&to=2037-11-02T00:00:00Z', 400],
  ['no period', 'reports/inventory', 400],
  ['an unknown format', `reports/inventory?${period}&format=xls`, 400],
  ['a report that fails at once', `reports/inventory?${period}&format=csv&table=none`, 500],
] as const) {
  it(`answers ${name} with a problem`, async () => {
    const answer = await get(`/api/v1/${path}`);
    assert.equal(answer.statusCode, status, answer.body);
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
  });
}

it('exports evidence for administrators only', async () => {
  const path = `/api/v1/evidence/soc2?${period}`;
  const answer = await get(path);
  assert.deepEqual(
    [answer.statusCode, answer.headers['content-type'], answer.body],
    [200, 'application/zip', 'PK'],
  );
  assert.equal((await get(path, secrets.operator)).statusCode, 403);
});
