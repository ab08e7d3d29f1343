import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuditEntry } from '../../src/model/audit-entry.js';
import { api, bearer, noActions, secrets, tokens } from './parts.js';

const url = '/api/v1/channels/webhook%3Aoncall/test';
const refused = { ok: false, partial: false, detail: 'status 403: invalid_token', seconds: 0.2 };

describe('a test of a channel', () => {
  const written: AuditEntry[] = [];
  const start = () =>
    api(
      { tokens },
      {
        channels: () => [{ name: 'webhook:oncall', kind: 'webhook' }],
        actions: { ...noActions, testChannel: async (name) => (name === 'webhook:oncall' ? refused : null) },
        writeAudit: async (entry) => void written.push(entry),
      },
    );

  it('answers what the receiver answered, and stands in the audit trail', async () => {
    const app = await start();
    const answer = await app.inject({ method: 'POST', url, headers: bearer(secrets.operator) });
    assert.equal(answer.statusCode, 200, answer.body);
    assert.deepEqual(answer.json(), { channel: 'webhook:oncall', ...refused });
    const [entry] = written;
    assert.deepEqual([entry?.action, entry?.actor], ['channel.test', 'otto']);
    assert.match(JSON.stringify(entry), /invalid_token/);
    await app.close();
  });

  it('is not for readers, and says which channels there are', async () => {
    const app = await start();
    const asReader = await app.inject({ method: 'POST', url, headers: bearer(secrets.reader) });
    assert.equal(asReader.statusCode, 403);
    const other = {
      method: 'POST',
      url: '/api/v1/channels/email/test',
      headers: bearer(secrets.admin),
    } as const;
    const missing = await app.inject(other);
    assert.equal(missing.statusCode, 404);
    assert.equal(missing.json().detail, 'there is no channel email; configured: webhook:oncall');
    await app.close();
  });
});
