import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createConnectors, inventoryConfig } from '../../src/inventory/config.js';
import { readCertificate } from '../../src/x509/read/read-certificate.js';
import { startHttpService } from '../support/http-service.js';
import { issueFor } from '../support/pki.js';

/** So that what is measured is held, and not merely not yet collected. */
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const pageSize = 1_000;
const mebibyte = 2 ** 20;
/** One certificate for all: what is measured is what a run holds, not what it reads. */
const pem = Buffer.from(issueFor('www.example.com').pem).toString('base64');

/** Listings made up page by page, so that the server beside it holds nothing either. */
const sources = {
  'venafi-cloud': {
    count: 100_000,
    config: (url: string) => ({ type: 'venafi-cloud', url, apiKey: 'secret-key', allowPrivate: true }),
    page(request: { readonly body: string }, count: number) {
      const { paging } = JSON.parse(request.body) as { paging: { pageNumber: number } };
      const start = paging.pageNumber * pageSize;
      const certificates = Array.from({ length: start < count ? pageSize : 0 }, (_, n) => ({
        id: `certificate-${start + n}`,
        fingerprint: (start + n).toString(16).padStart(40, '0'),
        certificateStatus: 'ACTIVE',
        subjectCN: [`host-${start + n}.example.com`],
      }));
      return { certificates };
    },
  },
  // Each of these is read as a certificate, which is what takes the time.
  kubernetes: {
    count: 20_000,
    config: (url: string) => ({
      type: 'kubernetes',
      access: { from: 'token', url, token: 'secret-token' },
      namespaces: ['shop'],
      secrets: true,
    }),
    page({ url }: { readonly url: URL }, count: number) {
      if (!url.pathname.endsWith('/secrets')) return { items: [] };
      const start = Number(url.searchParams.get('continue') ?? 0);
      const items = Array.from({ length: pageSize }, (_, n) => ({
        metadata: { namespace: 'shop', name: `tls-${start + n}` },
        data: { 'tls.crt': pem, 'tls.key': 'x'.repeat(300) },
      }));
      const next = start + pageSize;
      return { metadata: { continue: next < count ? String(next) : '' }, items };
    },
  },
};

describe('a long listing', () => {
  for (const [name, { count, config, page }] of Object.entries(sources))
    it(
      `${count} items of ${name} are read within 64 MiB, none lost or doubled`,
      { timeout: 300_000 },
      async () => {
        const service = await startHttpService((request) => {
          // The harness keeps requests; here they would be what grows.
          service.requests.length = 0;
          return { json: page(request, count) };
        });
        const [connector] = createConnectors(
          inventoryConfig.parse({ sources: [config(service.url)] }),
          readCertificate,
        );
        const references = new Uint8Array(count);
        let least = Infinity;
        let most = 0;
        let seen = 0;
        for await (const { reference } of connector!.list(new AbortController().signal, assert.fail)) {
          references[Number(/\d+$/.exec(reference)?.[0])]! += 1;
          seen += 1;
          if (seen % 10_000 !== 0) continue;
          collectGarbage();
          const { heapUsed, external } = process.memoryUsage();
          least = Math.min(least, heapUsed + external);
          most = Math.max(most, heapUsed + external);
        }
        await service.close();
        assert.equal(seen, count);
        assert.ok(references.every((times) => times === 1));
        assert.ok(most - least < 64 * mebibyte, `${Math.round((most - least) / mebibyte)} MiB`);
      },
    );
});
