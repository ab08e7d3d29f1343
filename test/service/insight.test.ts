import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createInsight } from '../../src/service/insight.js';
import { policyConfig } from '../../src/rules/config.js';
import { readCertificate } from '../../src/x509/read/read-certificate.js';
import { createRootStore, fullTrust } from '../../src/x509/path/root-store.js';
import { daysFromNow, issueCa, issueFor } from '../support/pki.js';

const root = issueCa('Root');
const other = issueCa('Other root');
const leaf = issueFor('shop.example.com', { issuer: root });
const expired = issueFor('old.example.com', {
  issuer: root,
  notBefore: daysFromNow(-9),
  notAfter: daysFromNow(-1),
});
const storeOf = (name: string, der: Uint8Array) =>
  createRootStore({ name, date: '2026-11-01', isPublic: false }, [
    { der, server: fullTrust, client: fullTrust },
  ]);
const hashOf = (der: Uint8Array): string => readCertificate(der).sha256;

const insight = createInsight({
  store: {
    certificates: async (hashes) =>
      new Map(
        [root.der, other.der]
          .map((der) => [hashOf(der), der] as const)
          .filter(([hash]) => hashes.includes(hash)),
      ),
  },
  policy: policyConfig.parse({ rules: { shadow: { enabled: false } } }),
  rootStores: async () => [storeOf('theirs', other.der), storeOf('ours', root.der)],
  logs: async () => [],
});

const examine = (der: Uint8Array, served: readonly string[] = [hashOf(root.der)]) =>
  insight.examine({ der, served, logged: [], host: null }, new Date());

describe('examining a certificate', () => {
  it('says of each root store whether it is trusted and why not', async () => {
    const { trust, chain } = await examine(leaf.der);
    assert.deepEqual(
      trust.map(({ store, verdict }) => [store.split(' ')[0], verdict]),
      [
        ['theirs', 'invalid'],
        ['ours', 'valid'],
      ],
    );
    assert.ok((trust[0]?.errors.length ?? 0) > 0);
    assert.deepEqual(
      chain.map(({ sha256, from }) => [sha256, from]),
      [
        [hashOf(leaf.der), 'served'],
        [hashOf(root.der), 'served'],
      ],
    );
  });

  it('finds the root in the store when it was not served', async () => {
    const { chain } = await examine(leaf.der, []);
    assert.deepEqual(
      chain.map(({ from }) => from),
      ['served', 'root-store'],
    );
    assert.equal(chain[1]?.subject, 'CN=Root');
  });

  it('gives the answer of every certificate rule', async () => {
    const { verdicts } = await examine(expired.der);
    const answerOf = (id: string) => verdicts.find(({ rule }) => rule === id)?.answer;
    assert.equal(answerOf('expired'), 'found');
    assert.equal(answerOf('weak-key'), 'pass');
    assert.equal(answerOf('shadow'), 'off');
    assert.ok(verdicts.length > 10);
    assert.deepEqual(
      (await examine(leaf.der)).verdicts.find(({ rule }) => rule === 'expired')?.answer,
      'pass',
    );
  });

  it('shows every extension, readable where it can be', async () => {
    const { extensions, unreadable } = await examine(leaf.der);
    assert.equal(unreadable, null);
    assert.ok(extensions.some(({ oid, text }) => oid === '2.5.29.17' && text?.includes('shop.example.com')));
  });

  it('knows that a certificate without SCTs has none, and names no policy without a log list', async () => {
    const { transparency } = await examine(leaf.der);
    assert.deepEqual(transparency, { scts: [], problems: [], policies: [] });
    assert.equal((await examine(root.der)).transparency, null);
    assert.deepEqual(insight.sctLogIds(leaf.der), []);
  });

  it('survives what is no certificate', async () => {
    const { unreadable, trust } = await examine(Buffer.from('no certificate'));
    assert.ok(unreadable !== null);
    assert.ok(trust.every(({ verdict }) => verdict === 'invalid'));
  });

  it('writes the certificate as text in which nothing steers a terminal', async () => {
    assert.match(insight.text(leaf.der), /^Subject: CN=shop\.example\.com$/m);
    const hostile = issueFor('a.example.com', { subject: 'x\u001b[31my\u202ez' });
    assert.doesNotMatch(insight.text(hostile.der), /[\u001b\u202e]/);
  });
});
