import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { answerFaults, redirect, type LogFault } from '../../../support/ct-log-faults.js';
import { generatedEntries, precertificateEntry, type LogEntryInput } from '../../../support/ct-log.js';
import { hangsAt, tripsAt } from '../../../support/hanging-decode-worker.js';
import { issueCa, issueFor } from '../../../support/pki.js';
import { vector } from '../../../support/ct-log-book.js';
import { seeded } from '../../../ct/shared.js';
import { ctConfig } from '../../../../scanners/ct/config.js';
import { createDecodePool } from '../../../../scanners/ct/decode/decode-pool.js';
import { watchListOf } from '../../../../scanners/ct/match/watch-list.js';
import { Bench, protocols, runUntil } from '../harness.js';

const issuer = issueCa('Fault Test CA');
const plain = generatedEntries(600);

/** A MerkleTreeLeaf of entry type 0 around any bytes. */
function certificateLeaf(bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.alloc(12), vector(3, bytes), Buffer.alloc(2)]);
}

const noChain = Buffer.alloc(3);

describe('L3: entries that nobody can read', () => {
  const broken: readonly (readonly [string, LogEntryInput])[] = [
    [
      'a leaf cut off',
      { kind: 'raw', leafInput: certificateLeaf(Buffer.alloc(40)).subarray(0, 30), extraData: noChain },
    ],
    ['an empty leaf', { kind: 'raw', leafInput: Buffer.alloc(0), extraData: Buffer.alloc(0) }],
    [
      'an unknown entry type',
      {
        kind: 'raw',
        leafInput: Buffer.concat([Buffer.alloc(10), Buffer.from([0, 9]), Buffer.from('future')]),
        extraData: noChain,
      },
    ],
    [
      'a certificate of random bytes',
      { kind: 'raw', leafInput: certificateLeaf(Buffer.from('no certificate')), extraData: noChain },
    ],
    [
      'extra data that makes no sense',
      { kind: 'raw', leafInput: certificateLeaf(issueFor('odd.test').der), extraData: Buffer.from('??') },
    ],
  ];

  for (const [name, entry] of broken)
    it(`${name} is counted and passed over; the log goes on`, async () => {
      await using bench = await Bench.open({
        protocol: 'rfc6962',
        entries: [...plain.slice(0, 3), entry, ...plain.slice(3, 6)],
      });
      const followed = bench.follower();
      await followed.run();
      assert.equal(followed.position(), 7);
      assert.equal(followed.entries.size, 7);
      assert.deepEqual(followed.misbehaviours, []);
      assert.ok((followed.entries.get(3)?.certificate.problems.length ?? 0) > 0);
      const { malformed, unknown } = followed.context.progress.counts;
      assert.equal(malformed, name.startsWith('extra') ? 0 : 1);
      assert.equal(unknown, name.includes('leaf') || name.includes('type') ? 1 : 0);
    });

  it('a watched name is found in the bytes of a certificate that is cut off', async () => {
    const der = issueFor('www.watched.test', { issuer }).der;
    const cut = der.subarray(0, der.length - 90);
    const entry = { kind: 'raw', leafInput: certificateLeaf(cut), extraData: noChain } as const;
    await using bench = await Bench.open({ protocol: 'rfc6962', entries: [entry] }, ['watched.test']);
    const followed = bench.follower();
    await followed.run();
    assert.deepEqual(
      followed.entries.get(0)?.matches.map(({ watch, value }) => [watch, value]),
      [
        ['domain', 'www.watched.test'],
        ['unreadable', 'not-der'],
      ],
    );
  });

  it('an unreadable certificate without a watched name is told nevertheless: it could be for any', async () => {
    const entry = { kind: 'raw', leafInput: certificateLeaf(Buffer.from('x')), extraData: noChain } as const;
    await using bench = await Bench.open({ protocol: 'rfc6962', entries: [entry] }, ['watched.test']);
    const followed = bench.follower();
    await followed.run();
    assert.deepEqual(
      followed.entries.get(0)?.matches.map(({ watch }) => watch),
      ['unreadable'],
    );
  });

  for (const protocol of protocols)
    it(`${protocol}: a precertificate other than the logged one does not hide what was logged`, async () => {
      const logged = precertificateEntry(['www.watched.test'], issuer);
      const harmless = precertificateEntry(['harmless.test'], issuer);
      assert.ok(logged.kind === 'precertificate' && harmless.kind === 'precertificate');
      const entry = { ...logged, precertificate: harmless.precertificate };
      await using bench = await Bench.open({ protocol, entries: [entry] }, ['watched.test']);
      const followed = bench.follower();
      await followed.run();
      const { certificate, matches } = followed.entries.get(0)!;
      assert.equal(matches[0]?.value, 'www.watched.test');
      assert.deepEqual(certificate.dnsNames, ['www.watched.test']);
      assert.ok(certificate.problems.some(({ code }) => code === 'precertificate-mismatch'));
    });

  for (const protocol of protocols)
    it(`${protocol}: an issuer key hash that is of no key in the chain is told with the entry`, async () => {
      const logged = precertificateEntry(['www.watched.test'], issuer);
      assert.ok(logged.kind === 'precertificate');
      const entries = [logged, { ...logged, issuerKeyHash: Buffer.alloc(32, 7) }];
      await using bench = await Bench.open({ protocol, entries }, ['watched.test']);
      const followed = bench.follower();
      await followed.run();
      const told = [0, 1].map((index) =>
        followed.entries.get(index)!.certificate.problems.some(({ code }) => code === 'issuer-key-mismatch'),
      );
      assert.deepEqual(told, [false, true]);
    });

  for (const protocol of protocols)
    it(`${protocol}: entries on which the decoder hangs or trips are told, with their bytes, and passed over`, async () => {
      await using bench = await Bench.open({ protocol, entries: plain.slice(0, 8) }, ['watched.test']);
      const worker = new URL('../../../support/hanging-decode-worker.js', import.meta.url);
      const watchList = watchListOf(ctConfig.parse({}).watch, ['watched.test']);
      const pool = createDecodePool(1, watchList, { jobMs: 1000, worker });
      try {
        const followed = bench.follower({ decode: pool.decode, giveUpMs: 120_000 });
        await followed.run();
        assert.equal(followed.position(), 8);
        assert.deepEqual([...followed.entries.keys()], [hangsAt, tripsAt]);
        for (const { certificate, verified, matches } of followed.entries.values()) {
          assert.ok(verified && certificate.der.length > 100);
          assert.deepEqual([matches[0]?.watch, certificate.problems[0]?.code], ['unreadable', 'undecodable']);
        }
        assert.equal(followed.context.progress.counts.malformed, 2);
      } finally {
        await pool.close();
      }
    });

  it('a certificate of 16 MB is read, asked for alone', { timeout: 60_000 }, async () => {
    const der = Buffer.concat([issueFor('www.watched.test', { issuer }).der, Buffer.alloc(16_000_000)]);
    const entry = { kind: 'x509', certificate: der, chain: [] } as const;
    await using bench = await Bench.open(
      { protocol: 'rfc6962', entries: [...plain.slice(0, 20), entry, ...plain.slice(20, 40)] },
      ['watched.test'],
      { limits: { maxBodyMegabytes: 4 } },
    );
    const followed = bench.follower({ giveUpMs: 50_000 });
    await followed.run();
    assert.equal(followed.position(), 41);
    assert.equal(followed.entries.get(20)?.certificate.der.length, der.length);
  });
});

