import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { createScope } from '../../../../scanners/tls/targets/scope.js';
import {
  openTargets,
  starttlsFor,
  type TargetList,
  type WalkOptions,
} from '../../../../scanners/tls/targets/targets.js';

const folder = mkdtempSync(join(tmpdir(), 'targets-'));
after(() => rmSync(folder, { recursive: true }));

const anywhere = createScope({ scope: [], exclude: [], excludeOwnAddresses: false });

function options(changes: Partial<WalkOptions> = {}): WalkOptions {
  return {
    scope: anywhere,
    confirmLargeRanges: false,
    seed: 1,
    position: 0,
    shard: { index: 0, of: 1 },
    stdin: null,
    onBadLine: (message) => assert.fail(message),
    ...changes,
  };
}

function list(targets: readonly string[], changes: Partial<TargetList> = {}): TargetList {
  return { targets, ports: [443], starttls: 'auto', serverName: null, ...changes };
}

async function walked(targets: TargetList, walk: WalkOptions = options()): Promise<string[]> {
  const opened = await openTargets(targets, walk);
  const places: string[] = [];
  for await (const batch of opened.walk())
    for (const { target } of batch) places.push(`${target.host} ${target.port}`);
  return places;
}

describe('A walk over targets', () => {
  it('meets every address and port of ranges and names once, repeats and overlaps merged', async () => {
    const places = await walked(
      list(['10.0.0.0/30', '10.0.0.2-5', 'a.example', 'A.example.', '10.0.0.1:443'], { ports: [443, 8443] }),
    );
    assert.equal(places.length, new Set(places).size);
    assert.equal(places.length, (6 + 1) * 2);
  });

  it('meets a line that is written twice once, within a file, over files and beside the command line', async () => {
    const [one, two] = ['once.txt', 'twice.txt'].map((name) => join(folder, name)) as [string, string];
    writeFileSync(one, 'a.example\n10.1.0.0/30 # a network\na.example\n');
    writeFileSync(two, '10.1.0.0/30\nb.example:8443\nc.example\n');
    const targets = list(['c.example', `@${one}`, `@${two}`]);
    const places = await walked(targets);
    assert.equal(places.length, new Set(places).size);
    assert.equal(places.length, 1 + 4 + 1 + 1);
    assert.equal((await openTargets(targets, options())).total, places.length);
  });

  it('sends the name as SNI, none to addresses, and the configured one to all', async () => {
    const serverNames = async (targets: TargetList): Promise<(string | null)[]> => {
      const names: (string | null)[] = [];
      for await (const batch of (await openTargets(targets, options())).walk())
        names.push(...batch.map(({ target }) => target.serverName));
      return names.sort();
    };
    assert.deepEqual(await serverNames(list(['a.example', '10.0.0.1'])), ['a.example', null]);
    assert.deepEqual(await serverNames(list(['a.example', '::1'], { serverName: 'b.example' })), [
      'b.example',
      'b.example',
    ]);
  });

  it('takes another order with another seed, the same with the same', async () => {
    const targets = list(['10.0.0.0/24']);
    assert.deepEqual(await walked(targets), await walked(targets));
    assert.notDeepEqual(await walked(targets), await walked(targets, options({ seed: 2 })));
    assert.deepEqual((await walked(targets)).sort(), (await walked(targets, options({ seed: 2 }))).sort());
  });

  it('resumes at any position and goes on in the same order', async () => {
    const file = join(folder, 'resume.txt');
    writeFileSync(file, Array.from({ length: 3000 }, (_, index) => `h${index}.example`).join('\n'));
    const targets = list(['10.0.0.0/26', `@${file}`, 'a.example']);
    const whole = await walked(targets);
    assert.equal(whole.length, 64 + 3000 + 1);
    for (const position of [0, 1, 64, 65, 66, 1500, whole.length, whole.length + 5])
      assert.deepEqual(await walked(targets, options({ position })), whole.slice(position), `at ${position}`);
  });

  it('is split over shards without gap or repeat, also after a resume', async () => {
    const file = join(folder, 'shard.txt');
    writeFileSync(file, '10.1.0.0/28\nb.example\n');
    const targets = list(['10.0.0.0/28', 'a.example', `@${file}`], { ports: [443, 8443, 9443] });
    const whole = await walked(targets);
    const shards = await Promise.all(
      [0, 1, 2, 3].map((index) => walked(targets, options({ shard: { index, of: 4 } }))),
    );
    assert.deepEqual(shards.flat().sort(), [...whole].sort());
    const later = await walked(targets, options({ position: 9, shard: { index: 2, of: 4 } }));
    assert.deepEqual(
      later,
      whole.filter((_, position) => position >= 9 && position % 4 === 2),
    );
  });

  it('leaves excluded addresses of ranges out', async () => {
    const scope = createScope({
      scope: [],
      exclude: ['10.0.0.4/30', '10.0.0.9'],
      excludeOwnAddresses: false,
    });
    const places = await walked(list(['10.0.0.0/28']), options({ scope }));
    assert.equal(places.length, 16 - 4 - 1);
    assert.ok(!places.includes('10.0.0.5 443') && !places.includes('10.0.0.9 443'));
  });

  it('reads files: comments, empty lines, ranges, ports', async () => {
    const file = join(folder, 'list.txt');
    writeFileSync(file, '# ours\n\n10.0.0.0/31  # two\r\nc.example:8443\n  ::1\n');
    assert.deepEqual((await walked(list([`@${file}`]))).sort(), [
      '10.0.0.0 443',
      '10.0.0.1 443',
      '::1 443',
      'c.example 8443',
    ]);
    assert.equal((await openTargets(list([`@${file}`]), options())).total, 4);
  });

  it('names file and line of what it cannot read, before it starts', async () => {
    const file = join(folder, 'bad.txt');
    writeFileSync(file, 'a.example\nhttp://b.example\n');
    await assert.rejects(openTargets(list([`@${file}`]), options()), /bad\.txt line 2: .*is a URL/);
    await assert.rejects(
      openTargets(list(['@/does/not/exist']), options()),
      /\/exist: there is no such file/,
    );
    await assert.rejects(
      openTargets(list([`@${folder}`]), options()),
      /is a folder; give a file of targets$/,
    );
    writeFileSync(file, '@bad.txt\n');
    await assert.rejects(openTargets(list([`@${file}`]), options()), /cannot stand in a list/);
  });

  it('reads stdin lazily, tells of lines it must leave out, and knows no total', async () => {
    const bad: string[] = [];
    async function* lines(): AsyncGenerator<string> {
      await Promise.resolve();
      yield 'a.example';
      yield 'http://nope';
      yield '10.0.0.0/31';
    }
    const walk = options({ stdin: lines(), onBadLine: (message) => bad.push(message) });
    const opened = await openTargets(list(['-']), walk);
    assert.equal(opened.total, null);
    const places: string[] = [];
    for await (const batch of opened.walk()) places.push(...batch.map(({ target }) => target.host));
    assert.deepEqual(places.sort(), ['10.0.0.0', '10.0.0.1', 'a.example']);
    assert.equal(bad.length, 1);
  });

  it('refuses large ranges unless confirmed, absurd ones always', async () => {
    await assert.rejects(openTargets(list(['8.0.0.0/15']), options()), /131,072 addresses\. .*confirm/);
    await assert.rejects(openTargets(list(['0.0.0.0/0']), options()), /4,294,967,296 addresses/);
    await assert.rejects(
      openTargets(list(['2001:470::/64']), options()),
      /18,446,744,073,709,551,616 addresses/,
    );
    assert.equal((await openTargets(list(['8.0.0.0/16']), options())).total, 65_536);
    assert.equal(
      (await openTargets(list(['0.0.0.0/0']), options({ confirmLargeRanges: true }))).total,
      2 ** 32,
    );
    await assert.rejects(openTargets(list(['10.0.0.0/8']), options()), /16,777,216 addresses/);
    const confirmed = options({ confirmLargeRanges: 2 ** 24 });
    assert.equal((await openTargets(list(['10.0.0.0/8']), confirmed)).total, 2 ** 24);
    await assert.rejects(
      openTargets(list(['fd00::/64']), options({ confirmLargeRanges: true })),
      /more than 2\^48/,
    );
  });

  it('picks the STARTTLS protocol by port, or the one chosen', () => {
    assert.equal(starttlsFor('auto', 587), 'smtp');
    assert.equal(starttlsFor('auto', 443), null);
    assert.equal(starttlsFor('none', 25), null);
    assert.equal(starttlsFor('imap', 443), 'imap');
  });
});
