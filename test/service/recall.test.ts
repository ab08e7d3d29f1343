import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Finding } from '../../src/model/finding.js';
import type { Incident } from '../../src/model/incident.js';
import { judgeRecall, measureRecall } from '../../src/service/recall.js';
import { openStore, type OpenStore } from '../../src/store/index.js';
import { ctEntry, embeddedConfig, log, observation, position, temporaryFolder } from '../store/sample.js';
import { authoritiesOf, issueLeaf } from '../support/estate/authorities.js';
import { seededKey } from '../support/estate/ecdsa.js';

const now = new Date('2026-11-23T12:00:00Z');
const days = (count: number): Date => new Date(now.getTime() + count * 86_400_000);
const logOf = (name: string) => ({
  id: Buffer.alloc(32, name).toString('base64'),
  description: `Log ${name}`,
  operator: name === 'a' ? 'Operator A' : 'Operator B',
});
const [a, b, unfollowed] = ['a', 'b', 'c'].map(logOf);
const { northgate } = authoritiesOf('recall', days(-400));

function leafOf(name: string, day: number) {
  const notBefore = days(day);
  const made = issueLeaf({
    ...{ authority: northgate, names: [name], notBefore, notAfter: days(day + 90), serial: name },
    ...{ key: seededKey(name), logs: [a!, b!, unfollowed!] },
  });
  return { name, notBefore, certificate: made.certificate, precertificate: made.precertificate! };
}

const both = [1, 2, 3, 4].map((n) => leafOf(`both${n}.example.com`, -10));
const onlyA = [1, 2].map((n) => leafOf(`only-a${n}.example.com`, -10));
const early = leafOf('early.example.com', -60);
const today = leafOf('today.example.com', -0.5);
const foreign = leafOf('www.example.org', -10);
const unscanned = leafOf('unscanned.example.com', -20);

async function fill(store: OpenStore): Promise<void> {
  for (const { id, description, operator } of [a!, b!])
    await store.writeCtPosition(position({ logId: id, description, operator }));
  let index = 0;
  const entry = ({ precertificate, notBefore }: typeof early, logId: string) =>
    ctEntry('x', (index += 1), {
      ...{
        logId,
        certificate: precertificate,
        entryType: 'precertificate',
        timestamp: notBefore,
        seenAt: now,
      },
    });
  await store.writeCtEntries([
    ...[unscanned, ...both, ...onlyA].map((leaf) => entry(leaf, a!.id)),
    ...[unscanned, ...both].map((leaf) => entry(leaf, b!.id)),
  ]);
  const served = [...both, ...onlyA, early, today, foreign];
  await store.writeObservations(
    served.map(({ name, certificate }) =>
      observation(name, { certificate, chain: [certificate], observedAt: days(-0.1) }),
    ),
  );
}

describe('recall', () => {
  let store: OpenStore;
  before(async () => {
    store = await openStore(embeddedConfig(temporaryFolder()), log);
    await fill(store);
  });
  after(() => store.close());

  it('counts pairs of certificate and log that are read, by operator, since each log is read', async () => {
    const { operators, missing } = await measureRecall(store, ['example.com'], now);
    assert.deepEqual(operators, [
      { operator: 'Operator A', expected: 6, found: 6 },
      { operator: 'Operator B', expected: 6, found: 4 },
    ]);
    assert.deepEqual(
      missing.map((pair) => [pair.subject, pair.log, pair.signedAt.toISOString()]).sort(),
      onlyA.map(({ name, notBefore }) => [`CN=${name}`, 'Log b', notBefore.toISOString()]),
    );
  });

  it('counts logged names that are scanned', async () => {
    const { names } = await measureRecall(store, ['example.com'], now);
    assert.deepEqual(names, { logged: 7, scanned: 6 });
  });

  it('reports an operator of which too little is read, and takes it back', async () => {
    const incidents: Incident[] = [];
    const open = (...keys: readonly string[]) =>
      ({
        open: { ofRule: () => keys.map((key) => ({ subject: { kind: 'ct-operator', key } }) as Finding) },
      }) as never;
    const pipeline = { incident: async (one: Incident) => void incidents.push(one) };
    await judgeRecall(['example.com'], { store, pipeline, ledger: open('Operator A') }, now);
    assert.deepEqual(incidents.map(({ rule, subject, active }) => [rule, subject.key, active]).sort(), [
      ['ct-recall-low', 'Operator A', false],
      ['ct-recall-low', 'Operator B', true],
    ]);
  });
});
