import assert from 'node:assert/strict';
import { it } from 'node:test';
import { OpenFindings } from '../../src/judging/open-findings.js';
import type { Incident } from '../../src/model/incident.js';
import { judgeUntested } from '../../src/service/untested-channels.js';
import { finding } from '../store/sample.js';

const states = [
  { name: 'email', lastSentAt: new Date() },
  { name: 'webhook:failing', lastSentAt: null },
].map((one) => ({ ...one, lastFailedAt: null, lastDetail: null, pending: 0, retrying: 0, failed: 0 }));

it('reports channels that never delivered anything, until they do or are removed', async () => {
  const told: string[] = [];
  const open = ['email', 'removed'].map((key) =>
    finding(key, { rule: 'alert-channel-untested', subject: { kind: 'channel', key } }),
  );
  await judgeUntested(['email', 'webhook:failing', 'slack', 'slack:proven'], {
    store: {
      reader: { channelStates: async () => [...states, { ...states[0]!, name: 'slack:proven' }] },
    },
    ledger: { open: new OpenFindings(open) },
    pipeline: {
      incident: async ({ rule, subject, active }: Incident) =>
        void told.push(`${rule} ${subject.kind} ${subject.key} ${active}`),
    },
  });
  assert.deepEqual(told, [
    'alert-channel-untested channel email false',
    'alert-channel-untested channel webhook:failing true',
    'alert-channel-untested channel slack true',
    'alert-channel-untested channel removed false',
  ]);
});
