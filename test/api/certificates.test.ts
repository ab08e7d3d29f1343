import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ApiReader } from '../../src/store/console-reader.js';
import { certificate, noon } from '../store/sample.js';
import { api } from './parts.js';

it('lists 100 names of a certificate that bears thousands, and how many there are', async () => {
  const names = Array.from({ length: 5_000 }, (_, n) => `host-${n}.example.com`);
  const row = { ...certificate('many'), names, dnsNames: names, firstSeenAt: noon };
  const reader = { listCertificates: async () => ({ items: [row], nextCursor: null }) };
  const app = await api({}, { reader: reader as unknown as ApiReader });
  const answer = await app.inject({ url: '/api/v1/certificates', headers: { host: 'localhost' } });
  const [item] = answer.json<{ items: { names: string[]; dnsNames: string[]; nameCount: number }[] }>().items;
  assert.deepEqual([item?.names.length, item?.dnsNames.length, item?.nameCount], [100, 100, 5_000]);
  assert.ok(answer.body.length < 20_000);
  await app.close();
});
