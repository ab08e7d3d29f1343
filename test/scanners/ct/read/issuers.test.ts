import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { FoundEntry } from '../../../../scanners/ct/decode/found-entry.js';
import { createIssuerCache } from '../../../../scanners/ct/read/issuers.js';
import type { LogReader } from '../../../../scanners/ct/read/log-reader.js';
import { issueCa } from '../../../support/pki.js';

const hex = (number: number): string => number.toString(16).padStart(64, '0');
const entryWith = (chain: readonly string[]): FoundEntry =>
  ({ chain, chainCertificates: [], issuerKeyHash: null }) as unknown as FoundEntry;
const signal = new AbortController().signal;

it('issuers are asked for once, however many entries name them', async () => {
  const ca = issueCa('Issuer Cache CA');
  let asked = 0;
  const issuer: LogReader['issuer'] = async () => ((asked += 1), ca.der);
  const cache = createIssuerCache(null);
  const entries = Array.from({ length: 20 }, () => entryWith([ca.sha256]));
  for (let time = 0; time < 2; time += 1) {
    const complete = await cache.complete(entries, { issuer } as LogReader, signal);
    assert.ok(complete.every(({ chainCertificates }) => chainCertificates[0]?.sha256 === ca.sha256));
  }
  assert.equal(asked, 1);
});

it('chains made to be fetched for ever are fetched in part, and keep no entry from its reader', async () => {
  let asked = 0;
  const issuer: LogReader['issuer'] = () => {
    asked += 1;
    return new Promise(() => undefined);
  };
  const cache = createIssuerCache(null);
  const entries = Array.from({ length: 500 }, (_, at) =>
    entryWith(Array.from({ length: 2000 }, (_, position) => hex(at * 2000 + position))),
  );
  const complete = await cache.complete(entries, { issuer } as LogReader, signal);
  assert.equal(complete.length, 500);
  assert.ok(asked <= 256, String(asked));
});
