import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { IncidentRecord, Incidents } from '../../src/model/emergency.js';
import type { AuditEntry } from '../../src/model/audit-entry.js';
import { api, bearer, secrets, tokens } from './parts.js';

const key = 'ab'.repeat(32);
const progress = {
  certificates: 3,
  serving: 1,
  reissued: 1,
  replaced: 0,
  notServed: 1,
  expired: 0,
  endpointsServing: 4,
  endpointsReplaced: 0,
};
const record: IncidentRecord = {
  id: 'i-1',
  kind: 'key',
  value: key,
  note: '',
  drill: false,
  openedAt: new Date('2026-12-01T12:00:00Z'),
  openedBy: 'ada',
  closedAt: null,
  closedBy: null,
  closingNote: '',
  atOpening: progress,
  atClosing: null,
};
const incidents: Incidents = {
  open: async (incident, openedBy) => ({ ...record, ...incident, openedBy }),
  list: async () => [record],
  get: async (id) => (id === 'i-1' ? { record, progress: { ...progress, replaced: 1 } } : null),
  close: async (id, closingNote, closedBy) =>
    id === 'i-1' ? { ...record, closingNote, closedBy } : id === 'closed' ? 'it was closed already' : null,
  async report(id, scope, format) {
    if (id !== 'i-1') return null;
    return (async function* () {
      yield `${format} ${scope.owner}`;
    })();
  },
};

async function ask(method: 'GET' | 'POST', path: string, body?: object, token: string = secrets.operator) {
  const audited: AuditEntry[] = [];
  const writeAudit = async (entry: AuditEntry): Promise<void> => void audited.push(entry);
  const app = await api({ tokens }, { incidents, writeAudit });
  try {
    const payload = body === undefined ? {} : { payload: body };
    const answer = await app.inject({
      method,
      url: `/api/v1/incidents${path}`,
      headers: bearer(token),
      ...payload,
    });
    return { answer, audited };
  } finally {
    await app.close();
  }
}

it('opens an incident in the name of who asks, hashes in lower case, and notes it', async () => {
  const { answer, audited } = await ask('POST', '', { kind: 'key', value: key.toUpperCase(), drill: true });
  assert.equal(answer.statusCode, 201, answer.body);
  const { value, drill, openedBy, atOpening } = answer.json<IncidentRecord>();
  assert.deepEqual([value, drill, openedBy, atOpening.endpointsServing], [key, true, audited[0]?.actor, 4]);
  assert.deepEqual([audited[0]?.action, audited[0]?.details['certificates']], ['incident.open', 3]);
});

it('shows, lists and closes incidents', async () => {
  assert.equal((await ask('GET', '')).answer.json<{ items: unknown[] }>().items.length, 1);
  const shown = (await ask('GET', '/i-1')).answer.json<{ progress: { replaced: number } }>();
  assert.equal(shown.progress.replaced, 1);
  const { answer, audited } = await ask('POST', '/i-1/close', { note: 'done' });
  assert.deepEqual([answer.statusCode, audited[0]?.details['note']], [200, 'done']);
});

it('streams the report of an incident, limited as asked', async () => {
  const { answer } = await ask('GET', '/i-1/report?format=csv&owner=web');
  assert.deepEqual([answer.statusCode, answer.body], [200, 'csv web']);
  assert.match(String(answer.headers['content-disposition']), /incident-i-1\.csv/);
  const page = (await ask('GET', '/i-1/report')).answer;
  assert.match(String(page.headers['content-security-policy']), /style-src/);
});

for (const [name, method, path, body, status, token] of [
  ['a key that is no hash', 'POST', '', { kind: 'key', value: 'mine' }, 400],
  ['another kind', 'POST', '', { kind: 'moon', value: 'x' }, 400],
  ['an empty value', 'POST', '', { kind: 'ca', value: ' ' }, 400],
  ['several lines', 'POST', '', { kind: 'ca', value: 'a\nb' }, 400],
  ['a reader who opens one', 'POST', '', { kind: 'ca', value: 'x' }, 403, secrets.reader],
  ['an unknown incident', 'GET', '/none', undefined, 404],
  ['the report of an unknown incident', 'GET', '/none/report', undefined, 404],
  ['closing an unknown incident', 'POST', '/none/close', {}, 404],
  ['closing one twice', 'POST', '/closed/close', {}, 409],
] as const)
  it(`answers ${name} with ${status}`, async () => {
    const { answer } = await ask(method, path, body, token);
    assert.equal(answer.statusCode, status, answer.body);
  });