describe('L4: answers that are short, empty, wrong or repeated', () => {
  for (const fault of [
    'short',
    'empty',
    'repeat',
    'wrong-range',
    'too-many',
  ] as const satisfies readonly LogFault[])
    it(`${fault}, in 40 of 100 answers: everything is read exactly once`, { timeout: 60_000 }, async () => {
      await using bench = await Bench.open({ protocol: 'rfc6962', entries: plain, maxPage: 64 }, ['.'], {
        limits: { pageSize: 64 },
      });
      bench.log.random = seeded(12);
      bench.log.faultShare = 0.4;
      bench.log.passing = [fault];
      const followed = bench.follower({ once: false });
      await runUntil(followed, () => followed.position() === plain.length, 50_000);
      assert.equal(followed.entries.size, plain.length);
      assert.ok([...followed.repeats.values()].every((times) => times === 1));
    });

  it('a log that always gives wrong entries is blamed, and its position stays', async () => {
    await using bench = await Bench.open({ protocol: 'rfc6962', entries: plain });
    bench.log.faults.add('wrong-range');
    const followed = bench.follower({ once: false });
    await runUntil(followed, () => followed.misbehaviours.length > 0);
    assert.equal(followed.misbehaviours[0]?.problem, 'wrong-entries');
    assert.equal(followed.position(), 0);
    assert.equal(followed.entries.size, 0);
  });

  it('a log that never gives anything is not waited for with --once', async () => {
    await using bench = await Bench.open({ protocol: 'rfc6962', entries: plain });
    bench.log.faults.add('empty');
    const followed = bench.follower({ giveUpMs: 100 });
    await followed.run();
    assert.equal(followed.position(), 0);
    assert.match(followed.context.memory.lastError ?? '', /timed out without data/);
  });

  for (const [name, spoil] of [
    ['of another certificate', (leaf: string, other: string) => (leaf === other ? leaf : other)],
    ['that is not base64', (leaf: string) => `${leaf.slice(0, 40)}!!${leaf.slice(42)}`],
    [
      'with one bit changed',
      (leaf: string) => `${leaf.slice(0, 40)}${leaf[40] === 'A' ? 'B' : 'A'}${leaf.slice(41)}`,
    ],
  ] as const)
    it(`rfc6962: one leaf ${name} is told and passed over; all others are read and verified`, async () => {
      await using bench = await Bench.open({ protocol: 'rfc6962', entries: plain });
      const [wrong = '', other = ''] = [300, 301].map((index) =>
        bench.log.book.leafInputs[index]?.toString('base64'),
      );
      let isWrong = true;
      bench.log.override = ({ kind }, answer) =>
        kind === 'entries' && isWrong
          ? { ...answer, body: Buffer.from(String(answer.body).replace(wrong, spoil(wrong, other))) }
          : answer;
      const followed = bench.follower({ giveUpMs: 30_000 });
      await followed.run();
      assert.equal(followed.position(), 600);
      assert.equal(followed.entries.size, 600);
      assert.deepEqual(followed.context.progress.gaps, [{ start: 300, end: 301 }]);
      assert.equal(followed.misbehaviours.at(-1)?.problem, 'wrong-entries');
      assert.deepEqual(
        [...followed.entries.values()].filter(({ verified }) => !verified).map(({ leafIndex }) => leafIndex),
        [300],
      );
      // Later the log serves what it signed.
      isWrong = false;
      const later = bench.follower({ progress: followed.saved(), once: false });
      await runUntil(later, () => later.misbehaviours.at(-1) === null);
      assert.deepEqual(later.context.progress.gaps, []);
      assert.equal(later.entries.get(300)?.verified, true);
    });

  for (const [name, spoil, gap] of [
    ['one leaf with a bit changed', (tile: Buffer) => (tile[3]! ^= 1), { start: 256, end: 257 }],
    ['a tile that cannot be taken apart', (tile: Buffer) => tile.fill(0xff), { start: 256, end: 512 }],
  ] as const)
    it(`static-ct: ${name} is told and passed over; all others are read and verified`, async () => {
      await using bench = await Bench.open({ protocol: 'static-ct', entries: plain });
      bench.log.override = ({ kind, path }, answer) => {
        if (kind !== 'entries' || !path.includes('/001') || answer.body === null) return answer;
        const body = Buffer.from(answer.body);
        spoil(body);
        return { ...answer, body };
      };
      const followed = bench.follower({ giveUpMs: 30_000 });
      await followed.run();
      assert.equal(followed.position(), 600);
      assert.deepEqual(followed.context.progress.gaps, [gap]);
      assert.equal(followed.misbehaviours.at(-1)?.problem, 'wrong-entries');
      const verified = [...followed.entries.values()].filter((entry) => entry.verified);
      assert.equal(verified.length, 600 - (gap.end - gap.start));
    });

  for (const protocol of protocols)
    it(`${protocol}: a page that cannot be had holds up nothing before it, and --once does not wait for ever`, async () => {
      await using bench = await Bench.open({ protocol, entries: plain }, ['.'], {
        limits: { pageSize: 256 },
      });
      bench.log.override = ({ kind, path }, answer) =>
        kind === 'entries' && /start=512|data\/002/.test(path)
          ? { status: 404, headers: {}, body: Buffer.from('gone') }
          : answer;
      const followed = bench.follower({ giveUpMs: 1000 });
      await followed.run();
      assert.equal(followed.position(), 512);
      assert.equal(followed.entries.size, 512);
      assert.match(followed.context.memory.lastError ?? '', /HTTP status 404/);
    });

  it('a page size is learned from equal short answers', async () => {
    await using bench = await Bench.open({ protocol: 'rfc6962', entries: plain, maxPage: 32 });
    const followed = bench.follower();
    await followed.run();
    assert.equal(followed.entries.size, plain.length);
    assert.ok(
      bench.log.requests.entries <= Math.ceil(plain.length / 32) + 8,
      String(bench.log.requests.entries),
    );
  });

  it('a partial tile that is gone is taken from the full one', async () => {
    await using bench = await Bench.open({ protocol: 'static-ct', entries: plain.slice(0, 300) });
    const followed = bench.follower({ once: false });
    bench.log.override = (request, answer) => {
      if (request.kind === 'entries' && request.path.includes('.p/') && bench.log.book.size < 512) {
        bench.log.append(...generatedEntries(512 - bench.log.book.size));
        bench.log.faults.add('no-partials');
        return { status: 404, headers: {}, body: Buffer.alloc(0) };
      }
      return answer;
    };
    await runUntil(followed, () => followed.position() === 512);
    assert.equal(followed.entries.size, 512);
  });
});

