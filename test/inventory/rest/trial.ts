import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createConnectors, inventoryConfig } from '../../../src/inventory/config.js';
import type { ListOptions } from '../../../src/inventory/connector.js';
import { patience } from '../../../src/inventory/rest/session.js';
import { HostUnwellError } from '../../../src/lib/http/errors.js';
import type { InventoryItem } from '../../../src/model/inventory-item.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import {
  startHttpService,
  type HeardRequest,
  type HttpService,
  type Reply,
} from '../../support/http-service.js';

/** Answers of a scripted server, built from the vendor's documentation. */
export type Script = (request: HeardRequest) => Reply | Promise<Reply>;

/** What one run gave. */
export interface Trial {
  readonly items: readonly InventoryItem[];
  readonly errors: readonly string[];
  readonly notes: readonly string[];
  /** What ended the run early; null when it came to its end. */
  readonly failure: Error | null;
  readonly requests: readonly HeardRequest[];
}

/** Tries without waiting. */
patience.retries = { attempts: 4, baseMs: 1, maxWaitMs: 60_000, wait: async () => undefined };

/** Runs a source of this configuration against a scripted server, whose address `configure` puts where it belongs. */
export async function trial(
  configure: (url: string) => object,
  script: Script,
  options: Partial<Pick<ListOptions, 'known'>> = {},
): Promise<Trial> {
  const service: HttpService = await startHttpService(script);
  const errors: string[] = [];
  const notes: string[] = [];
  const items: InventoryItem[] = [];
  let failure: Error | null = null;
  try {
    const [connector] = createConnectors(
      inventoryConfig.parse({ sources: [{ name: 'test', ...configure(service.url) }] }),
      readCertificate,
    );
    const all = { onNote: (text: string) => void notes.push(text), ...options };
    for await (const item of connector!.list(new AbortController().signal, (text) => errors.push(text), all))
      items.push(item);
  } catch (error) {
    failure = error as Error;
  } finally {
    await service.close();
  }
  return { items, errors, notes, failure, requests: service.requests };
}

const passing: readonly Reply[] = [
  { status: 429, headers: { 'retry-after': '1' } },
  { status: 429 },
  { status: 500, text: 'oops' },
  'cut',
  { status: 503, headers: { 'retry-after': new Date(Date.now() + 1_000).toUTCString() } },
  'reset',
];

/** One answer in twenty is a fault that passes. */
export function faulty(script: Script): Script {
  let turn = 0;
  return (request) => {
    turn += 1;
    const fault = turn % 20 === 7 ? passing[Math.floor(turn / 20) % passing.length] : undefined;
    return fault ?? script(request);
  };
}

/** What every connector to a REST API has to stand. */
export interface FaultTrial {
  readonly configure: (url: string) => object;
  /** A fresh server of `expected` items; each of its answers is right. */
  readonly script: () => Script;
  /** References of all items. */
  readonly expected: readonly string[];
  /** What of a reference does not differ from run to run; absent: all of it. */
  readonly referenceOf?: (reference: string) => string;
  /** Text that must never be in an error or a note. */
  readonly secrets: readonly string[];
  /** The request that must fail for the listing to be cut off: a page after the first. */
  readonly isLaterPage: (request: HeardRequest) => boolean;
}

/** Runs the table of faults: nothing is lost or doubled, a listing that cannot be trusted ends the run, no secret is shown. */
export function testFaults(
  name: string,
  { configure, script, expected, referenceOf = (text) => text, secrets, isLaterPage }: FaultTrial,
): void {
  const sorted = [...expected].sort();
  const referencesOf = ({ items }: Trial): string[] =>
    items.map(({ reference }) => referenceOf(reference)).sort();
  const clean = ({ errors, notes, failure }: Trial): void => {
    const text = [...errors, ...notes, failure?.message ?? '', failure?.stack ?? ''].join('\n');
    for (const secret of secrets) assert.ok(!text.includes(secret), 'a secret is shown');
  };
  describe(`${name} and a server with faults`, () => {
    it('loses and doubles nothing when one answer in twenty is a passing fault', async () => {
      const run = await trial(configure, faulty(script()));
      assert.equal(run.failure, null, run.failure?.message);
      assert.deepEqual([run.errors, referencesOf(run)], [[], sorted]);
      clean(run);
    });
    for (const [fault, reply] of [
      ['500 for ever', { status: 500 }],
      ['429 for ever', { status: 429 }],
      [
        'a login page with 200',
        { status: 200, headers: { 'content-type': 'text/html' }, text: '<html>Sign in</html>' },
      ],
      ['bodies cut off for ever', 'cut'],
      ['an empty answer', { status: 200 }],
      ['a pause of an hour', { status: 429, headers: { 'retry-after': '3600' } }],
    ] as const)
      it(`ends the run as unwell at ${fault} on a later page`, async () => {
        const right = script();
        const run = await trial(configure, (request) => (isLaterPage(request) ? reply : right(request)));
        assert.ok(run.failure instanceof HostUnwellError, `${run.failure?.name}: ${run.failure?.message}`);
        clean(run);
      });
    it('ends the run when it is refused on a later page', async () => {
      const right = script();
      const refusal = { status: 403, text: `no rights for ${secrets.join(' ')}` };
      const run = await trial(configure, (request) => (isLaterPage(request) ? refusal : right(request)));
      assert.match(run.failure?.message ?? '', /status 403/);
      clean(run);
    });
  });
}
