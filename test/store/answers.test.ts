import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { CaaAnswer, NameAnswer, RevocationStatus } from '../../src/model/network.js';
import { continued } from '../../src/model/network.js';
import { openStore, type OpenStore } from '../../src/store/index.js';
import {
  certificate,
  collect,
  embeddedConfig,
  hash,
  log,
  minutes,
  noon,
  observation,
  temporaryFolder,
} from './sample.js';

const status = (seed: string, change: Partial<RevocationStatus> = {}): RevocationStatus => ({
  question: 'revocation',
  key: hash(seed),
  since: noon,
  checkedAt: noon,
  detail: null,
  outcome: 'good',
  reason: null,
  revokedAt: null,
  method: 'crl',
  source: 'http://crl.example/1.crl',
  thisUpdate: noon,
  nextUpdate: minutes(600),
  ...change,
});

const name = (key: string, change: Partial<NameAnswer> = {}): NameAnswer => ({
  question: 'name',
  key,
  since: noon,
  checkedAt: noon,
  detail: null,
  outcome: 'found',
  addresses: ['192.0.2.1'],
  aliases: [],
  https: [],
  ...change,
});

describe('answers of the network', () => {
  it('keep their beginning while they stay the same, whatever passes', () => {
    const first = status('a');
    const again = status('a', {
      since: minutes(9),
      checkedAt: minutes(9),
      thisUpdate: minutes(9),
      detail: 'x',
    });
    assert.deepEqual(continued(again, first).since, noon);
    assert.deepEqual(continued({ ...again, outcome: 'revoked' }, first).since, minutes(9));
    assert.deepEqual(continued(again, undefined).since, minutes(9));
    assert.deepEqual(continued(name('n', { addresses: [] }), name('n', { since: minutes(-5) })).since, noon);
  });
});

describe('the store of answers', () => {
  let store: OpenStore;
  before(async () => {
    store = await openStore(embeddedConfig(temporaryFolder()), log);
  });
  after(() => store.close());

  it('gives the present answer as it was written, and the earlier ones', async () => {
    const good = status('history');
    const later = { ...good, checkedAt: minutes(30) };
    const revoked = status('history', {
      since: minutes(60),
      checkedAt: minutes(60),
      outcome: 'revoked',
      reason: 'keyCompromise',
      revokedAt: minutes(50),
      detail: `hostile ' \\ \u0000 \n`,
    });
    for (const answer of [good, revoked, later]) await store.take({ kind: 'answers', answers: [answer] });
    assert.deepEqual(await collect(store.answers('revocation', [hash('history')])), [revoked]);
    assert.deepEqual(await store.answerHistory('revocation', hash('history')), [later, revoked]);
    assert.deepEqual(await store.reader.answerHistory('revocation', hash('history')), [later, revoked]);
    assert.deepEqual(await collect(store.answers('revocation', [hash('nothing')])), []);
  });

  it('keeps questions apart, and pages through one of them', async () => {
    const names = Array.from({ length: 25 }, (_, index) =>
      name(`n${String(index).padStart(2, '0')}.example`),
    );
    names[7] = { ...name('n07.example'), outcome: 'nxdomain', addresses: [] };
    const caa: CaaAnswer = {
      question: 'caa',
      key: 'n00.example',
      since: noon,
      checkedAt: noon,
      detail: null,
      outcome: 'found',
      foundAt: 'example',
      records: [{ critical: false, tag: 'issue', value: 'ca.example' }],
      authenticated: true,
    };
    await store.take({ kind: 'answers', answers: [...names, caa] });
    assert.deepEqual(await collect(store.answers('name')), names);
    assert.deepEqual(await collect(store.answers('caa')), [caa]);
    const seen: string[] = [];
    for (let cursor: string | null = null, pages = 0; pages < 5; pages += 1) {
      const page: Awaited<ReturnType<typeof store.reader.listAnswers>> = await store.reader.listAnswers(
        { question: 'name' },
        { limit: 10, cursor },
      );
      seen.push(...page.items.map(({ key }) => key));
      cursor = page.nextCursor;
      if (cursor === null) break;
    }
    assert.deepEqual(
      seen,
      names.map(({ key }) => key),
    );
    const filtered = await store.reader.listAnswers(
      { question: 'name', outcome: 'nxdomain' },
      { limit: 10, cursor: null },
    );
    assert.deepEqual(filtered.items, [names[7]]);
  });

  it('finds the certificates under a domain that have not expired', async () => {
    const served = (host: string, notAfter: Date) => {
      const leaf = certificate(host, { names: [host], dnsNames: [host], notAfter });
      return observation(host, { certificate: leaf, chain: [leaf] });
    };
    const batch = [
      served('a.under.example', minutes(100)),
      served('under.example', minutes(100)),
      served('b.under.example', minutes(-1)),
      served('notunder.example', minutes(100)),
    ];
    await store.writeObservations(batch);
    const found = await collect(store.certificatesUnder(['under.example'], noon));
    assert.deepEqual(new Set(found), new Set([batch[0]?.certificate?.sha256, batch[1]?.certificate?.sha256]));
  });
});
