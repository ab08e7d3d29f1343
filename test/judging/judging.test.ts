import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { endpointKey } from '../../src/model/target.js';
import { weakKey } from '../../src/rules/crypto/weak-key.js';
import { rules } from '../../src/rules/index.js';
import { aPolicy } from '../rules/support.js';
import { inventoryItem, observation } from '../store/sample.js';
import { leafOf, logging, openWorld, serving, weak, type World } from './world.js';

const dayMs = 86_400_000;
const later = (at: Date, ms: number): Date => new Date(at.getTime() + ms);

async function observe(world: World, ...observations: ReturnType<typeof serving>[]): Promise<void> {
  await world.pipeline.take({ kind: 'observations', observations });
  await world.pipeline.drained();
}

async function log(world: World, ...leaves: ReturnType<typeof leafOf>[]): Promise<void> {
  await world.pipeline.take({ kind: 'ct-entries', entries: leaves.map(logging) });
  await world.pipeline.drained();
}

describe('judging what is observed', () => {
  let world: World;
  before(async () => (world = await openWorld()));
  after(() => world.close());

  it('repeats a judgement when its time comes, and only then', async () => {
    const leaf = leafOf('www.example.com');
    await observe(world, serving('www.example.com', leaf));
    assert.deepEqual(world.open(), []);
    const end = leaf.notAfter!;
    const steps = [
      [later(end, -31 * dayMs), []],
      [later(end, -9 * dayMs), ['expiring www.example.com']],
      [later(end, 1_000), ['expired www.example.com']],
    ] as const;
    for (const [at, expected] of steps) {
      await world.clock.tick(at);
      assert.deepEqual(world.open(), expected, at.toISOString());
    }
    assert.deepEqual(await world.history('expiring'), ['www.example.com superseded']);
    assert.deepEqual(
      await world.store.judging.dueJudged(later(end, dayMs), 10),
      [],
      'nothing is left to repeat',
    );
  });

  it('resolves what an endpoint served when it serves something else', async () => {
    const [bad, good] = [leafOf('shop.example.com', weak), leafOf('shop.example.com')];
    const at = new Date();
    await observe(world, serving('shop.example.com', bad, at));
    assert.ok(world.open().includes('weak-key shop.example.com'));
    await observe(world, serving('shop.example.com', good, later(at, 1_000)));
    assert.ok(!world.open().includes('weak-key shop.example.com'));
    assert.deepEqual(await world.history('weak-key'), ['shop.example.com gone']);
  });

  it('keeps a finding about an issuance while another endpoint serves it', async () => {
    const [bad, good] = [leafOf('two.example.com', weak), leafOf('two.example.com')];
    const at = new Date();
    await observe(world, serving('one.example.com', bad, at), serving('two.example.com', bad, at));
    const flagged = () => world.findings().filter(({ rule }) => rule === 'weak-key');
    assert.equal(flagged().length, 1);
    assert.equal((flagged()[0]?.details['servedAt'] as string[]).length, 2);
    await observe(world, serving('one.example.com', good, later(at, 1_000)));
    assert.equal(flagged().length, 1);
    await observe(world, serving('two.example.com', good, later(at, 1_000)));
    assert.equal(flagged().length, 0);
  });

  it('judges an endpoint that speaks TLS but brings no certificate by what it offers', async () => {
    const tls = { version: 'TLSv1', cipher: null, group: null, alpn: null } as const;
    const bare = observation('anonymous.example.com', {
      outcome: 'no-certificate',
      certificate: null,
      chain: [],
      tls: { ...tls, clientCertificateRequested: null, ocspResponse: null },
      observedAt: new Date(),
    });
    await observe(world, bare);
    assert.ok(world.open().includes('weak-protocol anonymous.example.com'));
  });

  it('says that an endpoint is gone, not that it is fixed', async () => {
    const at = new Date(Date.now() - 5 * 3_600_000);
    const expired = leafOf('gone.example.com', {
      notBefore: later(at, -10 * dayMs),
      notAfter: later(at, -dayMs),
    });
    await observe(world, serving('gone.example.com', expired, at));
    assert.ok(world.open().includes('expired gone.example.com'));
    const miss = (hours: number) =>
      observation('gone.example.com', {
        outcome: 'refused',
        certificate: null,
        chain: [],
        tls: null,
        observedAt: later(at, hours * 3_600_000),
      });
    await observe(world, miss(1), miss(2), miss(3));
    assert.ok(!world.open().includes('expired gone.example.com'));
    assert.ok((await world.history('expired')).includes('gone.example.com gone'));
  });
});

