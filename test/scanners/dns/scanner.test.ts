import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { pino } from 'pino';
import { dnsConfig } from '../../../scanners/dns/config.js';
import { recordTypes } from '../../../scanners/dns/message.js';
import { createDnsScanner } from '../../../scanners/dns/scanner.js';
import type { CaaAnswer, NameAnswer } from '../../../src/model/network.js';
import { rdata, scriptedDns, type Said } from '../../support/dns-script.js';
import { emptyMemory } from '../../support/memory.js';

const { A, AAAA, CAA, CNAME, HTTPS, NS } = recordTypes;
const address = (text: string): Said => ({ records: [[text.includes(':') ? AAAA : A, rdata.address(text)]] });
const nothing: Said = {};

describe('the DNS scanner', () => {
  let server: Awaited<ReturnType<typeof scriptedDns>> | null = null;
  afterEach(async () => {
    await server?.close();
    server = null;
  });

  /** One round over these names; what a zone does not list does not exist. */
  async function look(
    zone: Readonly<Record<string, Said>>,
    names: readonly string[],
    config: Record<string, unknown> = {},
    before: readonly (CaaAnswer | NameAnswer)[] = [],
  ) {
    server = await scriptedDns(
      (name, type) => zone[`${name} ${type}`] ?? (zone[name] === undefined ? null : nothing),
    );
    const stop = new AbortController();
    const caa = new Map<string, CaaAnswer>();
    const found = new Map<string, NameAnswer>();
    const scanner = createDnsScanner(
      dnsConfig.parse({ servers: [server.address], timeoutMs: 400, ...config }),
      {
        log: pino({ level: 'silent' }),
        folder: null,
        resolvers: [],
        ownedDomains: names.slice(0, 1),
        onProgress: () => undefined,
        memory: emptyMemory({
          async *learnedNames() {
            yield* names;
          },
          async *answers(question) {
            for (const one of before) if (one.question === question) yield one as never;
          },
        }),
      },
    );
    await scanner.run(
      {
        async take(fact) {
          if (fact.kind !== 'answers') return;
          for (const answer of fact.answers) {
            if (answer.question === 'caa') caa.set(answer.key, answer);
            if (answer.question === 'name') found.set(answer.key, answer);
          }
          stop.abort();
        },
      },
      stop.signal,
    );
    return { caa, found, asked: server.asked };
  }

  it('climbs to the domain that has CAA records, and asks parents once for all names', async () => {
    const { caa, asked } = await look(
      {
        [`example.internal ${CAA}`]: {
          records: [
            [
              CAA,
              rdata.caa(
                'issue',
                'ca.example; accounturi=https://ca.example/acct/1; validationmethods=dns-01',
              ),
            ],
            [CAA, rdata.caa('IODEF', 'mailto:security@example.internal', 128)],
          ],
        },
        'a.b.example.internal': nothing,
        'c.example.internal': nothing,
      },
      ['example.internal', 'a.b.example.internal', 'c.example.internal'],
    );
    for (const key of caa.keys()) assert.equal(caa.get(key)?.foundAt, 'example.internal', key);
    assert.deepEqual(caa.get('a.b.example.internal')?.records, [
      {
        critical: false,
        tag: 'issue',
        value: 'ca.example; accounturi=https://ca.example/acct/1; validationmethods=dns-01',
      },
      { critical: true, tag: 'iodef', value: 'mailto:security@example.internal' },
    ]);
    assert.equal(asked.filter((one) => one === `example.internal ${CAA}`).length, 1);
  });

  it('says that there are none, also at the top, and that an answer failed', async () => {
    const { caa } = await look({ 'example.internal': nothing, [`broken.internal ${CAA}`]: { rcode: 2 } }, [
      'example.internal',
      'broken.internal',
    ]);
    assert.deepEqual(
      ['example.internal', 'broken.internal'].map((key) => [caa.get(key)?.outcome, caa.get(key)?.detail]),
      [
        ['absent', null],
        ['failed', 'SERVFAIL'],
      ],
    );
  });

  it('believes the resolver on DNSSEC when it shows that it validates', async () => {
    const signed: Said = { records: [[CAA, rdata.caa('issue', ';')]], authenticated: true };
    const zone = { [`signed.internal ${CAA}`]: signed, 'unsigned.internal': nothing };
    const names = ['signed.internal', 'unsigned.internal'];
    const verdicts = async (more: Readonly<Record<string, Said>>, config = {}): Promise<unknown[]> => {
      const { caa } = await look({ ...zone, ...more }, names, config);
      await server?.close();
      server = null;
      return names.map((name) => caa.get(name)?.authenticated);
    };
    assert.deepEqual(await verdicts({ [` ${NS}`]: { authenticated: true } }), [true, false]);
    assert.deepEqual(await verdicts({ [` ${NS}`]: nothing }), [null, null]);
    assert.deepEqual(await verdicts({}, { validating: 'yes' }), [true, false]);
  });

  it('finds addresses of both families, aliases and HTTPS records', async () => {
    const service = Buffer.concat([
      Buffer.from([0, 1, 0]),
      Buffer.from([0, 1, 0, 6, 2, 0x68, 0x32, 2, 0x68, 0x33]),
      Buffer.from([0, 3, 0, 2, 0x20, 0xfb]),
    ]);
    const { found } = await look(
      {
        [`www.example.internal ${A}`]: {
          records: [
            [CNAME, rdata.name('edge.cdn.internal')],
            [CNAME, rdata.name('pop.cdn.internal'), 'edge.cdn.internal'],
            [A, rdata.address('192.0.2.7'), 'pop.cdn.internal'],
          ],
        },
        [`www.example.internal ${AAAA}`]: address('2001:db8::7'),
        [`www.example.internal ${HTTPS}`]: { records: [[HTTPS, service]] },
      },
      ['www.example.internal'],
    );
    const answer = found.get('www.example.internal');
    assert.deepEqual(
      [answer?.outcome, answer?.addresses, answer?.aliases, answer?.https, answer?.detail],
      [
        'found',
        ['192.0.2.7', '2001:db8::7'],
        ['edge.cdn.internal', 'pop.cdn.internal'],
        [{ priority: 1, target: '', port: 8443, alpn: ['h2', 'h3'] }],
        null,
      ],
    );
  });

  it('does not let a family that never answers hold the other', async () => {
    const { found } = await look(
      { [`half.internal ${A}`]: address('192.0.2.1'), [`half.internal ${AAAA}`]: { silent: true } },
      ['half.internal'],
      { timeoutMs: 100 },
    );
    const answer = found.get('half.internal');
    assert.deepEqual([answer?.outcome, answer?.addresses], ['found', ['192.0.2.1']]);
    assert.match(String(answer?.detail), /AAAA: no answer in time/);
  });

  it('tells a name that does not exist from one without addresses, and from one that cannot be asked', async () => {
    const { found } = await look(
      {
        'empty.internal': nothing,
        [`gone.internal ${A}`]: { rcode: 3, records: [[CNAME, rdata.name('lost.internal')]] },
        [`gone.internal ${AAAA}`]: { rcode: 3, records: [[CNAME, rdata.name('lost.internal')]] },
        [`broken.internal ${A}`]: { rcode: 5 },
      },
      ['empty.internal', 'gone.internal', 'broken.internal', 'never.internal', 'localhost'],
    );
    const outcomes = [...found].map(([name, { outcome, aliases }]) => [name, outcome, aliases.join()]);
    assert.deepEqual(outcomes.sort(), [
      ['broken.internal', 'failed', ''],
      ['empty.internal', 'empty', ''],
      ['gone.internal', 'nxdomain', 'lost.internal'],
      ['localhost', 'found', ''],
      ['never.internal', 'nxdomain', ''],
    ]);
    assert.ok(found.get('localhost')?.addresses.includes('127.0.0.1'));
  });

  it('asks again over TCP when an answer was cut short', async () => {
    const { caa, asked } = await look(
      {
        [`long.internal ${CAA}`]: { truncated: true, records: [[CAA, rdata.caa('issue', 'x'.repeat(2000))]] },
      },
      ['long.internal'],
    );
    assert.equal(caa.get('long.internal')?.records[0]?.value.length, 2000);
    assert.equal(asked.filter((one) => one === `long.internal ${CAA}`).length, 2);
  });

  it('keeps the beginning of an answer that stays the same', async () => {
    const zone = { [`same.internal ${A}`]: address('192.0.2.1') };
    const first = (await look(zone, ['same.internal'])).found.get('same.internal')!;
    await server?.close();
    const old = { ...first, since: new Date(0) };
    const again = (await look(zone, ['same.internal'], {}, [old])).found.get('same.internal');
    assert.deepEqual(again?.since, new Date(0));
  });

  for (const [what, mangle] of [
    ['is cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 3)],
    ['has another id', (bytes: Buffer) => (bytes.writeUInt16BE((bytes.readUInt16BE(0) + 1) & 0xffff), bytes)],
    ['is to another question', (bytes: Buffer) => ((bytes[13] = 0x7a), bytes)],
    [
      'points round in a circle',
      (bytes: Buffer) => (bytes.writeUInt16BE(0xc000 | (bytes.length - 16), bytes.length - 16), bytes),
    ],
    ['is empty', () => Buffer.alloc(0)],
    ['is noise', () => Buffer.alloc(300, 0xff)],
  ] as const)
    it(`waits for a proper answer when one ${what}, and says so in the end`, async () => {
      const { found } = await look(
        { [`odd.internal ${A}`]: { ...address('192.0.2.1'), mangle } },
        ['odd.internal'],
        { timeoutMs: 60 },
      );
      const answer = found.get('odd.internal');
      assert.deepEqual([answer?.outcome, answer?.addresses], ['failed', []]);
      assert.match(String(answer?.detail), /^A: /);
    });
});
