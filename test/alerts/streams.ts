import assert from 'node:assert/strict';
import type { CertglassEvent } from '../../src/model/event.js';
import type { Message } from '../../src/alerts/channel.js';
import { finding, hostileTexts, message } from './samples.js';

/** A stream's message: one critical finding about a certificate, and one that is resolved. */
export async function streamMessage(): Promise<Message> {
  const resolvedAt = new Date('2026-11-23T11:00:00Z');
  const base = await message(
    [finding(), finding({ id: 'e'.repeat(32), state: 'resolved', resolvedAt })],
    {},
    'stream',
  );
  const certificate = {
    sha256: 'a'.repeat(64),
    subject: 'CN=www.example.com',
    issuer: 'CN=Test CA,O=Example',
    serialNumber: 'abc01',
    notBefore: '2026-08-01T00:00:00.000Z',
    notAfter: '2026-11-01T00:00:00.000Z',
    dnsNames: ['www.example.com'],
  };
  return { ...base, alerts: base.alerts.map((alert) => ({ ...alert, certificate })) };
}

/** A stream's message whose every text is hostile, for each hostile text. */
export async function hostileMessages(): Promise<readonly Message[]> {
  return Promise.all(
    hostileTexts.map((text) =>
      message([finding({ title: text, rule: text, host: text, details: { [text]: text } })], {}, 'stream'),
    ),
  );
}

/** Asserts that a line steers no terminal and breaks no line protocol. */
export function assertOneLine(line: string): void {
  assert.doesNotMatch(line, /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029\u202e]/u);
}

/** The fields of an event that every format has to carry. */
export function keyFacts({ id, event_type, certificate_sha256 }: CertglassEvent): readonly unknown[] {
  return [id, event_type, certificate_sha256];
}