describe('L5: answers made to hurt', () => {
  for (const protocol of protocols)
    for (const fault of ['gzip-bomb', 'endless-body', 'deep-json', 'garbage', 'truncated'] as const)
      it(
        `${protocol}: ${fault} costs less than 64 MB, is told, and passes`,
        { timeout: 60_000 },
        async () => {
          await using bench = await Bench.open({ protocol, entries: plain }, ['.'], {
            limits: { maxBodyMegabytes: 8, requestSeconds: 10 },
          });
          let largest = 0;
          const before = process.memoryUsage.rss();
          const watch = setInterval(() => (largest = Math.max(largest, process.memoryUsage.rss())), 5);
          const { log } = bench;
          log.override = (request, answer) => (request.count < 4 ? answerFaults[fault](answer) : answer);
          const followed = bench.follower({ once: false });
          await runUntil(followed, () => followed.position() === plain.length, 50_000);
          clearInterval(watch);
          assert.equal(followed.entries.size, plain.length);
          assert.ok(largest - before < 64 * 1024 * 1024, `${Math.round((largest - before) / 1e6)} MB`);
        },
      );

  it('a body that drips is given up at the deadline', async () => {
    await using bench = await Bench.open({ protocol: 'rfc6962', entries: plain }, ['.'], {
      limits: { requestSeconds: 0.3 },
    });
    bench.log.override = (request, answer) =>
      request.kind === 'head' && request.count === 0 ? { ...answer, slow: true } : answer;
    const followed = bench.follower();
    await followed.run();
    assert.equal(followed.position(), plain.length);
  });

  it('rfc6962: a page that unpacks to more than usual is asked for by halves', async () => {
    const large = Buffer.concat([issueFor('large.watched.test', { issuer }).der, Buffer.alloc(300_000)]);
    const entries = Array.from(
      { length: 24 },
      () => ({ kind: 'x509', certificate: large, chain: [] }) as const,
    );
    await using bench = await Bench.open({ protocol: 'rfc6962', entries });
    bench.log.faults.add('gzip');
    const followed = bench.follower();
    await followed.run();
    assert.equal(followed.entries.size, entries.length);
    assert.deepEqual(followed.misbehaviours.filter(Boolean), []);
  });

  it('gzip that nobody asked for is read', async () => {
    for (const protocol of protocols) {
      await using bench = await Bench.open({ protocol, entries: plain });
      bench.log.faults.add('gzip');
      const followed = bench.follower();
      await followed.run();
      assert.equal(followed.entries.size, plain.length);
    }
  });
});

describe('L6: redirects', () => {
  for (const protocol of protocols)
    it(`${protocol}: none is followed to another origin, nor for ever`, async () => {
      let contacted = 0;
      const trap = createServer((_request, response) => {
        contacted += 1;
        response.end('{}');
      });
      await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
      const { port } = trap.address() as AddressInfo;
      const targets = [
        `http://127.0.0.1:${port}/`,
        'file:///etc/passwd',
        '/ct/v1/get-sth',
        'http://[::1]:1/',
      ];
      await using bench = await Bench.open({ protocol, entries: plain.slice(0, 5) });
      bench.log.override = (request, answer) => {
        const target = targets[request.count];
        return target === undefined ? answer : redirect(answer, target);
      };
      const followed = bench.follower({ once: false });
      await runUntil(followed, () => followed.position() === 5);
      assert.equal(followed.entries.size, 5);
      assert.equal(contacted, 0);
      await new Promise((resolve) => trap.close(resolve));
    });
});
