import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readCertificate } from '../../src/x509/read/read-certificate.js';
import { root } from '../architecture/modules.js';
import { collect } from '../support/collect.js';
import { startHttpService } from '../support/http-service.js';
import { issueFor } from '../support/pki.js';
import { example } from './example.js';

describe('the connector of CONTRIBUTING.md', () => {
  it('is the one that compiles here', () => {
    const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
    const section = text.slice(text.indexOf('## Add an inventory connector'));
    const [, code = ''] = /```ts\n([^]*?)```/.exec(section) ?? [];
    const here = readFileSync(join(root, 'test/inventory/example.ts'), 'utf8');
    // Only the way to the imported files differs; line breaks follow from it.
    const bare = (source: string): string =>
      source
        .replace(/from '(?:\.\.\/)+(?:src\/)?(?:inventory\/)?/g, "from '")
        .replace(/\s+/g, ' ')
        .replace(/,? (?=[}\])])/g, ' ');
    assert.equal(bare(here), bare(code));
  });
  it('lists what an API has, page by page', async () => {
    const held = ['a', 'b', 'c'].map((id) => ({ id, pem: issueFor(`${id}.example.com`).pem }));
    const service = await startHttpService(({ url, headers }) => {
      if (headers.authorization !== 'Bearer secret-token') return { status: 401 };
      if (url.pathname === '/certificates') {
        const start = Number(url.searchParams.get('cursor') ?? 0);
        const items = held.slice(start, start + 2).map(({ id }) => ({ id, owner: 'web' }));
        return { json: { items, next: start + 2 < held.length ? String(start + 2) : null } };
      }
      return {
        status: 200,
        text: held.find(({ id }) => url.pathname === `/certificates/${id}.pem`)?.pem ?? '',
      };
    });
    const open = (token: string) =>
      example.create(
        example.config.parse({ type: 'example', url: service.url, token }),
        'example:test',
        readCertificate,
      );
    const { signal } = new AbortController();
    const items = await collect(open('secret-token').list(signal, assert.fail));
    assert.deepEqual(
      items.map(({ reference, names, owner }) => [reference, names[0], owner]),
      held.map(({ id }) => [`certificate ${id}`, `${id}.example.com`, 'web']),
    );
    await assert.rejects(
      collect(open('wrong-token').list(signal, assert.fail)),
      /GET \/certificates: status 401/,
    );
    await service.close();
  });
});
