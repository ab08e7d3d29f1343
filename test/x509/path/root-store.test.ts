import assert from 'node:assert/strict';
import { it } from 'node:test';
import { validatePath } from '../../../src/x509/path/validate.js';
import { createRootStore, fullTrust, storeLabel, type RootTrust } from '../../../src/x509/path/root-store.js';
import { chainTime, ext, makeChain, rootLink, sharedKey } from '../../support/chain.js';

const about = { name: 'test', date: '2026-06-01', isPublic: true };
const { leaf, issuers, root } = makeChain({
  leaf: { extensions: { policies: ext.policies('2.23.140.1.2.1') } },
});
const untrusted: RootTrust = { trusted: false, distrustAfter: null };
const until = (day: string): RootTrust => ({ trusted: true, distrustAfter: new Date(day) });

/** Codes for the chain below a root trusted so. */
function codes(
  server: RootTrust,
  client: RootTrust,
  purpose: 'server' | 'client' | 'ca' = 'server',
): readonly string[] {
  const { errors } = validatePath({
    certificate: purpose === 'ca' ? issuers[0]!.der : leaf.der,
    intermediates: issuers.map(({ der }) => der),
    rootStore: createRootStore(about, [{ der: root.der, server, client }]),
    at: chainTime,
    purpose,
    host: null,
  });
  return errors.map(({ code }) => code);
}

it('holds the date of issue against the distrust date, as NSS does, not the day of validation', () => {
  // The leaf's notBefore is 2026-05-01T00:00:00Z, validation a month later.
  assert.deepEqual(codes(until('2026-05-15T00:00:00Z'), fullTrust), []);
  assert.deepEqual(codes(until('2026-05-01T00:00:00Z'), fullTrust), []);
  assert.deepEqual(codes(until('2026-04-30T23:59:59Z'), fullTrust), ['root-distrusted']);
});

it('trusts for each purpose apart', () => {
  assert.deepEqual(codes(untrusted, fullTrust), ['root-not-trusted-for-purpose']);
  assert.deepEqual(codes(untrusted, fullTrust, 'client'), []);
  assert.deepEqual(codes(fullTrust, untrusted), []);
  assert.deepEqual(codes(fullTrust, untrusted, 'client'), ['root-not-trusted-for-purpose']);
  assert.deepEqual(codes(fullTrust, until('2026-01-01T00:00:00Z'), 'client'), ['root-distrusted']);
});

it('asks no trust bit for a CA', () => {
  assert.deepEqual(codes(untrusted, untrusted, 'ca'), []);
});

it('counts repeated roots once and lists unreadable ones', () => {
  const other = rootLink({ subject: 'Other', key: sharedKey(2) });
  const entry = { server: fullTrust, client: fullTrust };
  const store = createRootStore(about, [
    { der: root.der, ...entry },
    { der: root.der, ...entry },
    { der: other.der, ...entry },
    { der: Buffer.from('not DER'), ...entry },
  ]);
  assert.equal(store.size, 2);
  assert.equal(store.unreadable.length, 1);
  assert.match(store.unreadable[0]?.sha256 ?? '', /^[0-9a-f]{64}$/);
  assert.equal(storeLabel(store), 'test 2026-06-01');
});

it('finds roots of one name by that name', () => {
  const twin = rootLink({ key: sharedKey(2) });
  const entry = { server: fullTrust, client: fullTrust };
  const store = createRootStore(
    about,
    [root, twin].map(({ der }) => ({ der, ...entry })),
  );
  assert.deepEqual(
    [...store.anchorsBySubject.values()].map((anchors) => anchors.length),
    [2],
  );
});
