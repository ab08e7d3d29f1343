import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Certificate } from '../../src/model/certificate.js';
import type { CtEntry } from '../../src/model/ct-entry.js';
import { openStore, type OpenStore } from '../../src/store/index.js';
import { certificate, ctEntry, embeddedConfig, log, minutes, temporaryFolder } from './sample.js';

describe('a log entry of which only the names are kept', () => {
  let store: OpenStore;
  before(async () => {
    store = await openStore(embeddedConfig(temporaryFolder()), log);
  });
  after(() => store.close());

  it('takes the bytes of no certificate away, whichever comes first', async () => {
    const bare = { der: new Uint8Array() };
    const full = certificate('names.example.com');
    const { sha256 } = full;
    const entry = (index: number, kept: Certificate): CtEntry =>
      ctEntry('names.example.com', index, { certificate: kept, seenAt: minutes(index) });
    const nameless = entry(1, { ...full, ...bare });
    await store.writeCtEntries([nameless]);
    assert.deepEqual(await store.certificates([sha256]), new Map());
    assert.equal((await store.reader.certificateDetail(sha256))?.der.length, 0);
    await store.writeCtEntries([entry(2, full), entry(3, { ...full, ...bare })]);
    await store.writeCtEntries([entry(4, { ...full, ...bare })]);
    assert.deepEqual(await store.certificates([sha256]), new Map([[sha256, full.der]]));
    assert.deepEqual((await store.reader.certificateDetail(sha256))?.der, full.der);
    const names = await store.reader.listCertificates(
      { host: 'names.example.com' },
      { limit: 9, cursor: null },
    );
    assert.equal(names.items.length, 1);
  });
});
