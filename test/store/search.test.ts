import assert from 'node:assert/strict';
import { domainToASCII } from 'node:url';
import { after, before, describe, it } from 'node:test';
import { openStore, type OpenStore } from '../../src/store/index.js';
import type { HostFilter } from '../../src/store/reader.js';
import type { Page, PageRequest } from '../../src/store/store.js';
import {
  certificate,
  embeddedConfig,
  finding,
  log,
  minutes,
  observation,
  temporaryFolder,
} from './sample.js';

/** Numbers below `limit`, the same ones in every run. */
function seeded(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const random = seeded(20_261_127);
const pick = <T>(values: readonly T[]): T => values[random(values.length)] as T;
const labels = [
  'a',
  'b',
  'a-b',
  'example',
  'notexample',
  'xn--bcher-kva',
  'a_b',
  'a%b',
  '*',
  'www',
  'xn--e1afmkfd',
];
const tops = ['com', 'org', 'co.uk', 'example', 'com.com'];

const someHost = (): string =>
  [...Array.from({ length: random(4) }, () => pick(labels)), pick(labels), pick(tops)].join('.');
const hosts = [...new Set(Array.from({ length: 90 }, someHost))];
/** Every certificate with up to four names, so that many share one. */
const certificates = Array.from({ length: 70 }, (_, index) =>
  certificate(`certificate ${index}`, {
    names: [...new Set(Array.from({ length: 1 + random(4) }, () => pick(hosts)))],
  }),
);
const findings = Array.from({ length: 120 }, (_, index) =>
  finding(`finding ${index}`, {
    host: pick(hosts),
    severity: pick(['notice', 'error'] as const),
    // Few moments, so that many findings share one.
    openedAt: minutes(random(5)),
  }),
);

const stored = (text: string): string => {
  const lower = text.toLowerCase();
  return /[^\0-\x7f]/.test(lower) ? domainToASCII(lower) || lower : lower;
};
const bare = (text: string): string => stored(text).replace(/^\.+/, '').replace(/\.$/, '');

/** What a filter means, said once more in plain words. */
function passes(filter: HostFilter, host: string): boolean {
  const { host: exact, hostSuffix: suffix, hostContains: part } = filter;
  if (exact !== undefined) return host === bare(exact);
  if (suffix !== undefined) {
    const domain = bare(suffix);
    return domain === '' || host === domain || host.endsWith(`.${domain}`);
  }
  return part === undefined || host.includes(stored(part));
}

const strange = [
  '',
  '.',
  '%',
  '_',
  'a_b',
  'a%b',
  '\\',
  "'",
  '%%%',
  '*',
  '*.a',
  'example.com',
  'EXAMPLE.COM',
  'example.com.',
  '.example.com',
  'xample.com',
  'bücher',
  'BÜCHER.example',
  'xn--bcher-kva',
  'пример',
  'com',
  'com.com',
  'a\0b',
  '\0',
  'x'.repeat(10_000),
  'é'.repeat(10_000),
  '\n',
  '{host:String}',
  '-- ',
  'a.'.repeat(5_000),
];
const asked = [
  ...strange,
  ...Array.from({ length: 6 }, () => pick(hosts).slice(random(4), -random(3) || undefined)),
];
const filters: readonly HostFilter[] = asked.flatMap((text) => [
  { host: text },
  { hostSuffix: text },
  { hostContains: text },
]);

async function all<T>(list: (page: PageRequest) => Promise<Page<T>>, limit: number): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await list({ limit, cursor });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

const reversed = (text: string): string => Buffer.from(text).reverse().toString('latin1');
const byReversed = (a: string, b: string): number => (reversed(a) < reversed(b) ? -1 : 1);
const show = (filter: HostFilter): string => JSON.stringify(filter).slice(0, 80);

describe('what a search finds, against a plain reading of the same data', () => {
  let store: OpenStore;
  before(async () => {
    store = await openStore(embeddedConfig(temporaryFolder()), log);
    for (const leaf of certificates)
      await store.writeObservations([observation('all.invalid', { certificate: leaf, chain: [leaf] })]);
    await store.writeObservations(hosts.map((host) => observation(host)));
    await store.writeFindings(findings);
  });
  after(() => store.close());

  const names = [...new Set([...certificates.flatMap((one) => one.names), ...hosts, 'Test CA'])];
  const known = [...certificates, ...hosts.map((host) => certificate(host)), certificate('Test CA')];

  it('names, in the order of the reversed name', async () => {
    for (const filter of filters) {
      const found = await all((page) => store.reader.listNames(filter, page), 12 + random(60));
      const expected = names.filter((name) => passes(filter, name)).sort(byReversed);
      assert.deepEqual(
        found.map((row) => row.name),
        expected,
        show(filter),
      );
    }
  });

  it('certificates, each once', async () => {
    for (const filter of filters) {
      const found = await all((page) => store.reader.listCertificates(filter, page), 12 + random(60));
      const expected = known.filter((one) => one.names.some((name) => passes(filter, name)));
      assert.deepEqual(
        found.map((row) => row.sha256).sort(),
        expected.map((one) => one.sha256).sort(),
        show(filter),
      );
    }
  });

  it('endpoints', async () => {
    for (const filter of filters) {
      const found = await all((page) => store.reader.listEndpoints(filter, page), 12 + random(60));
      const expected = [...hosts, 'all.invalid'].filter((host) => passes(filter, host)).sort(byReversed);
      assert.deepEqual(
        found.map((row) => row.target.host),
        expected,
        show(filter),
      );
    }
  });

  it('findings, latest opened first, ties by id', async () => {
    const rank = (one: (typeof findings)[number]): string => `${one.openedAt.toISOString()} ${one.id}`;
    for (const filter of filters) {
      const severities = random(2) === 0 ? undefined : (['notice'] as const);
      const found = await all(
        (page) => store.reader.listFindings({ ...filter, severities }, page),
        1 + random(60),
      );
      const expected = findings
        .filter(
          (one) =>
            passes(filter, String(one.host)) && (severities === undefined || one.severity === 'notice'),
        )
        .sort((a, b) => (rank(a) < rank(b) ? 1 : -1));
      assert.deepEqual(
        found.map((one) => one.id),
        expected.map((one) => one.id),
        show(filter),
      );
    }
  });
});
