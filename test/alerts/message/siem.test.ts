import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventsOf } from '../../../src/alerts/message/siem.js';
import { colonSerial, eventJsonSchema, eventSchema } from '../../../src/model/event.js';
import type { Finding } from '../../../src/model/finding.js';
import { finding, findings, hostileTexts, message } from '../samples.js';

const certificate = {
  sha256: 'a'.repeat(64),
  subject: 'CN=www.example.com',
  issuer: 'CN=Test CA',
  serialNumber: 'abc01',
  notBefore: '2026-08-01T00:00:00.000Z',
  notAfter: '2026-11-01T00:00:00.000Z',
  dnsNames: ['www.example.com'],
};

async function eventOf(parts: Partial<Finding>, about = {}) {
  const base = await message([finding(parts)], about);
  const alerts = base.alerts.map((alert) => ({ ...alert, certificate }));
  return eventsOf({ ...base, alerts })[0]!;
}

describe('events of findings', () => {
  it('have the fields that SIEM users know', async () => {
    const event = await eventOf({});
    assert.equal(event.event_type, 'certificate_expired');
    assert.equal(event.certificate_subject, 'CN=www.example.com');
    assert.equal(event.certificate_serial, '0A:BC:01');
    assert.equal(event.issuer, 'CN=Test CA');
    assert.equal(event.expiration_date, '2026-11-01T00:00:00.000Z');
    assert.equal(event.deployment_status, 'served');
    assert.deepEqual(event.target_systems, ['www.example.com:443']);
    assert.equal(event.timestamp, '2026-11-23T10:00:00.000Z');
  });

  for (const [name, parts, type] of [
    ['one that is opened', { rule: 'weak-key' }, 'finding_opened'],
    ['one that expires', { rule: 'expiring' }, 'certificate_expiring'],
    ['one that is resolved', { state: 'resolved', resolvedAt: new Date() }, 'finding_resolved'],
    ['one that is acknowledged', { state: 'acknowledged' }, 'finding_acknowledged'],
    ['one that is accepted', { rule: 'weak-key', state: 'silenced' }, 'finding_opened'],
  ] as const)
    it(`call ${name} ${type}`, async () => assert.equal((await eventOf(parts)).event_type, type));

  it('are valid by their own schema, whatever the text in them', async () => {
    for (const text of hostileTexts) {
      const event = await eventOf({ title: text, host: text, rule: text, details: { [text]: text } });
      assert.equal(eventSchema.safeParse(event).success, true, text.slice(0, 30));
    }
  });

  it('have ids of their own, the same in every try', async () => {
    const many = eventsOf(await message(findings(100)));
    assert.equal(new Set(many.map(({ id }) => id)).size, 100);
    assert.deepEqual(many, eventsOf(await message(findings(100))));
  });

  it('are one where there is no finding', async () => {
    const [event, ...others] = eventsOf(await message([], { kind: 'heartbeat' }));
    assert.equal(event?.event_type, 'heartbeat');
    assert.equal(others.length, 0);
  });
});

it('writes serials as octets with colons', () => {
  assert.deepEqual(['0', 'f', '1ff', ''].map(colonSerial), ['00', '0F', '01:FF', '']);
});

it('describes every field of an event', () => {
  const schema = JSON.parse(eventJsonSchema());
  for (const [name, field] of Object.entries<{ description?: string; const?: string }>(schema.properties))
    assert.ok(field.description, name);
  assert.equal(schema.additionalProperties, false);
});