describe('judging what is logged', () => {
  let world: World;
  before(async () => (world = await openWorld()));
  after(() => world.close());

  it('opens nothing for entries of a backfill that expired long ago, however often all is judged', async () => {
    const long = { notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') };
    await log(world, leafOf('old.example.com', { ...weak, ...long }));
    assert.deepEqual(world.open(), []);
    await world.pipeline.evaluate();
    assert.deepEqual(world.open(), []);
    assert.deepEqual(await world.history('weak-key'), []);
  });

  it('ends a finding when the certificate expires that is served nowhere', async () => {
    const leaf = leafOf('logged.example.com', weak);
    await log(world, leaf);
    assert.deepEqual(world.open(), ['weak-key logged.example.com']);
    await world.clock.tick(later(leaf.notAfter!, 1_000));
    assert.deepEqual(world.open(), []);
    assert.deepEqual(await world.history('weak-key'), ['logged.example.com expired']);
  });

  it('takes certificate and log entry of one issuance for one', async () => {
    const leaf = leafOf('both.example.com', weak);
    await log(world, leaf);
    await observe(world, serving('both.example.com', leaf));
    const found = world.findings().filter(({ host }) => host === 'both.example.com');
    assert.equal(found.length, 1);
    assert.deepEqual(
      [found[0]?.details['servedAt'], found[0]?.details['loggedAt']].map((places) => (places as []).length),
      [1, 1],
    );
  });

  it('judges what only the spool holds so far by what is at hand', async () => {
    const leaf = leafOf('spooled.example.com', weak);
    const changed = await world.evaluator.entries([logging(leaf)], new Date());
    assert.deepEqual(
      changed.map(({ rule, host }) => `${rule} ${host}`),
      ['weak-key spooled.example.com'],
    );
  });
});

describe('judging everything', () => {
  let world: World;
  before(async () => (world = await openWorld()));
  after(() => world.close());

  it('finds what was stored but not judged, and resolves what is no longer so', async () => {
    const [bad, logged] = [leafOf('a.example.com', weak), leafOf('b.example.com', weak)];
    await world.store.take({ kind: 'observations', observations: [serving('a.example.com', bad)] });
    await world.store.take({ kind: 'ct-entries', entries: [logging(logged)] });
    assert.deepEqual(world.open(), []);
    await world.pipeline.evaluate();
    assert.deepEqual(world.open(), ['weak-key a.example.com', 'weak-key b.example.com']);
    const good = leafOf('a.example.com');
    const observedAt = new Date(Date.now() + 1_000);
    await world.store.take({
      kind: 'observations',
      observations: [serving('a.example.com', good, observedAt)],
    });
    await world.pipeline.evaluate();
    assert.deepEqual(world.open(), ['weak-key b.example.com']);
    assert.deepEqual(await world.history('weak-key'), ['a.example.com gone', 'b.example.com open']);
  });

  it('changes nothing when it is repeated', async () => {
    const revisions = () =>
      world.findings().map(({ id, revision, lastSeenAt }) => [id, revision, lastSeenAt]);
    const before = revisions();
    await world.pipeline.evaluate();
    assert.deepEqual(revisions(), before);
  });

  it('judges what is fresh between two steps', async () => {
    const fresh = leafOf('fresh.example.com', weak);
    let steps = 0;
    let sawFresh = 0;
    const { run } = world.pipeline;
    const evaluation = world.pipeline.evaluate();
    const taken = world.pipeline.take({
      kind: 'observations',
      observations: [serving('fresh.example.com', fresh)],
    });
    await taken;
    await run(() => {
      steps += 1;
      sawFresh = world.open().filter((one) => one.includes('fresh')).length;
      return Promise.resolve([]);
    });
    assert.deepEqual([steps, sawFresh], [1, 1]);
    await evaluation;
  });

  it('drops the findings of a rule that is switched off', async () => {
    const off = await openWorld(
      { policy: aPolicy({ rules: { 'weak-key': { enabled: false } } }) },
      world.store,
    );
    assert.ok(off.open().length > 0);
    await off.pipeline.evaluate();
    assert.deepEqual(off.open(), []);
    assert.ok((await off.history('weak-key')).includes('b.example.com out-of-scope'));
  });
});

describe('a rule that throws', () => {
  let isBroken = true;
  const breaking = {
    ...weakKey,
    check(input: Parameters<typeof weakKey.check>[0]) {
      if (isBroken) throw new Error('broken');
      return weakKey.check(input);
    },
  };
  const others = rules.map((rule) => (rule.id === weakKey.id ? breaking : rule));
  let world: World;
  before(async () => (world = await openWorld({ rules: others })));
  after(() => world.close());

  it('is reported on the issuance until it works again, and holds what it said', async () => {
    isBroken = false;
    const leaf = leafOf('held.example.com', weak);
    await log(world, leaf);
    assert.deepEqual(world.open(), ['weak-key held.example.com']);
    isBroken = true;
    await world.pipeline.evaluate();
    assert.deepEqual(world.open(), ['rule-failed held.example.com', 'weak-key held.example.com']);
    isBroken = false;
    await world.pipeline.evaluate();
    assert.deepEqual(world.open(), ['weak-key held.example.com']);
    assert.deepEqual(await world.history('rule-failed'), ['held.example.com fixed']);
  });
});

describe('judging by inventories', () => {
  let world: World;
  before(async () => (world = await openWorld({ policy: aPolicy() })));
  after(() => world.close());

  const leaf = leafOf('managed.example.com');
  const importing = async (items: readonly ReturnType<typeof inventoryItem>[], finishedAt = new Date()) => {
    const startedAt = new Date();
    const run = {
      source: 'files',
      startedAt,
      finishedAt,
      complete: true,
      items: items.length,
      errors: [],
      notes: [],
    };
    await world.store.writeInventory({ source: 'files', startedAt }, items, () => run);
    await world.clock.afterImport(new Date());
  };

  it('says nothing while no inventory was read', async () => {
    await world.clock.tick(new Date());
    await observe(world, serving('managed.example.com', leaf));
    assert.deepEqual(world.open(), []);
  });

  it('judges everything anew once an import says something else', async () => {
    await importing([]);
    assert.deepEqual(world.open(), ['shadow managed.example.com']);
    await importing([inventoryItem('files', 'managed', { sha256: leaf.sha256 })]);
    assert.deepEqual(world.open(), []);
  });

  it('reports an inventory that is too old, and holds what was said', async () => {
    await importing([]);
    assert.deepEqual(world.open(), ['shadow managed.example.com']);
    await importing([], new Date(Date.now() - 3 * dayMs));
    assert.deepEqual(world.open(), ['inventory-stale files', 'shadow managed.example.com']);
    await importing([inventoryItem('files', 'managed', { sha256: leaf.sha256 })]);
    assert.deepEqual(world.open(), []);
  });
});

it('calls an endpoint out of scope that the last scan no longer covered', async () => {
  const world = await openWorld({ scannedSince: new Date() });
  const old = new Date(Date.now() - 3 * dayMs);
  const expired = leafOf('dropped.example.com', { notBefore: later(old, -dayMs), notAfter: old });
  // Judged when it was observed: before the last scan began.
  await world.store.take({
    kind: 'observations',
    observations: [serving('dropped.example.com', expired, old)],
  });
  const key = endpointKey(serving('dropped.example.com', expired).target);
  await world.evaluator.endpoints([key], later(old, 2_000));
  assert.deepEqual(world.open(), ['expired dropped.example.com']);
  await world.clock.afterScan(new Date());
  assert.deepEqual(await world.history('expired'), ['dropped.example.com out-of-scope']);
  await world.close();
});
